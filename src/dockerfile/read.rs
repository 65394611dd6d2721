//! From lines to instructions: directives, comments, continuation lines, heredocs.

use super::directive::{self, Directives, Read};
use super::logical::Logical;
use super::nearest::nearest;
use super::shape::{self, Line, Refusal};
use super::split::{Cut, cut};
use super::{Command, Directive, Dockerfile, Heredoc, Instruction, Keyword, Limits, Part, PartKind, Span, Trigger};
use super::{heredoc, lines, stages};
use crate::finding::{At, Finding, ReadError, visible};

/// Reads a Dockerfile.
///
/// A line that BuildKit refuses is among the [`Dockerfile::problems`] and the others are read all the same.
///
/// # Errors
/// The file is too large, has a line over the limit, is no UTF-8-like text, is empty, or has no FROM.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Dockerfile, ReadError> {
    let lines::Lines { lines, findings } = lines::split(bytes, limits)?;
    let syntax = directive::syntax(&lines);
    let mut reader = Reader { lines: &lines, at: 0, escape: '\\', top: Directives::default(), out: Out::default() };
    reader.out.findings = findings;
    while reader.at < lines.len() {
        reader.part();
    }
    let (escape, out) = (reader.escape, reader.out);
    let Out { parts, directives, instructions, problems, findings } = out;
    if instructions.is_empty() {
        let found = if bytes.is_empty() { "an empty file" } else { "only comments and blank lines" };
        return Err(ReadError::new("dockerfile.empty", "instructions", found));
    }
    let mut file = Dockerfile { lines, parts, directives, syntax, escape, instructions, stages: Vec::new(), problems, findings };
    stages::find(&mut file)?;
    file.problems.sort_by(|a, b| a.at.cmp(&b.at));
    file.findings.sort_by(|a, b| a.at.cmp(&b.at));
    Ok(file)
}

/// What has been read so far.
#[derive(Default)]
struct Out {
    parts: Vec<Part>,
    directives: Vec<Directive>,
    instructions: Vec<Instruction>,
    problems: Vec<Finding>,
    findings: Vec<Finding>,
}

struct Reader<'a> {
    lines: &'a [String],
    /// Index of the next line.
    at: usize,
    escape: char,
    top: Directives,
    out: Out,
}

/// Line numbers fit: a file within its limit has fewer lines than `u32` counts.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}

fn column(offset: usize) -> u32 {
    number(offset)
}

