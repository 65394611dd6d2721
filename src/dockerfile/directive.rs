//! Parser directives: `# escape=`, `# syntax=`, `# check=` at the very top
//! (<https://docs.docker.com/reference/dockerfile/#parser-directives>).

use crate::json;

/// Directives that exist.
const NAMES: [&str; 3] = ["syntax", "escape", "check"];

/// Reads directives line by line until the first line that is none.
#[derive(Debug, Default)]
pub(super) struct Directives {
    done: bool,
    seen: Vec<&'static str>,
}

/// What a line is to the directive reader.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read<'a> {
    /// No directive; none follows either.
    No,
    /// A directive.
    Directive(&'static str, &'a str),
    /// A directive that stood there before.
    Repeated(&'static str),
}

impl Directives {
    /// Reads one line, without its line end; `sign` begins a comment.
    pub(super) fn read<'a>(&mut self, line: &'a str, sign: &str) -> Read<'a> {
        let pair = if self.done { None } else { line.strip_prefix(sign).and_then(name_and_value) };
        let Some((name, value)) = pair else {
            self.done = true;
            return Read::No;
        };
        if self.seen.contains(&name) {
            return Read::Repeated(name);
        }
        self.seen.push(name);
        Read::Directive(name, value)
    }
}

/// `name = value` with a name that exists.
fn name_and_value(comment: &str) -> Option<(&'static str, &str)> {
    // The pattern's own blanks are ASCII ones; in front of the name any blank goes.
    let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
    let (name, value) = comment.trim_start().split_once('=')?;
    let name = name.trim_end_matches(is_blank);
    let name = NAMES.into_iter().find(|known| known.eq_ignore_ascii_case(name))?;
    let value = value.trim_matches(is_blank);
    (!value.is_empty()).then_some((name, value))
}

/// The front end that a file asks for, as BuildKit looks for it: `# syntax=` at the top, else `// syntax=`, else a JSON
/// document with the key `syntax`; a first line `#!…` is passed over.
pub(super) fn syntax(lines: &[String]) -> Option<String> {
    let lines = match lines.first() {
        Some(first) if first.starts_with("#!") => &lines[1..],
        _ => lines,
    };
    ["#", "//"].into_iter().find_map(|sign| syntax_directive(lines, sign)).or_else(|| syntax_member(lines))
}

fn syntax_directive(lines: &[String], sign: &str) -> Option<String> {
    let mut directives = Directives::default();
    for line in lines {
        match directives.read(line.trim_end_matches(['\r', '\n']), sign) {
            Read::Directive("syntax", value) => return Some(value.to_owned()),
            Read::Directive(..) => {}
            Read::No | Read::Repeated(_) => return None,
        }
    }
    None
}

fn syntax_member(lines: &[String]) -> Option<String> {
    if !lines.first()?.trim_start().starts_with('{') {
        return None;
    }
    let document = json::parse(lines.concat().as_bytes(), &json::Limits::default()).ok()?;
    document.root.as_object()?.get_last("syntax")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split_inclusive('\n').map(str::to_owned).collect()
    }

    #[test]
    fn only_known_names_at_the_top() {
        let mut directives = Directives::default();
        assert_eq!(directives.read("#\t Escape =  ` ", "#"), Read::Directive("escape", "`"));
        assert_eq!(directives.read("# escape=\\", "#"), Read::Repeated("escape"));
        assert_eq!(directives.read("# any=thing", "#"), Read::No);
        assert_eq!(directives.read("# check=skip=all", "#"), Read::No);
    }

    #[test]
    fn syntax_is_found_in_every_form() {
        for text in [
            "# syntax=docker/dockerfile:1 \nFROM a",
            "#!/usr/bin/env x\n#syntax = docker/dockerfile:1\n",
            "# escape=`\r\n# syntax=docker/dockerfile:1\r\n",
            "// syntax=docker/dockerfile:1\n",
            "{\"syntax\": \"docker/dockerfile:1\",\n \"x\": 1}\n",
        ] {
            assert_eq!(syntax(&lines(text)).as_deref(), Some("docker/dockerfile:1"), "{text}");
        }
        for text in ["\n# syntax=a\n", "# a comment\n# syntax=a\n", "FROM a\n# syntax=b", " # syntax=a", "{\"syntax\": 1}", ""] {
            assert_eq!(syntax(&lines(text)), None, "{text}");
        }
    }
}
