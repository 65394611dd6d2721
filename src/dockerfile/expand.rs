//! Quotes, escapes and variables of one argument, as BuildKit's shell lexer reads them
//! (<https://docs.docker.com/reference/dockerfile/#environment-replacement>).

use super::pattern;
use crate::finding::{Args, visible};
use crate::order::{Gather, Set};

/// How deep `${A:-${B:-…}}` may go. Nobody writes more; the bound keeps hostile text off the stack.
const DEEPEST: u32 = 64;
/// How much longer than written one word may grow, in bytes: values may be repeated, so short words can ask for very long ones.
const LONGEST: usize = 64 << 10;
/// How much work all patterns of one word may cost together (see [`pattern`]).
const COSTLIEST: usize = 64 << 10;

/// Where the variables of a word come from.
pub trait Environment {
    /// The variable called `name`, or `None` when nothing sets it.
    fn variable(&self, name: &str) -> Option<Variable<'_>>;
}

/// A variable's value and who set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable<'a> {
    /// Its value.
    pub value: &'a str,
    /// Who set it.
    pub origin: Origin,
}

/// Who set a variable. Numbers are indexes into [`Dockerfile::instructions`](super::Dockerfile::instructions).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// `--build-arg`, given by the person; declared by the ARG with this number.
    BuildArgument(usize),
    /// The default of the ARG with this number.
    Default(usize),
    /// An ARG before the first FROM, with this number.
    Global(usize),
    /// An automatic argument such as `TARGETARCH`.
    Platform,
    /// The ENV with this number.
    Env(usize),
    /// The base image's own ENV.
    Base,
    /// Worked out by the matcher from what the history shows.
    Inferred,
}

/// An environment in which nothing is set.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

impl Environment for Nothing {
    fn variable(&self, _: &str) -> Option<Variable<'_>> {
        None
    }
}

/// One word after expansion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expanded {
    /// The value of the whole word.
    pub text: String,
    /// The same value split at blanks that are not quoted, empty parts dropped.
    pub words: Vec<String>,
    /// The variables that were looked up, in order, each once.
    pub uses: Vec<Use>,
}

/// One variable that a word looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Its name.
    pub name: String,
    /// Its value and who set it; `None` when nothing sets it, then it stands for nothing.
    pub found: Option<(String, Origin)>,
}

/// A word that cannot be expanded; every builder refuses it. The catalogue has the sentence for `code`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpandError {
    /// Stable code.
    pub code: &'static str,
    /// Arguments of the sentence.
    pub args: Args,
}

impl ExpandError {
    pub(super) fn new(code: &'static str) -> Self {
        Self { code, args: Args::new() }
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.args = self.args.with(name, visible(value.as_bytes()));
        self
    }
}

/// Expands words. The plain one ([`Lexer::new`]) removes quotes and escapes and replaces variables; fields change that.
#[derive(Debug, Clone, Copy)]
pub struct Lexer {
    /// The escape character of the file: `\` or `` ` ``.
    pub escape: char,
    /// Keep quotes as they are written.
    pub keep_quotes: bool,
    /// Keep escape characters as they are written.
    pub keep_escapes: bool,
    /// Quotes mean nothing (the body of a COPY heredoc).
    pub ignore_quotes: bool,
    /// Leave variables that nothing sets as they are written.
    pub keep_unset: bool,
}

impl Lexer {
    /// The lexer for arguments in a file with this escape character.
    pub fn new(escape: char) -> Self {
        Self { escape, keep_quotes: false, keep_escapes: false, ignore_quotes: false, keep_unset: false }
    }

    /// The lexer for bodies of COPY and ADD heredocs: variables are replaced, quotes stay.
    pub fn document() -> Self {
        Self { ignore_quotes: true, ..Self::new('\\') }
    }