/// A line without its line end.
fn bare(line: &str) -> &str {
    line.trim_end_matches(['\r', '\n'])
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

impl Reader<'_> {
    /// Reads the next part: a blank line, a comment, a directive or an instruction.
    fn part(&mut self) {
        let first = self.at;
        let line = bare(&self.lines[first]);
        let kind = match self.top.read(line.trim_start(), "#") {
            Read::Directive(name, value) => self.directive(name, value),
            Read::Repeated(name) => {
                let problem = Finding::warn("dockerfile.directive-repeated").with("name", name);
                self.out.problems.push(problem.at(At::line(number(first))));
                PartKind::Comment
            }
            Read::No if is_comment(line) => PartKind::Comment,
            Read::No if line.trim_start().is_empty() => PartKind::Blank,
            Read::No => {
                self.instruction();
                PartKind::Instruction(self.out.instructions.len() - 1)
            }
        };
        if !matches!(kind, PartKind::Instruction(_)) {
            self.at = first + 1;
        }
        self.out.parts.push(Part { kind, first_line: number(first), last_line: number(self.at - 1) });
    }

    fn directive(&mut self, name: &'static str, value: &str) -> PartKind {
        let line = bare(&self.lines[self.at]);
        let begin = line.len() - line.trim_start().len();
        let here = number(self.at);
        let span = Span { line: here, column: column(begin), last_line: here, last_column: column(line.trim_end().len()) };
        match (name, value) {
            ("escape", "\\") => self.escape = '\\',
            ("escape", "`") => self.escape = '`',
            ("escape", _) => {
                let problem = Finding::warn("dockerfile.escape").with("value", visible(value.as_bytes()));
                self.out.problems.push(problem.at(span.at()));
            }
            _ => {}
        }
        self.out.directives.push(Directive { name: name.to_owned(), value: value.to_owned(), span });
        PartKind::Directive(self.out.directives.len() - 1)
    }

    /// Reads one instruction with its continuation lines and heredocs.
    fn instruction(&mut self) {
        let logical = self.logical_line();
        let cut = cut(&logical, 0, self.escape);
        let mut typed = self.typed(&logical, cut, 0);
        let holder = holder(&typed.instruction);
        if matches!(holder.keyword, Keyword::Add | Keyword::Copy | Keyword::Run) && holder.json.is_none() {
            let heredocs = self.heredocs(&logical, &mut typed.refusals);
            if let Command::Onbuild(trigger) = &mut typed.instruction.command {
                heredocs.iter().for_each(|heredoc| append(&mut trigger.text, heredoc));
                trigger.instruction.heredocs.clone_from(&heredocs);
            }
            typed.instruction.heredocs = heredocs;
        }
        let last = bare(&self.lines[self.at - 1]);
        typed.instruction.span.last_line = number(self.at - 1);
        typed.instruction.span.last_column = column(last.len());
        typed.instruction.accepted = typed.refusals.is_empty();
        let whole = typed.instruction.span;
        self.out.problems.extend(typed.refusals.into_iter().map(|refusal| problem(refusal, whole)));
        self.out.findings.extend(typed.odd.into_iter().map(|refusal| problem(refusal, whole)));
        self.out.instructions.push(typed.instruction);
    }

    /// Joins the lines of one instruction.
    fn logical_line(&mut self) -> Logical {
        let mut logical = Logical::default();
        let first = self.at;
        while let Some(line) = self.lines.get(self.at) {
            let (here, line) = (number(self.at), bare(line));
            let is_first = self.at == first;
            self.at += 1;
            if !is_first && is_comment(line) {
                continue;
            }
            if !is_first && line.trim_start().is_empty() {
                self.out.findings.push(Finding::note("dockerfile.blank-in-continuation").at(At::line(here)));
                continue;
            }
            let begin = if is_first { line.len() - line.trim_start().len() } else { 0 };
            match continued(&line[begin..], self.escape) {
                None => {
                    logical.push(&line[begin..], here, column(begin));
                    return logical;
                }
                Some(text) => logical.push(text, here, column(begin)),
            }
        }
        let at = At::line(number(self.at - 1));
        self.out.findings.push(Finding::note("dockerfile.continued-at-end").at(at));
        logical
    }

    /// Types the part `from..` of a logical line.
    fn typed(&self, logical: &Logical, cut: Cut, depth: u32) -> Typed {
        let Cut { keyword, keyword_text, flags, begin: from, args: (begin, end) } = cut;
        let args = &logical.text[begin..end];
        let line = Line { keyword, args, flags: &flags, escape: self.escape };
        let mut shaped = shape::shape(&line);
        let mut odd = Vec::new();
        match keyword {
            Keyword::Unknown => shaped.refusals.push(unknown(&keyword_text, logical.span(from, from + keyword_text.len()))),
            Keyword::Onbuild => (shaped.command, odd) = self.trigger(logical, (begin, end), depth, &mut shaped.refusals),
            _ => {}
        }
        let instruction = Instruction {
            keyword,
            keyword_text,
            span: logical.span(from, logical.text.len()),
            original: logical.text[from..].to_owned(),
            flags,
            args: args.to_owned(),
            args_span: logical.span(begin, end),
            json: shaped.json,
            heredocs: Vec::new(),
            command: shaped.command,
            accepted: shaped.refusals.is_empty(),
        };
        Typed { instruction, refusals: shaped.refusals, odd }
    }

    /// Reads the instruction behind ONBUILD. What is wrong with it shows only in a child image's build, so it is odd here.
    fn trigger(
        &self,
        logical: &Logical,
        args: (usize, usize),
        depth: u32,
        refusals: &mut Vec<Refusal>,
    ) -> (Command, Vec<Refusal>) {
        if args.0 == args.1 {
            refusals.push(Refusal { code: "dockerfile.argument-missing", args: keyword_arg(Keyword::Onbuild), span: None });
            return (Command::Unreadable, Vec::new());
        }
        let cut = cut(logical, args.0, self.escape);
        let keyword = cut.keyword;
        if depth > 0 || matches!(keyword, Keyword::Onbuild | Keyword::From | Keyword::Maintainer) {
            refusals.push(Refusal { code: "dockerfile.onbuild-forbidden", args: keyword_arg(keyword), span: None });
            return (Command::Unreadable, Vec::new());
        }
        let typed = self.typed(logical, cut, depth + 1);
        // An array of other things than strings is refused at once, everything else when the trigger fires.
        let (now, later) = typed.refusals.into_iter().partition(|refusal| refusal.code == "dockerfile.json-not-strings");
        refusals.extend::<Vec<Refusal>>(now);
        let text = logical.text["ONBUILD".len()..].trim_start().to_owned();
        (Command::Onbuild(Trigger { text, instruction: Box::new(typed.instruction) }), later)
    }

    /// Reads the bodies of the heredocs that a line opens.
    fn heredocs(&mut self, logical: &Logical, refusals: &mut Vec<Refusal>) -> Vec<Heredoc> {
        let mut heredocs = Vec::new();
        for announced in heredoc::announced(&logical.text) {
            let first = self.at;
            let rest = &self.lines[first..];
            let length = rest.iter().position(|line| announced.is_end(line));
            let content = rest[..length.unwrap_or(rest.len())].concat();
            self.at = length.map_or(self.lines.len(), |length| first + length + 1);
            if length.is_none() {
                let args = crate::finding::Args::new().with("name", visible(announced.name.as_bytes()));
                refusals.push(Refusal { code: "dockerfile.heredoc-without-end", args, span: None });
            }
            let last = self.at.max(first + 1) - 1;
            let width = self.lines.get(last).map_or(0, |line| bare(line).len());
            let span = Span { line: number(first), column: 1, last_line: number(last), last_column: column(width) };
            heredocs.push(announced.with(content, span));
        }
        heredocs
    }
}

