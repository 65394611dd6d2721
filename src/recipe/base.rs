use crate::dockerfile::{self, Command, Keyword, Lexer, Limits};
use crate::json;
use crate::order::Gather;

/// What a base image hands on to the stage above it, as far as its history shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Base {
    /// ENV entries in order; the later of two with one name counts.
    pub env: Vec<(String, String)>,
    /// WORKDIR, absolute.
    pub workdir: Option<String>,
    /// SHELL.
    pub shell: Option<Vec<String>>,
    /// Texts behind ONBUILD, in order.
    pub triggers: Vec<String>,
}

/// A history text taken apart, whichever builder wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape<'a> {
    /// The instruction.
    pub keyword: Keyword,
    /// What stands behind its keyword; for RUN everything that is not the keyword, for COPY and ADD without the suffix.
    pub rest: &'a str,
    /// The text had `#(nop)`.
    pub nop: bool,
}

/// Takes a text apart. A text that names no instruction is what a classic builder or buildah writes for RUN.
pub fn shape(text: &str) -> Shape<'_> {
    // A shell is short; `#(nop)` further behind belongs to somebody's command.
    let nop = text.find("#(nop) ").filter(|at| *at < 512 && !text.starts_with("RUN "));
    let bare = nop.map_or(text, |at| text[at + "#(nop) ".len()..].trim_start_matches(' '));
    let bare = bare.strip_suffix(" # buildkit").unwrap_or(bare);
    let (word, rest) = bare.split_once(' ').unwrap_or((bare, ""));
    let keyword =
        if word.bytes().all(|byte| byte.is_ascii_uppercase()) || nop.is_some() { Keyword::of(word) } else { Keyword::Unknown };
    match keyword {
        Keyword::Unknown | Keyword::From => Shape { keyword: Keyword::Run, rest: bare, nop: nop.is_some() },
        keyword => Shape { keyword, rest, nop: nop.is_some() },
    }
}

/// Adds what one entry of a base image's history says. Answers whether anything changed.
pub fn read_base(base: &mut Base, text: &str) -> bool {
    let shape = shape(text);
    match shape.keyword {
        Keyword::Env => {
            // Two blanks behind `#(nop)` are docker's, one is buildah's (or that of Docker up to 1.11, which expanded).
            let as_written = text.contains("#(nop) ENV ") && shape.rest.contains(['"', '\'', '$', '\\']);
            let as_written = as_written.then(|| pairs_as_written(base, shape.rest)).flatten();
            let pairs = as_written.unwrap_or_else(|| pairs(shape.rest));
            for (name, value) in pairs {
                base.env.retain(|(known, _)| *known != name);
                base.env.push((name, value));
            }
            true
        }
        Keyword::Workdir => {
            let current = base.workdir.clone().unwrap_or_else(|| "/".to_owned());
            let os = if shape.rest.get(1..2) == Some(":") { super::Os::Windows } else { super::Os::Unix };
            base.workdir = Some(super::workdir::join(os, &current, shape.rest));
            true
        }
        Keyword::Shell => {
            let inner = shape.rest.trim().trim_start_matches('[').trim_end_matches(']');
            // buildah keeps the JSON, docker prints the words with blanks between: where one word ends is lost, but only CMD and
            // ENTRYPOINT in shell form need it.
            let json = json::parse(shape.rest.trim().as_bytes(), &json::Limits::default()).ok();
            let words = json.and_then(|document| document.root.as_strings());
            base.shell = Some(words.unwrap_or_else(|| inner.split(' ').map(str::to_owned).list()));
            true
        }
        Keyword::Onbuild => {
            base.triggers.push(shape.rest.to_owned());
            true
        }
        _ => false,
    }
}

/// `A=1 B=two words C=3`, where docker has dropped the quotes: a blank, a name and `=` begin the next pair.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match pairs.last_mut() {
            Some(last) if !begins_pair(word) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => pairs.push(word.to_owned()),
        }
    }
    pairs.iter().filter_map(|word| split(word)).list()
}

/// buildah keeps the line as it stood in the Dockerfile, so it is read as one.
fn pairs_as_written(base: &Base, text: &str) -> Option<Vec<(String, String)>> {
    let file = dockerfile::parse(format!("FROM scratch\nENV {text}\n").as_bytes(), &Limits::default()).ok()?;
    let Command::Env(list) = &file.instructions.get(1)?.command else { return None };
    let expand = |word: &String| Lexer::new('\\').word(word, base).ok().map(|expanded| expanded.text);
    list.pairs.iter().map(|(name, value)| Some((expand(name)?, expand(value)?))).collect()
}

fn split(pair: &str) -> Option<(String, String)> {
    pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
}

fn begins_pair(word: &str) -> bool {
    let name = word.split_once('=').map_or("", |(name, _)| name);
    !name.is_empty()
        && !name.starts_with(|letter: char| letter.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_image_is_read_from_any_builders_history() {
        let mut base = Base::default();
        for text in [
            "/bin/sh -c #(nop)  ENV PATH=/usr/bin A=two words B=3",
            "ENV C=$A",
            "/bin/sh -c #(nop) ENV F=$A",
            "/bin/sh -c #(nop) ENV D=\"x y\" E=$B",
            "/bin/sh -c #(nop) WORKDIR /srv",
            "WORKDIR sub",
            "SHELL [/bin/bash -ec]",
            "/bin/sh -c #(nop)  ONBUILD RUN make",
            "RUN /bin/sh -c echo ENV X=1 # buildkit",
        ] {
            read_base(&mut base, text);
        }
        let env: Vec<String> = base.env.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(env, ["PATH=/usr/bin", "A=two words", "B=3", "C=$A", "F=two words", "D=x y", "E=3"]);
        assert_eq!(base.workdir.as_deref(), Some("/srv/sub"));
        assert_eq!(base.shell.unwrap_or_default(), ["/bin/bash", "-ec"]);
        assert_eq!(base.triggers, ["RUN make"]);
    }
}