    /// Expands `word`.
    ///
    /// ```
    /// use layerproof::dockerfile::{Lexer, Nothing};
    /// let word = Lexer::new('\\').word("a\\ b${TAG:-'latest'}", &Nothing)?;
    /// assert_eq!(word.text, "a blatest");
    /// assert_eq!(word.uses[0].name, "TAG");
    /// # Ok::<(), layerproof::dockerfile::ExpandError>(())
    /// ```
    ///
    /// # Errors
    /// A quote or brace without its end, an operator that does not exist, `${V:?}` of a variable that is not set.
    pub fn word(&self, word: &str, environment: &dyn Environment) -> Result<Expanded, ExpandError> {
        let chars: Vec<char> = word.chars().list();
        let mut run =
            Run { lexer: self, chars: &chars, at: 0, environment, uses: Vec::new(), seen: Set::new(), depth: 0, work: COSTLIEST };
        let (text, words) = run.until(None, self.keep_escapes)?;
        Ok(Expanded { text, words, uses: run.uses })
    }

    /// Removes quotes and escapes and leaves variables as they are written.
    ///
    /// # Errors
    /// As [`Lexer::word`].
    pub fn unquote(&self, word: &str) -> Result<String, ExpandError> {
        Lexer { keep_unset: true, ..*self }.word(word, &Nothing).map(|expanded| expanded.text)
    }
}

/// Collects the words of one text.
#[derive(Default)]
struct Words {
    done: Vec<String>,
    word: String,
}

impl Words {
    fn char(&mut self, c: char) {
        match c.is_whitespace() {
            true => self.end(),
            false => self.word.push(c),
        }
    }

    fn end(&mut self) {
        if !self.word.is_empty() {
            self.done.push(std::mem::take(&mut self.word));
        }
    }
}

/// One pass over one word.
struct Run<'a> {
    lexer: &'a Lexer,
    chars: &'a [char],
    at: usize,
    environment: &'a dyn Environment,
    uses: Vec<Use>,
    seen: Set<String>,
    depth: u32,
    /// What patterns may still cost.
    work: usize,
}

type Piece = Result<String, ExpandError>;

