use crate::finding::Said;
use crate::order::Gather;

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
    /// What the builder may add behind the text for options that no Dockerfile shows.
    pub tail: Tail,
}

/// What may stand behind a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tail {
    /// Nothing.
    #[default]
    None,
    /// buildah's notes: `:sha256:…` for each of so many bind mounts, then `|force-mtime=0` and the like for options such as
    /// `--timestamp` (`imagebuildah/stage_executor.go`, `getCreatedBy` and `buildMetadata`).
    Buildah(usize),
}

impl Tail {
    /// The text without what may have been added; `None` if there is nothing of that.
    pub fn cut(self, text: &str) -> Option<String> {
        let Self::Buildah(mounts) = self else { return None };
        let words = |word: &&str| !NOTES.iter().any(|note| word.starts_with(note));
        let mut bare: String = match text.contains("#(nop) ADD ") || text.contains("#(nop) COPY ") {
            // Each kind of note has its place between blanks here.
            true => text.split(' ').map(|word| if words(&word) { word } else { "" }).list().join(" "),
            false => text[..NOTES.iter().filter_map(|note| text.find(note)).min().unwrap_or(text.len())].to_owned(),
        };
        for _ in 0..mounts {
            match without_digest(&bare) {
                Some(shorter) => bare.truncate(shorter),
                None => break,
            }
        }
        (bare != text).then_some(bare)
    }
}

const NOTES: [&str; 6] =
    ["|unsetLabel=", "|inheritLabels=false", "|unsetAnnotation=", "|inheritAnnotations=false", "|force-mtime=", "|clamp-mtime="];

/// The length of a text without the `:sha256:…` at its end.
fn without_digest(text: &str) -> Option<usize> {
    let (front, hex) = text.rsplit_once(':')?;
    let is_hex = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    is_hex.then(|| front.strip_suffix(":sha256").unwrap_or(front).len())
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
        local.chain(self.address).list()
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
    fn buildahs_notes_are_cut_off() {
        let hex = "0".repeat(64);
        let cut = |mounts, text: &str| Tail::Buildah(mounts).cut(text);
        assert_eq!(cut(1, &format!("/bin/sh -c x:sha256:{hex}")).as_deref(), Some("/bin/sh -c x"));
        assert_eq!(cut(1, &format!("/bin/sh -c x:{hex}:sha256:{hex}")), Some(format!("/bin/sh -c x:{hex}")));
        assert_eq!(cut(0, &format!("/bin/sh -c x:sha256:{hex}")), None);
        assert_eq!(cut(1, &format!("/bin/sh -c x:sha256:{hex}|force-mtime=0")).as_deref(), Some("/bin/sh -c x"));
        assert_eq!(cut(0, "/bin/sh -c #(nop) CMD [\"a\"]|unsetLabel=x").as_deref(), Some("/bin/sh -c #(nop) CMD [\"a\"]"));
        assert_eq!(
            cut(0, "/bin/sh -c #(nop) ADD file:x in /     |clamp-mtime=7 ").as_deref(),
            Some("/bin/sh -c #(nop) ADD file:x in /      ")
        );
        assert_eq!(cut(2, "/bin/sh -c echo a | force-mtime=1"), None);
        assert_eq!(Tail::None.cut("x|force-mtime=0"), None);
    }

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
