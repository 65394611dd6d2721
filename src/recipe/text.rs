use crate::finding::Said;

/// What a builder writes for one step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// The text, and other texts that the same versions may write instead (the likeliest first). Empty if nothing is recorded.
    pub texts: Vec<Text>,
    /// Whether it is recorded.
    pub recorded: Recorded,
    /// Whether a layer belongs to it.
    pub layer: Layer,
    /// What of the instruction leaves no trace in the text, each a sentence. An edit of such a part cannot be found.
    pub blind: Vec<Said>,
    /// Build arguments that the text depends on, by name, each once.
    pub arguments: Vec<String>,
    /// For ADD and COPY from the build context: the sources, expanded. They may be patterns.
    pub paths: Vec<String>,
}

/// One text, perhaps with a hole for the hash of copied content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// The text up to the hole, or the whole of it.
    pub head: String,
    /// What may stand in the hole, and the text behind it.
    pub hole: Option<(Sources, String)>,
}

impl Text {
    /// A text without a hole.
    pub fn whole(text: impl Into<String>) -> Self {
        Self { head: text.into(), hole: None }
    }

    /// The text with `hash` in its hole, if it has one.
    pub fn filled(&self, hash: &str) -> String {
        match &self.hole {
            Some((_, tail)) => [self.head.as_str(), hash, tail].concat(),
            None => self.head.clone(),
        }
    }
}

/// What a classic builder or buildah may write in place of the sources of ADD and COPY.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sources {
    /// `file:…`.
    pub file: bool,
    /// `dir:…`.
    pub directory: bool,
    /// `multi:…`.
    pub multi: bool,
    /// The prefix of an address' hash (`""`, `tarsum+sha256:`, `tarsum.v1+sha256:`), if the source is an address.
    pub address: Option<&'static str>,
}

impl Sources {
    /// What may stand before the digits.
    pub fn kinds(&self) -> Vec<&'static str> {
        let kinds = [(self.file, "file:"), (self.directory, "dir:"), (self.multi, "multi:")];
        let local = kinds.into_iter().filter(|(may, _)| *may).map(|(_, kind)| kind);
        local.chain(self.address).collect()
    }

    /// Whether `token` is a hash of this form. A token that the export cut may end anywhere in its digits.
    pub fn accept(&self, token: &Source) -> bool {
        match token.kind.as_str() {
            "file:" => self.file,
            "dir:" => self.directory,
            "multi:" => self.multi,
            kind => self.address == Some(kind),
        }
    }
}

/// The hash that a history entry has in place of ADD's or COPY's sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What stands before the digits: `file:`, `dir:`, `multi:`, `tarsum.v1+sha256:` or nothing.
    pub kind: String,
    /// The 64 hex digits; fewer if the export cut the text.
    pub hex: String,
}

impl Source {
    /// Finds it in an entry's text: the first word that is such a hash. `cut` says that the text may end within the digits.
    pub fn find(text: &str, cut: bool) -> Option<Self> {
        let kinds = ["file:", "dir:", "multi:", "tarsum.v1+sha256:", "tarsum+sha256:"];
        let prefixed = kinds.iter().filter_map(|kind| text.find(kind).map(|at| (at, *kind))).min();
        let prefixed = prefixed.and_then(|(at, kind)| Self::at(text, at, kind, cut));
        prefixed.or_else(|| {
            let mut at = 0;
            text.split(' ').find_map(|word| {
                let found = Self::at(text, at, "", cut && at + word.len() == text.len() && at > 0);
                at += word.len() + 1;
                found.filter(|source| source.hex.len() == word.len() && source.hex.len() > 8)
            })
        })
    }

    fn at(text: &str, at: usize, kind: &str, cut: bool) -> Option<Self> {
        let rest = text.get(at + kind.len()..)?;
        let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte)).count();
        let whole = digits == 64 || cut && digits < 64 && digits == rest.len();
        whole.then(|| Self { kind: kind.to_owned(), hex: rest[..digits].to_owned() })
    }

    /// The token as it stands in the text.
    pub fn token(&self) -> String {
        format!("{}{}", self.kind, self.hex)
    }
}

/// Whether a builder records a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Recorded {
    /// Always.
    #[default]
    Always,
    /// Only if the step changed files.
    IfChanged,
    /// Never.
    Never,
}

/// Whether a history entry comes with a layer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layer {
    /// Always: `empty_layer` is absent.
    Always,
    /// Never: `empty_layer` is true.
    Never,
    /// It depends on what the step did, or on the builder's options.
    #[default]
    Either,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_found_where_it_stands() {
        let hex = "7a476cb06d734a7cf35c7acf58937f7d4713199ed2d8537378dfaf3af01d224c";
        let found = |text: &str, cut| Source::find(text, cut).map(|source| source.token());
        assert_eq!(found(&format!("COPY --chown=app:appfile:{hex} in /"), false), Some(format!("file:{hex}")));
        assert_eq!(found(&format!("/bin/sh -c #(nop) ADD {hex} in /srv/ "), false), Some(hex.to_owned()));
        assert_eq!(found("/bin/sh -c #(nop) ADD file:7a476cb06d734a7cf3", true), Some("file:7a476cb06d734a7cf3".to_owned()));
        assert_eq!(found("/bin/sh -c #(nop) ADD file:7a476cb06d734a7cf3", false), None);
        assert_eq!(found("RUN echo file:beef", false), None);
    }
}