/// An instruction with what is wrong with it.
struct Typed {
    instruction: Instruction,
    refusals: Vec<Refusal>,
    odd: Vec<Refusal>,
}

/// The instruction that heredocs of this line would belong to.
fn holder(instruction: &Instruction) -> &Instruction {
    match &instruction.command {
        Command::Onbuild(trigger) => &trigger.instruction,
        _ => instruction,
    }
}

/// A trigger is recorded with its heredocs' bodies.
fn append(text: &mut String, heredoc: &Heredoc) {
    text.push('\n');
    text.push_str(&heredoc.content);
    text.push_str(&heredoc.name);
}

/// The text before the continuation character, or `None` when the line ends here. The character may be followed by blanks,
/// and one that is itself escaped continues nothing.
fn continued(line: &str, escape: char) -> Option<&str> {
    let text = line.trim_end_matches([' ', '\t']).strip_suffix(escape)?;
    (!text.ends_with(escape)).then_some(text)
}

fn keyword_arg(keyword: Keyword) -> crate::finding::Args {
    crate::finding::Args::new().with("keyword", keyword.name())
}

fn unknown(word: &str, span: Span) -> Refusal {
    let args = crate::finding::Args::new().with("keyword", visible(word.as_bytes()));
    let span = Some(span);
    match nearest(word, Keyword::names()) {
        Some(near) => Refusal { code: "dockerfile.unknown-instruction-near", args: args.with("near", near), span },
        None => Refusal { code: "dockerfile.unknown-instruction", args, span },
    }
}

fn problem(refusal: Refusal, whole: Span) -> Finding {
    let at = refusal.span.unwrap_or(whole).at();
    Finding { code: refusal.code, level: crate::finding::Level::Warn, at: Some(at), args: refusal.args }
}
