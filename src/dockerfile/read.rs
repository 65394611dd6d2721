//! From lines to instructions: directives, comments, continuation lines, heredocs.

use crate::order::{self, Map};

use super::directive::{self, Directives, Read};
use super::logical::Logical;
use super::nearest::nearest;
use super::shape::{self, Line, Refusal};
use super::split::{Cut, cut};
use super::{Command, Directive, Dockerfile, Heredoc, Instruction, Keyword, Limits, Part, PartKind, Span, Trigger};
use super::{heredoc, lines, stages};
use crate::finding::{At, Finding, ReadError, visible};

/// How many findings, and how many problems, of one file are kept.
const MOST_FINDINGS: usize = 1000;

/// Reads a Dockerfile.
///
/// A line that BuildKit refuses is among the [`Dockerfile::problems`] and the others are read all the same.
///
/// # Errors
/// The file is too large, has a line, or lines or instructions, over the limit, is no UTF-8-like text, is empty, or has no FROM.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Dockerfile, ReadError> {
    let lines::Lines { lines, findings } = lines::split(bytes, limits)?;
    let syntax = directive::syntax(&lines);
    let mut reader = Reader { lines: &lines, at: 0, escape: '\\', top: Directives::default(), out: Out::default() };
    reader.out.findings = findings;
    while reader.at < lines.len() {
        if reader.out.instructions.len() as u64 >= limits.instructions {
            let expected = format!("at most {} instructions", limits.instructions);
            let at = At::line(number(reader.at));
            return Err(ReadError::new("dockerfile.too-many-instructions", expected, "one more").at(at));
        }
        reader.part();
    }
    let (escape, out) = (reader.escape, reader.out);
    let Out { parts, directives, instructions, problems, findings } = out;
    if instructions.is_empty() {
        let found = if bytes.is_empty() { "an empty file" } else { "only comments and blank lines" };
        return Err(ReadError::new("dockerfile.empty", "instructions", found));
    }
    let (stages, names) = (Vec::new(), Map::new());
    let mut file = Dockerfile { lines, parts, directives, syntax, escape, instructions, stages, names, problems, findings };
    stages::find(&mut file)?;
    shorten(&mut file.problems);
    shorten(&mut file.findings);
    Ok(file)
}

