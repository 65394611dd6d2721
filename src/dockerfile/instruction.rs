use super::{Command, Keyword, Span};

/// One instruction, as written and as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// Which instruction it is.
    pub keyword: Keyword,
    /// Its keyword as written, for example `from`.
    pub keyword_text: String,
    /// All its lines: continuation lines, comments between them and heredoc bodies with their end lines are inside.
    pub span: Span,
    /// The logical line: continuation lines joined, comments and blank lines between them dropped, leading blanks of the
    /// first line dropped, without the line end. buildah and kaniko record this text. Heredoc bodies are not in it.
    pub original: String,
    /// The flags before the arguments, in order.
    pub flags: Vec<Flag>,
    /// Everything behind keyword and flags, trimmed at both ends; inner blanks and tabs are kept.
    pub args: String,
    /// Where `args` stands.
    pub args_span: Span,
    /// The arguments when they are a JSON array of strings and the instruction reads that form.
    pub json: Option<Vec<String>>,
    /// Heredocs that this line opens, in order.
    pub heredocs: Vec<Heredoc>,
    /// What it asks for. Words are as written: not expanded, quotes kept.
    pub command: Command,
    /// Whether the current BuildKit front end accepts this line. The reason for `false` is among the problems of the file.
    pub accepted: bool,
}

impl Instruction {
    /// The last value given for the flag called `name` (without the dashes).
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().rev().find(|flag| flag.name == name)
    }

    /// The heredoc that is the whole of a RUN's text (`RUN <<EOF`): BuildKit runs its body as if it were written on the line.
    /// `None` for `RUN <<EOF python3` and the like, where the shell reads the heredoc.
    pub fn sole_heredoc(&self) -> Option<&Heredoc> {
        let is_sole = self.keyword == Keyword::Run && super::heredoc::of_word(&self.args).is_some();
        self.heredocs.first().filter(|_| is_sole)
    }
}

/// A flag such as `--from=build`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Its name without the dashes.
    pub name: String,
    /// What stands behind `=`, quotes and escapes removed; `None` when there is no `=`.
    pub value: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// A document inside the Dockerfile: `<<EOF` and the lines up to `EOF`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heredoc {
    /// The word that ends it, quotes removed.
    pub name: String,
    /// The file descriptor before `<<`; 0 when none is written.
    pub descriptor: u64,
    /// Whether variables in the body are expanded: no part of the word is quoted.
    pub expand: bool,
    /// Written as `<<-`: leading tabs of every line are dropped (see [`Heredoc::text`]).
    pub chomp: bool,
    /// The lines of the body exactly as they stand in the file, line ends too.
    pub content: String,
    /// The body and its end line; an empty body has only the end line.
    pub span: Span,
}

impl Heredoc {
    /// The body with leading tabs dropped when `<<-` asks for it.
    pub fn text(&self) -> String {
        match self.chomp {
            true => self.content.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect(),
            false => self.content.clone(),
        }
    }
}
