//! Lines of a template of the user's own, and plain lines of the CREATED BY column.
//!
//! `docker image history --format '{{.ID}}\t{{.CreatedBy}}'` prints any fields in any order with any separator. The fields
//! that can be told by their looks (ID, time, age, size, BuildKit's comment) are taken off both ends; what is left in the
//! middle of every line is the builder's text.

use super::MAX_ENTRIES;
use super::cell::Column;
use super::entry::{Format, HistoryEntry};
use super::table::{line_number, set};
use crate::finding::{At, Finding};
use crate::order::Gather;

/// The fields of a template around the builder's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    left: Vec<Column>,
    /// From the end of the line inwards.
    right: Vec<Column>,
}

/// Entries in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) entries: Vec<HistoryEntry>,
    pub(super) findings: Vec<Finding>,
}

/// Whether a text is the output of `--quiet`: identifiers, `<missing>` among them.
pub(super) fn is_quiet(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.clone().any(|line| line == "<missing>") && lines.all(|line| Column::Id.length(line) == Some(line.len()))
}

/// The shape of a text whose lines carry texts of a builder; `None` for a Dockerfile, a script, a list and all else.
pub(super) fn shape(text: &str) -> Option<Shape> {
    if is_dockerfile(text) {
        return None;
    }
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let shape = common_shape(text, first);
    let texts: Vec<&str> =
        text.lines().filter(|line| !line.trim().is_empty()).take(10_000).filter_map(|line| shape.text(line)).list();
    let begins = shape.text(first).filter(|_| shape.left.is_empty()).unwrap_or("RUN ");
    let fields = !shape.left.is_empty() || !shape.right.is_empty();
    let with_fields = fields && texts.iter().all(|text| is_step(text));
    (with_fields || are_steps(begins, &texts)).then_some(shape)
}

/// Whether texts are a builder's: the first and half of all may be, and one has what nothing else has.
pub(super) fn are_steps(first: &str, texts: &[&str]) -> bool {
    let likely = texts.iter().filter(|text| is_step(text)).count();
    let certain = texts.iter().filter(|text| is_certainly_step(text)).count();
    certain > 0 && 2 * likely >= texts.len() && is_step(first)
}

/// Which of the two formats a shape is.
pub(super) fn format(shape: &Shape) -> Format {
    if shape.left.is_empty() && shape.right.is_empty() { Format::Paste } else { Format::Template }
}

/// Reads the entries.
pub(super) fn read(text: &str, shape: &Shape) -> Lines {
    let mut lines = Lines::default();
    let buildkit = text.lines().any(|line| is_closed(shape.text(line).unwrap_or(line)));
    let mut blank = 0_u64;
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() && !open {
            blank += 1;
            continue;
        }
        if lines.entries.len() > MAX_ENTRIES {
            break;
        }
        let parts = shape.split(line);
        match (parts, lines.entries.last_mut()) {
            (None, Some(entry)) => shape.goes_on(entry, line),
            (Some(parts), Some(entry)) if open && shape.left.is_empty() && !begins_over(parts.text) => {
                shape.goes_on(entry, line);
            }
            (Some(parts), _) => lines.entries.push(parts.entry(number)),
            (None, None) => lines.findings.push(Finding::note("history.stray-line").at(At::line(line_number(number)))),
        }
        open = buildkit && lines.entries.last().is_some_and(|entry| is_open(&entry.created_by));
    }
    if blank > 0 {
        lines.findings.push(Finding::note("history.blank-lines").with("count", blank));
    }
    for entry in &mut lines.entries {
        entry.created_by.truncate(entry.created_by.trim_end_matches([' ', '\t', '\n']).len());
    }
    lines
}

/// A Dockerfile has FROM before any instruction but ARG.
fn is_dockerfile(text: &str) -> bool {
    let keyword = |line: &str| line.split_whitespace().next().unwrap_or("").to_ascii_uppercase();
    let mut keywords = text.lines().filter(|line| !line.trim_start().starts_with('#')).map(keyword);
    keywords.find(|word| !word.is_empty() && word != "ARG").is_some_and(|word| word == "FROM")
}