impl Run<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    fn longest(&self) -> usize {
        LONGEST + 4 * self.chars.len()
    }

    /// Reads up to `stop` (or to the end) and gives the text and its words.
    fn until(&mut self, stop: Option<char>, keep_escapes: bool) -> Result<(String, Vec<String>), ExpandError> {
        let (mut text, mut words) = (String::new(), Words::default());
        while let Some(c) = self.peek() {
            if stop == Some(c) {
                self.at += 1;
                words.end();
                return Ok((text, words.done));
            }
            match c {
                '$' => {
                    let value = self.dollar()?;
                    value.chars().for_each(|c| words.char(c));
                    text.push_str(&value);
                }
                '<' => self.less_than(&mut text, &mut words),
                '\'' | '"' if !self.lexer.ignore_quotes => {
                    let quoted = if c == '"' { self.double_quoted(keep_escapes)? } else { self.single_quoted()? };
                    words.word.push_str(&quoted);
                    text.push_str(&quoted);
                }
                _ => self.plain(&mut text, &mut words, keep_escapes),
            }
            if text.len() > self.longest() {
                return Err(ExpandError::new("dockerfile.expansion-too-long"));
            }
        }
        match stop {
            None => {
                words.end();
                Ok((text, words.done))
            }
            Some('/') => Err(ExpandError::new("dockerfile.expansion-needs-slash")),
            Some(_) => Err(ExpandError::new("dockerfile.expansion-needs-brace")),
        }
    }

    /// `<<` and the blanks behind it belong to the word that follows: `<< EOF` is one word.
    fn less_than(&mut self, text: &mut String, words: &mut Words) {
        let from = self.at;
        self.at += 1;
        if self.peek() == Some('<') {
            self.at += 1;
            while matches!(self.peek(), Some(' ' | '\t' | '\r')) {
                self.at += 1;
            }
        }
        for c in &self.chars[from..self.at] {
            text.push(*c);
            words.word.push(*c);
        }
    }

    fn plain(&mut self, text: &mut String, words: &mut Words, keep_escapes: bool) {
        let Some(c) = self.next() else { return };
        if c != self.lexer.escape {
            words.char(c);
            text.push(c);
            return;
        }
        if keep_escapes {
            words.word.push(c);
            text.push(c);
        }
        if let Some(escaped) = self.next() {
            words.word.push(escaped);
            text.push(escaped);
        }
    }

    fn single_quoted(&mut self) -> Piece {
        let from = self.at;
        self.at += 1;
        while let Some(c) = self.next() {
            if c == '\'' {
                let inner = if self.lexer.keep_quotes { from..self.at } else { from + 1..self.at - 1 };
                return Ok(self.chars[inner].iter().collect());
            }
        }
        Err(ExpandError::new("dockerfile.quote-without-end").with("quote", "'"))
    }

    fn double_quoted(&mut self, keep_escapes: bool) -> Piece {
        let mut text = String::new();
        self.at += 1;
        if self.lexer.keep_quotes {
            text.push('"');
        }
        while let Some(c) = self.peek() {
            match c {
                '"' => {
                    self.at += 1;
                    if self.lexer.keep_quotes {
                        text.push('"');
                    }
                    return Ok(text);
                }
                '$' => text.push_str(&self.dollar()?),
                _ => {
                    self.at += 1;
                    self.inside_double_quotes(c, &mut text, keep_escapes);
                }
            }
            if text.len() > self.longest() {
                return Err(ExpandError::new("dockerfile.expansion-too-long"));
            }
        }
        Err(ExpandError::new("dockerfile.quote-without-end").with("quote", "\""))
    }

    /// Between double quotes the escape character escapes only `"`, `$` and itself.
    fn inside_double_quotes(&mut self, c: char, text: &mut String, keep_escapes: bool) {
        if c != self.lexer.escape {
            return text.push(c);
        }
        if keep_escapes {
            text.push(c);
        }
        match self.peek() {
            Some(next) if next == '"' || next == '$' || next == self.lexer.escape => {
                self.at += 1;
                text.push(next);
            }
            Some(_) => text.push(c),
            None => {}
        }
    }

    /// Reads what stands behind `$`.
    fn dollar(&mut self) -> Piece {
        self.at += 1;
        if self.peek() == Some('{') {
            self.at += 1;
            return self.braces();
        }
        let name = self.name();
        if name.is_empty() {
            return Ok("$".to_owned());
        }
        match self.look_up(&name) {
            Some(value) => Ok(value),
            None if self.lexer.keep_unset => Ok(format!("${name}")),
            None => Ok(String::new()),
        }
    }

    /// Reads a name: letters, digits and `_`; only digits after a first digit; or one of the shell's special names.
    fn name(&mut self) -> String {
        let from = self.at;
        let is_part: fn(char) -> bool = match self.peek() {
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => {
                self.at += 1;
                |_| false
            }
            Some(c) if c.is_numeric() => |c| c.is_numeric(),
            _ => |c| c.is_alphanumeric() || c == '_',
        };
        while self.peek().is_some_and(is_part) {
            self.at += 1;
        }
        self.chars[from..self.at].iter().collect()
    }

    fn look_up(&mut self, name: &str) -> Option<String> {
        let found = self.environment.variable(name);
        let value = found.map(|variable| variable.value.to_owned());
        if self.seen.insert(name.to_owned()) {
            let found = found.map(|variable| (variable.value.to_owned(), variable.origin));
            self.uses.push(Use { name: name.to_owned(), found });
        }
        value
    }

    /// Reads the rest of `${…}`.
    fn braces(&mut self) -> Piece {
        if self.depth >= DEEPEST {
            return Err(ExpandError::new("dockerfile.expansion-too-deep"));
        }
        match self.peek() {
            None => return Err(ExpandError::new("dockerfile.expansion-needs-brace")),
            Some('{' | '}' | ':') => return Err(ExpandError::new("dockerfile.expansion-needs-name")),
            Some(_) => {}
        }
        let name = self.name();
        self.depth += 1;
        let value = match self.next() {
            Some('}') => match self.look_up(&name) {
                None if self.lexer.keep_unset => Ok(format!("${{{name}}}")),
                value => Ok(value.unwrap_or_default()),
            },
            Some(':') => {
                let operator = self.next();
                self.operator(&name, true, operator)
            }
            Some('/') => self.replace(&name),
            operator => self.operator(&name, false, operator),
        };
        self.depth -= 1;
        value
    }

    /// `-`, `+`, `?`, `#` and `%`; `empty_is_unset` is the colon before them.
    fn operator(&mut self, name: &str, empty_is_unset: bool, operator: Option<char>) -> Piece {
        let written = format!("{}{}", if empty_is_unset { ":" } else { "" }, operator.map(String::from).unwrap_or_default());
        let is_trim = matches!(operator, Some('#' | '%'));
        if !matches!(operator, Some('-' | '+' | '?' | '#' | '%')) || (empty_is_unset && is_trim) {
            return Err(ExpandError::new("dockerfile.expansion-operator").with("operator", &written));
        }
        let (word, _) = self.until(Some('}'), is_trim)?;
        let value = self.look_up(name);
        if value.is_none() && self.lexer.keep_unset {
            return Ok(format!("${{{name}{written}{word}}}"));
        }
        let given = value.as_deref().filter(|value| !(empty_is_unset && value.is_empty()));
        match operator {
            Some('-') => Ok(given.map_or(word, str::to_owned)),
            Some('+') => Ok(if given.is_some() { word } else { String::new() }),
            Some('?') => given.map(str::to_owned).ok_or_else(|| required(name, &word)),
            Some('#') => pattern::without_prefix(&word, value.as_deref().unwrap_or_default(), &mut self.work),
            _ => pattern::without_suffix(&word, value.as_deref().unwrap_or_default(), &mut self.work),
        }
    }

    /// `${V/pattern/replacement}` and, with two strokes, every occurrence.
    fn replace(&mut self, name: &str) -> Piece {
        let every = self.peek() == Some('/');
        self.at += usize::from(every);
        let (pattern, _) = self.until(Some('/'), true)?;
        let (replacement, _) = self.until(Some('}'), true)?;
        match self.look_up(name) {
            None if self.lexer.keep_unset => Ok(format!("${{{name}/{pattern}/{replacement}}}")),
            value => pattern::replaced(&pattern, &value.unwrap_or_default(), &replacement, every, &mut self.work),
        }
    }
}

