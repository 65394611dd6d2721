use super::{Heredoc, Lexer, Nothing, Span};
use crate::order::Gather;

/// What `<<` with its word announces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Announced {
    pub(super) name: String,
    descriptor: u64,
    expand: bool,
    chomp: bool,
}

/// The heredocs that a logical line opens.
pub(super) fn announced(line: &str) -> Vec<Announced> {
    if !line.contains("<<") {
        return Vec::new();
    }
    let lexer = Lexer { keep_quotes: true, keep_escapes: true, keep_unset: true, ..Lexer::new('\\') };
    // A line whose quotes do not close opens none.
    let words = lexer.word(line, &Nothing).map(|expanded| expanded.words).unwrap_or_default();
    words.iter().filter_map(|word| of_word(word)).list()
}

/// Reads one word such as `<<EOF`, `3<<-'EOF'`.
pub(super) fn of_word(word: &str) -> Option<Announced> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let rest = word[digits..].strip_prefix("<<")?;
    let (chomp, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
    let rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
    if rest.is_empty() || rest.contains('<') {
        return None;
    }
    let plain = Lexer { keep_unset: true, ..Lexer::new('\\') };
    let [name] = <[String; 1]>::try_from(plain.word(rest, &Nothing).ok()?.words).ok()?;
    let raw = Lexer { keep_quotes: true, ..plain }.word(rest, &Nothing).ok()?.text;
    let quotes = |text: &str| text.matches(['\'', '"']).count();
    let descriptor = word[..digits].parse().unwrap_or(if digits == 0 { 0 } else { u64::MAX });
    Some(Announced { expand: quotes(&name) == quotes(&raw), name, descriptor, chomp })
}

impl Announced {
    /// Whether `line` ends the body.
    pub(super) fn is_end(&self, line: &str) -> bool {
        let line = line.trim_end_matches(['\r', '\n']);
        let line = if self.chomp { line.trim_start_matches('\t') } else { line };
        line == self.name
    }

    /// With its body.
    pub(super) fn with(self, content: String, span: Span) -> Heredoc {
        let Self { name, descriptor, expand, chomp } = self;
        Heredoc { name, descriptor, expand, chomp, content, span }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(line: &str) -> Vec<(String, bool, bool)> {
        announced(line).into_iter().map(|heredoc| (heredoc.name, heredoc.expand, heredoc.chomp)).collect()
    }

    #[test]
    fn every_form_is_seen() {
        assert_eq!(names("RUN <<EOF"), [("EOF".into(), true, false)]);
        assert_eq!(names("RUN cat <<-\"E\" > /f && x << 'F'"), [("E".into(), false, true), ("F".into(), false, false)]);
        assert_eq!(names("COPY <<a 4<<b /d/"), [("a".into(), true, false), ("b".into(), true, false)]);
        assert_eq!(names("RUN <<E'O'F"), [("EOF".into(), false, false)]);
        assert_eq!(names("RUN <<$X"), [("$X".into(), true, false)]);
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for line in ["RUN echo $((1<<2))", "RUN cat <<<word", "RUN echo '<<EOF'", "RUN x<<EOF", "RUN echo <<", "RUN \"<<EOF"] {
            assert_eq!(names(line), [], "{line}");
        }
    }

    #[test]
    fn the_end_line_may_be_indented_by_tabs_only() {
        let chomp = of_word("<<-EOF").unwrap();
        assert!(chomp.is_end("\t\tEOF\r\n"));
        assert!(!chomp.is_end(" EOF\n"));
        assert!(!of_word("<<EOF").unwrap().is_end("\tEOF"));
    }
}