/// The words that begin a Dockerfile instruction, as BuildKit, buildah and kaniko write them into histories.
pub(super) const KEYWORDS: [&str; 17] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// The text may be a builder's.
fn is_step(text: &str) -> bool {
    let text = text.trim_start();
    let word = text.split(' ').next().unwrap_or("");
    is_certainly_step(text) || (text.len() > word.len() && KEYWORDS.contains(&word))
}

/// The text has what no Dockerfile and no script has.
fn is_certainly_step(text: &str) -> bool {
    let text = text.trim();
    let shells = ["/bin/sh -c ", "cmd /S /C ", "powershell -Command ", "/bin/bash -c ", "/bin/bash -o pipefail -c "];
    let after_run = text.strip_prefix("RUN ").unwrap_or(text);
    let arguments = after_run.strip_prefix('|').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    let shell = |text: &str| shells.iter().any(|shell| text.starts_with(shell));
    text.contains("#(nop) ")
        || is_closed(text)
        || arguments
        || shell(text)
        || text.starts_with("RUN /bin/sh -c ")
        || text.starts_with("# debian.sh ")
}

/// BuildKit's end of RUN, COPY and ADD.
fn is_closed(text: &str) -> bool {
    text.trim_end().ends_with("# buildkit")
}

/// A RUN, COPY or ADD of BuildKit whose end did not come yet: it goes on in the next line.
fn is_open(text: &str) -> bool {
    let cut = text.ends_with('…') || text.ends_with("...");
    !cut && !is_closed(text)
        && ["RUN ", "COPY ", "ADD "].iter().any(|keyword| text.starts_with(keyword))
        && !text.starts_with("RUN # debian.sh")
}

/// Though an entry is open, this line begins a new one: the open one was none of BuildKit's.
fn begins_over(text: &str) -> bool {
    text.contains("#(nop) ") || text.starts_with("/bin/sh -c ") || text.starts_with("RUN /bin/sh -c ")
}

/// The parts of one line.
struct Parts<'a> {
    text: &'a str,
    cells: Vec<(Column, &'a str)>,
}

impl Parts<'_> {
    fn entry(&self, number: usize) -> HistoryEntry {
        let mut entry =
            HistoryEntry { created_by: self.text.to_owned(), at: At::line(line_number(number)), ..HistoryEntry::default() };
        for (column, cell) in &self.cells {
            set(&mut entry, *column, cell);
        }
        entry
    }
}

/// The fields that the first line has at its left, and those that all lines with the same fields share at their right.
fn common_shape(text: &str, first: &str) -> Shape {
    let left: Vec<Column> = fields_left(first).into_iter().map(|(column, _)| column).list();
    let begins = |line: &str| take_left(line, &left).is_some_and(|(_, rest)| !left.is_empty() || is_step(rest));
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).take(10_000).peekable();
    let mut right: Option<Vec<Column>> = None;
    while let Some(line) = lines.next() {
        // A text with line breaks has its fields at its last line only.
        if lines.peek().is_some_and(|next| !begins(next)) {
            continue;
        }
        let here: Vec<Column> = fields_right(line).into_iter().map(|(column, _)| column).list();
        let shared = |right: Vec<Column>| right.into_iter().zip(&here).take_while(|(a, b)| a == *b).map(|(a, _)| a).list();
        right = Some(right.map_or_else(|| here.clone(), shared));
    }
    Shape { left, right: right.unwrap_or_default() }
}

impl Shape {
    /// Every line is the text of a builder: what a person says of a paste that cannot be told by itself.
    pub(super) fn plain() -> Self {
        Self { left: Vec::new(), right: Vec::new() }
    }