/// Puts findings in the order of their places and keeps the first ones; the last one then says how many there were.
fn shorten(findings: &mut Vec<Finding>) {
    order::sort_by(findings, |a, b| a.at.cmp(&b.at));
    let count = findings.len();
    if count > MOST_FINDINGS {
        findings.truncate(MOST_FINDINGS);
        let at = findings.last().and_then(|finding| finding.at.clone()).unwrap_or_default();
        let more = Finding::warn("dockerfile.more-findings").at(at);
        findings.push(more.with("kept", MOST_FINDINGS).with("count", count));
    }
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
        let first = self.at;
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
        // The first line may hold nothing but a continuation character.
        typed.instruction.span.line = number(first);
        typed.instruction.span.column = column(self.lines[first].len() - self.lines[first].trim_start().len());
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
            original: logical.text[if depth == 0 { 0 } else { from }..].to_owned(),
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
        let text = logical.text["ONBUILD".len()..].trim_start_matches([' ', '\t', '\r', '\u{c}']).to_owned();
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

#[cfg(test)]
mod tests {
    use super::super::{CommandLine, Healthcheck, Source};
    use super::*;

    fn read(text: &str) -> Dockerfile {
        parse(text.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn codes(findings: &[Finding]) -> Vec<(&'static str, u32)> {
        let line = |finding: &Finding| finding.at.as_ref().and_then(|at| at.line).unwrap_or(0);
        findings.iter().map(|finding| (finding.code, line(finding))).collect()
    }

    fn shell(instruction: &Instruction) -> &str {
        match &instruction.command {
            Command::Run(CommandLine::Shell(text)) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn continuation_lines_are_joined_and_their_places_kept() {
        let file = read("FROM a\n  RUN one \\ \t\n# dropped\n\n\t two\\\n  # dropped too\n three # kept\n");
        assert_eq!(shell(&file.instructions[1]), "one \t two three # kept");
        assert_eq!(file.instructions[1].original, "RUN one \t two three # kept");
        let span = file.instructions[1].span;
        assert_eq!((span.line, span.column, span.last_line, span.last_column), (2, 3, 7, 14));
        assert_eq!(codes(&file.findings), [("dockerfile.blank-in-continuation", 4)]);
        assert_eq!(file.problems, []);
    }

    #[test]
    fn a_first_line_may_hold_only_the_continuation_character() {
        let file = read("FROM a\n \\\n  RUN x\n");
        assert_eq!((file.instructions[1].original.as_str(), shell(&file.instructions[1])), ("  RUN x", "x"));
        let span = file.instructions[1].span;
        assert_eq!((span.line, span.column, span.last_line), (2, 2, 3));
    }

    #[test]
    fn only_ascii_blanks_separate_keyword_flags_and_kinds() {
        let file = read("FROM a\nHEALTHCHECK CMD \u{2003}x\nCOPY \u{2003} --link /\n");
        assert_eq!(file.problems, []);
        let Command::Healthcheck(Healthcheck::Test { command, .. }) = &file.instructions[1].command else { panic!() };
        assert_eq!(command, &CommandLine::Shell("\u{2003}x".to_owned()));
        assert_eq!(file.instructions[2].flags, []);
    }

    #[test]
    fn an_escaped_escape_character_continues_nothing() {
        let file = read("FROM a\nRUN x\\\\\nRUN y\\");
        assert_eq!(shell(&file.instructions[1]), "x\\\\");
        assert_eq!(shell(&file.instructions[2]), "y");
        assert_eq!(codes(&file.findings), [("dockerfile.continued-at-end", 3)]);
    }

    #[test]
    fn the_escape_directive_counts_only_at_the_top() {
        let file = read("# escape=`\nFROM a\nRUN dir C:\\ `\n  /s\n");
        assert_eq!((file.escape, shell(&file.instructions[1])), ('`', "dir C:\\   /s"));
        let late = read("\n# escape=`\nFROM a\nRUN x `\n");
        assert_eq!((late.escape, shell(&late.instructions[1])), ('\\', "x `"));
        assert_eq!(late.parts[1].kind, PartKind::Comment);
    }

    #[test]
    fn front_ends_other_than_dockers_are_told() {
        for (syntax, foreign) in [
            ("docker/dockerfile:1.7-labs", None),
            ("docker.io/docker/dockerfile-upstream:master@sha256:0 opt", None),
            ("registry:5000/docker/dockerfile:1", Some("registry:5000/docker/dockerfile:1")),
            ("r.example/front end", Some("r.example/front")),
        ] {
            assert_eq!(read(&format!("# syntax={syntax}\nFROM a\n")).foreign_front_end(), foreign, "{syntax}");
        }
        assert_eq!(read("FROM a\n").foreign_front_end(), None);
    }

    #[test]
    fn wrong_directives_are_problems_and_the_file_is_read() {
        let file = read("# escape=x\n# syntax=a\n# Syntax=b\nFROM c\n");
        assert_eq!(codes(&file.problems), [("dockerfile.escape", 1), ("dockerfile.directive-repeated", 3)]);
        assert_eq!(file.syntax.as_deref(), Some("a"));
    }

    #[test]
    fn marks_and_line_ends_are_read_over() {
        let file = read("\u{feff}FROM a\r\nRUN x \\\r\n y\r\n");
        assert_eq!(shell(&file.instructions[1]), "x  y");
        assert_eq!(file.instructions[0].original, "FROM a");
        assert_eq!(file.problems, []);
    }

    #[test]
    fn heredocs_are_read_in_order() {
        let file = read("FROM a\nCOPY <<one <<-\"two\" x /d/\nb1 $V\none\n\tb2\n\ttwo\nRUN <<EOF\n#!/bin/sh\nEOF\n");
        let copy = &file.instructions[1];
        let Command::Copy(transfer) = &copy.command else { panic!() };
        let heredoc = |name: &str| Source::Heredoc(name.to_owned());
        assert_eq!(transfer.sources, [heredoc("one"), heredoc("\"two\"").clone(), Source::Path("x".to_owned())].map(unquoted));
        assert_eq!(copy.heredocs.iter().map(Heredoc::text).collect::<Vec<_>>(), ["b1 $V\n", "b2\n"]);
        assert_eq!((copy.heredocs[0].expand, copy.heredocs[1].expand), (true, false));
        assert_eq!((copy.span.line, copy.span.last_line, copy.heredocs[1].span.line), (2, 6, 5));
        assert_eq!(file.instructions[2].sole_heredoc().map(|heredoc| heredoc.content.as_str()), Some("#!/bin/sh\n"));
    }

    fn unquoted(source: Source) -> Source {
        match source {
            Source::Heredoc(name) => Source::Heredoc(name.trim_matches('"').to_owned()),
            path => path,
        }
    }

    #[test]
    fn a_heredoc_without_end_is_a_problem_with_its_line() {
        let file = read("FROM a\nRUN <<EOF\necho\n EOF\n");
        assert_eq!(codes(&file.problems), [("dockerfile.heredoc-without-end", 2)]);
        assert_eq!(file.instructions[1].heredocs[0].content, "echo\n EOF\n");
    }

    #[test]
    fn only_copy_add_and_run_open_heredocs() {
        let file = read("FROM a\nUSER <<X\nRUN [\"<<X\"]\nRUN \"<<X\"\nONBUILD RUN <<X\nbody\nX\nENV A=<<X\n");
        let counts: Vec<_> = file.instructions.iter().map(|instruction| instruction.heredocs.len()).collect();
        assert_eq!(counts, [0, 0, 0, 0, 1, 0]);
        let Command::Onbuild(trigger) = &file.instructions[4].command else { panic!() };
        assert_eq!(trigger.text, "RUN <<X\nbody\nX");
        assert_eq!(trigger.instruction.heredocs, file.instructions[4].heredocs);
    }

    #[test]
    fn bad_lines_are_located_and_the_others_read() {
        let text = "FORM a\nFROM a AS 1x\nRUN --mont=type=bind x\nCOPY --link=maybe a /\nFOO\nENV A\nHEALTHCHECK --interval=5 CMD x\n\
                    EXPOSE http\nCOPY --from=4 a /b\nSHELL sh\nCMD [1]\nADD a\nUSER\nONBUILD ONBUILD RUN x\nRUN last\n";
        let file = read(text);
        assert_eq!(
            codes(&file.problems),
            [
                ("dockerfile.unknown-instruction-near", 1),
                ("dockerfile.stage-name", 2),
                ("dockerfile.unknown-flag-near", 3),
                ("dockerfile.flag-not-boolean", 4),
                ("dockerfile.unknown-instruction", 5),
                ("dockerfile.value-missing", 6),
                ("dockerfile.duration", 7),
                ("dockerfile.port", 8),
                ("dockerfile.no-such-stage", 9),
                ("dockerfile.shell-not-json", 10),
                ("dockerfile.json-not-strings", 11),
                ("dockerfile.destination-missing", 12),
                ("dockerfile.argument-missing", 13),
                ("dockerfile.onbuild-forbidden", 14),
            ]
        );
        assert_eq!(file.problems[2].at, Some(At::column(3, 5)));
        assert_eq!(shell(&file.instructions[14]), "last");
        assert!(file.instructions[14].accepted && !file.instructions[13].accepted);
    }

    #[test]
    fn a_trigger_that_cannot_fire_is_odd_but_accepted() {
        let file = read("FROM a\nONBUILD COPY x\nOnBuild  run --x=1 y\n");
        assert_eq!(file.problems, []);
        assert_eq!(codes(&file.findings), [("dockerfile.destination-missing", 2), ("dockerfile.unknown-flag", 3)]);
        let Command::Onbuild(trigger) = &file.instructions[2].command else { panic!() };
        assert_eq!((trigger.text.as_str(), trigger.instruction.original.as_str()), ("run --x=1 y", "run --x=1 y"));
        assert_eq!(trigger.instruction.span.column, 10);
    }

    #[test]
    fn forms_and_flags_are_typed() {
        let file = read(
            "FROM --platform=$P a:1 As Base\nCMD []\nENTRYPOINT ['a']\nENV a  b c \nENV a=b c='d e'\n\
             ADD --checksum=sha256:0 --keep-git-dir --exclude=x --exclude=y u /\n\
             HEALTHCHECK --retries=3 --timeout=1m cmd [\"x\"]\nHEALTHCHECK NONE\nVOLUME [\"/a\", \"/b c\"]\n",
        );
        assert_eq!(file.problems, []);
        let commands: Vec<_> = file.instructions.iter().map(|instruction| &instruction.command).collect();
        let Command::From(from) = commands[0] else { panic!() };
        assert_eq!((from.platform.as_deref(), from.alias.as_deref()), (Some("$P"), Some("Base")));
        assert_eq!(file.stages[0].name.as_deref(), Some("base"));
        assert_eq!(commands[1], &Command::Cmd(CommandLine::Exec(vec![])));
        assert_eq!(commands[2], &Command::Entrypoint(CommandLine::Shell("['a']".to_owned())));
        let Command::Env(legacy) = commands[3] else { panic!() };
        assert_eq!((legacy.legacy, legacy.pairs[0].1.as_str()), (true, "b c"));
        let Command::Env(pairs) = commands[4] else { panic!() };
        assert_eq!(pairs.pairs[1], ("c".to_owned(), "'d e'".to_owned()));
        let Command::Add(add) = commands[5] else { panic!() };
        assert_eq!((add.keep_git_dir, add.unpack, add.exclude.len()), (Some(true), None, 2));
        let Command::Healthcheck(Healthcheck::Test { timeout, retries, .. }) = commands[6] else { panic!() };
        assert_eq!((timeout.to_string().as_str(), *retries), ("1m0s", 3));
        assert_eq!(commands[7], &Command::Healthcheck(Healthcheck::Disabled));
        assert_eq!(commands[8], &Command::Volume(vec!["/a".to_owned(), "/b c".to_owned()]));
    }

    #[test]
    fn what_is_no_dockerfile_is_refused() {
        let code = |bytes: &[u8]| parse(bytes, &Limits::default()).map_err(|error| error.code).err();
        assert_eq!(code(b""), Some("dockerfile.empty"));
        assert_eq!(code(b"# only\n\n"), Some("dockerfile.empty"));
        assert_eq!(code(b"RUN x\n"), Some("dockerfile.no-from"));
        assert_eq!(code(b"\xff\xfeF\0R\0"), Some("dockerfile.utf16"));
        assert_eq!(code(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some("dockerfile.not-text"));
        let line = |length: usize| [b"FROM a\n#".as_slice(), &vec![b'x'; length - 1]].concat();
        assert_eq!(code(&line(65_535)), None);
        assert_eq!(code(&line(65_536)), Some("dockerfile.line-too-long"));
        let small = Limits { file_bytes: 3, ..Limits::default() };
        assert_eq!(parse(b"FROM", &small).map_err(|error| error.code).err(), Some("dockerfile.too-large"));
    }

    #[test]
    fn hidden_characters_are_found() {
        let file = parse(b"FROM a\nRUN x\0\nRUN \xe2\x80\xae\nRUN caf\xe9\n", &Limits::default());
        let file = file.unwrap_or_else(|error| panic!("{error}"));
        let expected = [("dockerfile.control-character", 2), ("dockerfile.bidi-character", 3), ("dockerfile.not-utf8", 4)];
        assert_eq!(codes(&file.findings), expected);
        assert_eq!(shell(&file.instructions[3]), "caf\u{fffd}");
    }

    #[test]
    fn only_arg_may_stand_before_from() {
        let file = read("ARG V=1\nRUN x\nFROM a:$V\n");
        assert_eq!(codes(&file.problems), [("dockerfile.before-from", 2)]);
    }
}