/// The error of `${V?words}`.
fn required(name: &str, message: &str) -> ExpandError {
    let message = if message.is_empty() { "the Dockerfile says so" } else { message };
    ExpandError::new("dockerfile.variable-required").with("name", name).with("message", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `A=alpha`, `E` empty, `P` a path, `S` with blanks, `U` not set.
    struct Given;

    impl Environment for Given {
        fn variable(&self, name: &str) -> Option<Variable<'_>> {
            let value = match name {
                "A" => "alpha",
                "E" => "",
                "P" => "/usr/lib/lib.so.1",
                "S" => " one  two ",
                _ => return None,
            };
            Some(Variable { value, origin: Origin::Base })
        }
    }

    fn text(word: &str) -> String {
        Lexer::new('\\').word(word, &Given).map_or_else(|error| error.code.to_owned(), |expanded| expanded.text)
    }

    #[test]
    fn quotes_and_escapes() {
        for (word, expected) in [
            (r"a\ b", "a b"),
            (r"\$A", "$A"),
            (r#""a\b\"\$A""#, r#"a\b"$A"#),
            ("'$A\\'x", "$A\\x"),
            ("end\\", "end"),
            ("'open", "dockerfile.quote-without-end"),
            ("\"open", "dockerfile.quote-without-end"),
        ] {
            assert_eq!(text(word), expected, "{word}");
        }
    }

    #[test]
    fn values_and_alternatives() {
        for (word, expected) in [
            ("$A-${A}", "alpha-alpha"),
            ("$U|${U}", "|"),
            ("$A1 $1A $. $", " A $. $"),
            ("${U:-d}${U-d}${E:-d}${E-d}${A:-d}", "dddalpha"),
            ("${U:+a}${U+a}${E:+a}${E+a}${A:+a}", "aa"),
            ("${A:?no}${E?no}", "alpha"),
            ("${E:?no}", "dockerfile.variable-required"),
            ("${U?no}", "dockerfile.variable-required"),
            ("${U:-${A:+'${x}'}}", "${x}"),
            ("${}", "dockerfile.expansion-needs-name"),
            ("${A", "dockerfile.expansion-operator"),
            ("${", "dockerfile.expansion-needs-brace"),
            ("${A:-x", "dockerfile.expansion-needs-brace"),
            ("${A=x}", "dockerfile.expansion-operator"),
            ("${A:#x}", "dockerfile.expansion-operator"),
        ] {
            assert_eq!(text(word), expected, "{word}");
        }
    }

    #[test]
    fn patterns() {
        for (word, expected) in [
            ("${P#*/}|${P##*/}", "usr/lib/lib.so.1|lib.so.1"),
            ("${P%.*}|${P%%.*}", "/usr/lib/lib.so|/usr/lib/lib"),
            ("${P#nothing}", "/usr/lib/lib.so.1"),
            ("${P/lib/LIB}|${P//lib/LIB}", "/usr/LIB/lib.so.1|/usr/LIB/LIB.so.1"),
            (r"${P//\//-}", "-usr-lib-lib.so.1"),
            ("${P//./\\$0}", "/usr/lib/lib\\.so\\.1"),
            ("${A//?/ab}", "ababababab"),
            ("${A/a*a/-}", "-"),
            (r"${P#\x}", "dockerfile.expansion-pattern"),
            ("${A/a}", "dockerfile.expansion-needs-slash"),
        ] {
            assert_eq!(text(word), expected, "{word}");
        }
    }

    #[test]
    fn words_are_split_behind_the_expansion() {
        let words = |word| Lexer::new('\\').word(word, &Given).map(|expanded| expanded.words);
        assert_eq!(
            words("a$S\"$S\"b 'c d'"),
            Ok(vec!["a".into(), "one".into(), "two".into(), " one  two b".into(), "c d".into()])
        );
        assert_eq!(words("$U"), Ok(vec![]));
    }

    #[test]
    fn uses_are_reported_once_and_in_order() {
        let expanded = Lexer::new('\\').word("$A ${U:-$E} $A", &Given);
        let names = expanded.map(|expanded| expanded.uses.into_iter().map(|used| (used.name, used.found.is_some())).collect());
        assert_eq!(names, Ok(vec![("A".to_owned(), true), ("E".to_owned(), true), ("U".to_owned(), false)]));
    }

    #[test]
    fn backtick_files_leave_backslashes_alone() {
        let word = |word| Lexer::new('`').word(word, &Given).map(|expanded| expanded.text).map_err(|error| error.code);
        assert_eq!(word(r"C:\dir\$A"), Ok(r"C:\dir\alpha".to_owned()));
        assert_eq!(word(r"${P%\1}|${P%.\}"), Err("dockerfile.expansion-pattern"));
        assert_eq!(word("`$A `\""), Ok("$A \"".to_owned()));
    }

    #[test]
    fn unquoting_leaves_variables() {
        assert_eq!(Lexer::new('\\').unquote("\"a $X\"${Y:-'z'}$A"), Ok("a $X${Y:-z}$A".to_owned()));
    }

    #[test]
    fn hostile_words_end() {
        let deep = "${U:-".repeat(10_000);
        assert_eq!(text(&deep), "dockerfile.expansion-too-deep");
        let wide = format!("${{P//{}/x}}", "*a".repeat(8_000));
        assert_eq!(text(&wide), "dockerfile.expansion-too-long");
        let grown = "$A".repeat(30_000);
        assert_eq!(text(&grown).len(), 150_000);
        let doubled: String = Lexer::new('\\').word(&"$P".repeat(20_000), &Given).map_or_else(|e| e.code.to_owned(), |e| e.text);
        assert_eq!(doubled, "dockerfile.expansion-too-long");
    }
}