    /// The builder's text of a line that has all the fields at its left.
    fn text<'a>(&self, line: &'a str) -> Option<&'a str> {
        self.split(line).map(|parts| parts.text)
    }

    fn split<'a>(&self, line: &'a str) -> Option<Parts<'a>> {
        let (mut cells, rest) = take_left(line, &self.left)?;
        let (right, text) = self.take_right(rest);
        cells.extend(right);
        Some(Parts { text, cells })
    }

    fn take_right<'a>(&self, line: &'a str) -> (Vec<(Column, &'a str)>, &'a str) {
        let fields = fields_right(line);
        let same = fields.iter().zip(&self.right).take_while(|((column, _), wanted)| column == *wanted).count();
        if same < self.right.len() || same == 0 {
            return (Vec::new(), line);
        }
        let start = fields[same - 1].1.start;
        let cells = fields[..same].iter().map(|(column, range)| (*column, &line[range.clone()])).list();
        (cells, without_separator_at_end(&line[..start]))
    }

    /// Adds a line to an entry's text.
    fn goes_on(&self, entry: &mut HistoryEntry, line: &str) {
        let (cells, text) = self.take_right(line);
        entry.created_by.push('\n');
        entry.created_by.push_str(text);
        for (column, cell) in cells {
            set(entry, column, cell);
        }
    }
}

/// There are six fields.
const MOST_FIELDS: usize = 6;

/// What people put between fields.
const SEPARATORS: [char; 6] = ['|', ',', ';', ':', '\t', ' '];

fn take_left<'a>(line: &'a str, left: &[Column]) -> Option<(Vec<(Column, &'a str)>, &'a str)> {
    let mut rest = line;
    let mut cells = Vec::new();
    for column in left {
        let length = column.length(rest)?;
        cells.push((*column, &rest[..length]));
        rest = without_separator(&rest[length..])?;
    }
    Some((cells, rest))
}

/// Fields at the start of a line, as long as they can be told.
fn fields_left(line: &str) -> Vec<(Column, &str)> {
    let mut rest = line;
    let mut fields = Vec::new();
    let kinds = [Column::Id, Column::Created, Column::Size];
    while let Some((column, length)) = kinds.iter().find_map(|column| Some((*column, column.length(rest)?))) {
        let Some(after) = without_separator(&rest[length..]).filter(|_| fields.len() < MOST_FIELDS) else { break };
        fields.push((column, &rest[..length]));
        rest = after;
    }
    fields
}

/// Without one separator and the blanks around it; `None` if there is none.
fn without_separator(text: &str) -> Option<&str> {
    if text.is_empty() {
        return Some(text);
    }
    let rest = text.trim_start_matches([' ', '\t']);
    let punctuated = rest.strip_prefix(['|', ',', ';', ':']).map(|rest| rest.trim_start_matches([' ', '\t']));
    // `|2 A=1` is a builder's text, not a separator.
    match punctuated {
        Some(after)
            if !(rest.starts_with('|')
                && rest[1..].starts_with(|letter: char| letter.is_ascii_digit())
                && rest.len() < text.len()) =>
        {
            Some(after)
        }
        _ => (rest.len() < text.len()).then_some(rest),
    }
}

fn without_separator_at_end(text: &str) -> &str {
    let rest = text.trim_end_matches([' ', '\t']);
    rest.strip_suffix(['|', ',', ';']).unwrap_or(rest).trim_end_matches([' ', '\t'])
}

/// Fields at the end of a line with their places, the last one first. A bare number is a size only after a tab, a bar, a comma
/// or a semicolon: `sleep 10` ends in none.
fn fields_right(line: &str) -> Vec<(Column, std::ops::Range<usize>)> {
    let mut end = line.trim_end().len();
    let mut fields = Vec::new();
    while let Some((column, start)) = field_before(&line[..end]).filter(|_| fields.len() < MOST_FIELDS) {
        fields.push((column, start..end));
        end = without_separator_at_end(&line[..start]).len();
    }
    fields
}

fn field_before(text: &str) -> Option<(Column, usize)> {
    const COMMENTS: [&str; 2] = ["buildkit.dockerfile.v0", "buildkit.exporter.image.v0"];
    if let Some(comment) = COMMENTS.iter().find(|comment| text.ends_with(**comment)) {
        return Some((Column::Comment, text.len() - comment.len())).filter(|(_, start)| separated(text, *start));
    }
    let starts = text.char_indices().rev().take(80).filter(|(at, letter)| *at > 0 && SEPARATORS.contains(letter));
    let starts = starts.map(|(at, letter)| at + letter.len_utf8()).take(12);
    let fits = |column: Column, start: usize| column.length(&text[start..]) == Some(text.len() - start) && separated(text, start);
    let kinds = [Column::Id, Column::Created, Column::Size];
    starts.filter(|start| *start < text.len()).find_map(|start| {
        let column = *kinds.iter().find(|column| fits(**column, start))?;
        let bare = column == Column::Size && text[start..].bytes().all(|byte| byte.is_ascii_digit());
        let clear = text[..start].trim_end_matches(' ').ends_with(['|', ',', ';', '\t']);
        (!bare || clear).then_some((column, start))
    })
}

/// Whether a separator stands before `start`.
fn separated(text: &str, start: usize) -> bool {
    text[..start].ends_with(SEPARATORS)
}

#[cfg(test)]
mod tests {
    use crate::history::{Format, Hint, OrderSource, read, sniff};

    fn texts(text: &str) -> (Format, Vec<String>) {
        let history = read(text.as_bytes(), Hint::default()).unwrap();
        (history.format, history.entries.into_iter().map(|entry| entry.created_by).collect())
    }

    #[test]
    fn fields_are_taken_off_both_ends() {
        let (format, found) = texts("<missing> | RUN /bin/sh -c sleep 10 | 5B\n90e47d88ba9f | CMD [\"a\" \"b\"] | 0B\n");
        assert_eq!(
            (format, found),
            (Format::Template, vec!["RUN /bin/sh -c sleep 10".to_owned(), "CMD [\"a\" \"b\"]".to_owned()])
        );
        let (_, found) = texts("90e47d88ba9f /bin/sh -c sleep 10\n<missing> /bin/sh -c sleep 20\n");
        assert_eq!(found, ["/bin/sh -c sleep 20", "/bin/sh -c sleep 10"]);
    }

    #[test]
    fn a_bar_of_the_builder_is_no_separator() {
        let (_, found) = texts("90e47d88ba9f |1 A=1 /bin/sh -c x\n<missing> /bin/sh -c y\n");
        assert_eq!(found, ["/bin/sh -c y", "|1 A=1 /bin/sh -c x"]);
    }

    #[test]
    fn a_paste_in_either_order() {
        let steps = ["/bin/sh -c #(nop) ADD file:00 in /", "RUN /bin/sh -c echo one\necho two\n # buildkit", "CMD [\"a\" \"b\"]"];
        assert_eq!(texts(&steps.join("\n")).1, steps);
        let reversed: Vec<&str> = steps.iter().rev().copied().collect();
        assert_eq!(texts(&reversed.join("\n\n")).1, steps);
        let history = read(steps.join("\n").as_bytes(), Hint::default()).unwrap();
        assert_eq!((history.format, history.order.known_from), (Format::Paste, OrderSource::Steps));
    }

    #[test]
    fn identifiers_say_what_to_bring() {
        let error = read(b"90e47d88ba9f\n<missing>\n<missing>\n", Hint::default()).unwrap_err();
        assert_eq!(error.code, "history.identifiers-only");
        assert_eq!(sniff(b"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"), None);
    }

    #[test]
    fn other_texts_are_left_alone() {
        for text in [
            "FROM scratch\nRUN /bin/sh -c x\n",
            "# comment\nARG A=1\nFROM x\nRUN |1 A\n",
            "RUN apt-get update\nCOPY a b\n",
            "#!/bin/sh\n/bin/sh -c x\n/bin/sh -c y\n",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  ADD\n",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 *rootfs.tar.gz\n",
            "Maintainers: x\nGitRepo: y\n\nTags: 1\nDirectory: z\n",
            "Some words about `# buildkit`.\nMore words.\nAnd more.\n",
            "",
            "\n\n",
        ] {
            assert_eq!(sniff(text.as_bytes()), None, "{text:?}");
        }
    }
}
