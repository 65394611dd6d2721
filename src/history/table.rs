//! The tables of `docker image history`, `podman history` and `nerdctl history`.
//!
//! All three pad cells with blanks until the columns line up (Go's tabwriter: at least 3, 2 or 4 blanks between cells, width
//! counted in code points). The builder's text may have line breaks; it is printed raw, so a row can span lines, and the
//! columns of the lines after it are laid out anew. Rows are therefore found by anchors, not by offsets: an identifier and a
//! time at the left begin a row, a size at the right of its last line ends it. Offsets only decide between several anchors.

use super::cell::Column;
use super::entry::{Format, HistoryEntry};
use super::size::Size;
use super::{MAX_ENTRIES, when};
use crate::finding::{At, Finding, ReadError, visible};
use crate::order::Gather;

/// Columns left and right of the builder's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    left: Vec<Column>,
    right: Vec<Column>,
    /// Line of the heading, counted from 0, and where the cell right of the text begins in it, in characters.
    heading: Option<(usize, Option<usize>)>,
    format: Format,
    /// Blanks before every line: the table was pasted out of an indented block.
    indent: usize,
}

/// No heading is longer, in bytes: full digests make the first column 74 wide, long texts the third as wide as they are.
const LONGEST_HEADING: usize = 1 << 16;

/// Possible ends that are kept of one line.
const MOST_ENDS: usize = 1_000;

/// The entries of a table in its own order.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) entries: Vec<HistoryEntry>,
    pub(super) findings: Vec<Finding>,
    /// A table of docker's with a blank before the unit of a size: version 1.12 or older.
    pub(super) old_docker: bool,
}

/// The layout that a text has, if it is a table of a history. `Err` if it has a heading with `CREATED BY` and columns that
/// nobody knows.
pub(super) fn layout(text: &str) -> Option<Result<Layout, ReadError>> {
    let headed = text.lines().enumerate().take(200).find_map(|(number, line)| heading(number, line));
    headed.or_else(|| without_heading(text).map(Ok))
}

/// Which table it is.
pub(super) fn format(layout: &Layout) -> Format {
    layout.format
}

/// Reads the rows.
pub(super) fn read(text: &str, layout: &Layout) -> Rows {
    let mut rows = Rows::default();
    let first = layout.heading.map_or(0, |(line, _)| line + 1);
    let before = text.lines().take(first.saturating_sub(1)).filter(|line| !line.trim().is_empty()).count();
    if before > 0 {
        rows.findings.push(Finding::note("history.lines-before-table").with("count", before));
    }
    let mut split = Splitter { layout, rows: Vec::new(), findings: Vec::new() };
    for (number, line) in text.lines().enumerate().skip(first) {
        if split.rows.len() > MAX_ENTRIES {
            break;
        }
        split.line(number, without_indent(line, layout.indent));
    }
    rows.findings.append(&mut split.findings);
    let ends = ends(layout, &split.rows, &mut rows.findings);
    for (row, end) in split.rows.into_iter().zip(ends) {
        rows.old_docker |= layout.format == Format::DockerTable && row.has_blank_in_size(layout, end.as_ref());
        rows.entries.push(row.entry(layout, end, &mut rows.findings));
    }
    rows
}

/// The layout of a heading line; `None` if the line is none.
fn heading(number: usize, line: &str) -> Option<Result<Layout, ReadError>> {
    if line.len() > LONGEST_HEADING {
        return None;
    }
    if !line.contains("CREATED BY") {
        return is_own_heading(line).then(|| Err(unknown_columns(number, &line.split_whitespace().list())));
    }
    let cells = split_heading(line);
    let names: Vec<&str> = cells.iter().map(|(_, name)| *name).list();
    let by = names.iter().position(|name| *name == "CREATED BY")?;
    let unknown: Vec<&str> = names.iter().copied().filter(|name| Column::with_heading(name).is_none()).list();
    if !unknown.is_empty() {
        // Prose with these words in it is no heading: a heading has nothing but capitals.
        let capitals = unknown.iter().all(|name| !name.chars().any(char::is_lowercase));
        return capitals.then(|| Err(unknown_columns(number, &unknown)));
    }
    let columns = |names: &[&str]| names.iter().filter_map(|name| Column::with_heading(name)).list();
    let indent = line.len() - line.trim_start_matches(' ').len();
    let offset = cells.get(by + 1).map(|(at, _)| line[indent..*at].chars().count());
    let format = match (names.first(), line.contains("   ")) {
        (Some(&"SNAPSHOT"), _) => Format::NerdctlTable,
        (Some(&"ID"), _) => Format::PodmanTable,
        _ => Format::DockerTable,
    };
    let (left, right) = (columns(&names[..by]), columns(&names[by + 1..]));
    Some(Ok(Layout { left, right, heading: Some((number, offset)), format, indent }))
}

/// A heading of somebody's own making, such as a script or a template writes: where its columns begin is not known.
fn is_own_heading(line: &str) -> bool {
    let is_field = |word: &str| matches!(word, "CREATED_BY" | "CREATEDBY" | "CREATED-BY");
    line.split_whitespace().any(is_field) && !line.chars().any(char::is_lowercase)
}

fn unknown_columns(number: usize, unknown: &[&str]) -> ReadError {
    let known = "the columns IMAGE (ID, SNAPSHOT), CREATED (CREATED AT), CREATED BY, SIZE, COMMENT";
    let found = visible(unknown.join(", ").as_bytes());
    ReadError::new("history.unknown-columns", known, found).at(At::line(line_number(number)))
}

/// Headings with their offsets in bytes; two blanks or a tab end one.
fn split_heading(line: &str) -> Vec<(usize, &str)> {
    let mut cells = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let rest = &line[at..];
        let end = [rest.find("  "), rest.find('\t')].into_iter().flatten().min().unwrap_or(rest.len());
        let name = rest[..end].trim();
        if !name.is_empty() {
            cells.push((at + rest.len() - rest.trim_start().len(), name));
        }
        at += end.max(1);
    }
    cells
}

/// A table whose heading was left out: the first line has an identifier and a time, and some line ends a row.
fn without_heading(text: &str) -> Option<Layout> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let layout = |format| Layout {
        left: vec![Column::Id, Column::Created],
        right: vec![Column::Size, Column::Comment],
        heading: None,
        format,
        indent: first.len() - first.trim_start_matches(' ').len(),
    };
    let first = first.trim_start_matches(' ');
    let docker = layout(Format::DockerTable);
    let (_, rest) = docker.left_cells(first)?;
    text.lines().take(10_000).any(|line| docker.can_end(line)).then_some(())?;
    let id = first.trim_start();
    let gap = first.len() - rest.len();
    let blanks = first[..gap].chars().rev().take_while(|letter| *letter == ' ').count();
    let podman = blanks < 3 && !id.starts_with("sha256:");
    Some(if podman { layout(Format::PodmanTable) } else { docker })
}

/// A possible end of a row: where the builder's text ends and the cells right of it begin.
#[derive(Debug, Clone, PartialEq, Eq)]
struct End {
    /// End of the text, in bytes of the line's rest.
    text: usize,
    /// Begin of the first cell right of it, in bytes.
    cells: usize,
}

impl Layout {
    /// The cells left of the text and the rest of the line, blanks in front of the text included.
    fn left_cells<'a>(&self, line: &'a str) -> Option<(Vec<&'a str>, &'a str)> {
        let mut rest = line;
        let mut cells = Vec::new();
        for (number, column) in self.left.iter().enumerate() {
            if number > 0 {
                rest = skip_gap(rest)?;
            }
            let length = column.length(rest)?;
            cells.push(rest[..length].trim_end());
            rest = &rest[length..];
        }
        (self.left.is_empty() || rest.is_empty() || skip_gap(rest).is_some()).then_some((cells, rest))
    }

    /// Every place in a line after which only the cells right of the text follow, the last [`MOST_ENDS`] of them.
    fn candidates(&self, line: &str) -> Vec<End> {
        let line = line.trim_end();
        if self.right.is_empty() {
            return vec![End { text: line.len(), cells: line.len() }];
        }
        let mut ends: Vec<End> = self.ends_backwards(line).take(MOST_ENDS).list();
        ends.reverse();
        ends
    }

    /// Whether a row can end with this line.
    fn can_end(&self, line: &str) -> bool {
        self.right.is_empty() || self.ends_backwards(line.trim_end()).next().is_some()
    }

    fn ends_backwards<'a>(&'a self, line: &'a str) -> impl Iterator<Item = End> + 'a {
        let mut until = line.len();
        let gaps = std::iter::from_fn(move || {
            let blank = memchr::memrchr2(b' ', b'\t', &line.as_bytes()[..until])?;
            let blanks = line.as_bytes()[..=blank].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            until = blank + 1 - blanks;
            Some(End { text: until, cells: blank + 1 })
        });
        gaps.filter(move |end| {
            let wide = end.cells - end.text >= 2 || line.as_bytes()[end.text] == b'\t';
            wide && self.right_cells(&line[end.cells..]).is_some()
        })
    }

    /// The cells right of the text, from the first of them to the end of the line.
    fn right_cells<'a>(&self, text: &'a str) -> Option<Vec<&'a str>> {
        let mut rest = text;
        let mut cells = Vec::new();
        for (number, column) in self.right.iter().enumerate() {
            if number > 0 {
                rest = if rest.trim_start().is_empty() { "" } else { skip_gap(rest)? };
            }
            let last = number + 1 == self.right.len();
            let length = match column {
                Column::Comment | Column::Tags if last => rest.len(),
                other => other.length(rest)?,
            };
            cells.push(rest[..length].trim_end());
            rest = &rest[length..];
        }
        rest.trim_start().is_empty().then_some(cells)
    }
}

/// Without the blanks that stand before all lines.
fn without_indent(line: &str, indent: usize) -> &str {
    let blanks = line.bytes().take(indent).take_while(|byte| *byte == b' ').count();
    &line[blanks..]
}

/// Without the two or more blanks, or the tab, at the start.
fn skip_gap(text: &str) -> Option<&str> {
    (text.starts_with("  ") || text.starts_with('\t')).then(|| text.trim_start_matches([' ', '\t']))
}

/// One row: its cells at the left and its lines.
struct Row<'a> {
    line: usize,
    left: Vec<&'a str>,
    /// Characters of the first line before its part in `lines`.
    left_width: usize,
    /// The line after the cells at the left, then the lines that follow.
    lines: Vec<&'a str>,
    /// The last line with an end, if any line has one.
    closed: Option<usize>,
}

struct Splitter<'a, 'l> {
    layout: &'l Layout,
    rows: Vec<Row<'a>>,
    findings: Vec<Finding>,
}

impl<'a> Splitter<'a, '_> {
    fn line(&mut self, number: usize, line: &'a str) {
        let begins = self.layout.left_cells(line);
        let open = self.rows.last().is_some_and(|row| row.closed.is_none());
        match (begins, open) {
            (Some((left, rest)), false) if !line.trim().is_empty() => {
                let left_width = line[..line.len() - rest.len()].chars().count();
                let closed = self.layout.can_end(rest).then_some(0);
                self.rows.push(Row { line: number, left, left_width, lines: vec![rest], closed });
            }
            // The text of an open row may itself look like a row: another reader may begin one here.
            (Some((left, _)), true) if !left.is_empty() => {
                self.findings.push(at_line("history.ambiguous-rows", number));
                self.goes_on(number, line);
            }
            _ => self.goes_on(number, line),
        }
    }

    /// A line that begins no row belongs to the row before it.
    fn goes_on(&mut self, number: usize, line: &'a str) {
        let Some(row) = self.rows.last_mut() else {
            if !line.trim().is_empty() {
                self.findings.push(Finding::note("history.stray-line").at(At::line(line_number(number))));
            }
            return;
        };
        let repeated = heading(number, line).is_some();
        if repeated {
            self.findings.push(at_line("history.heading-repeated", number));
            if row.closed.is_some() {
                return;
            }
        }
        let ends = self.layout.can_end(line);
        if ends && row.closed.is_some() {
            self.findings.push(at_line("history.ambiguous-rows", number));
        }
        if ends {
            row.closed = Some(row.lines.len());
        }
        row.lines.push(line);
    }
}

/// The end of every row. A line with several possible ends takes the one that lines up with its neighbours.
fn ends(layout: &Layout, rows: &[Row<'_>], findings: &mut Vec<Finding>) -> Vec<Option<End>> {
    let candidates: Vec<Vec<End>> =
        rows.iter().map(|row| row.closed.map_or(Vec::new(), |at| layout.candidates(row.lines[at]))).list();
    let mut chosen = Vec::with_capacity(rows.len());
    let mut from = 0;
    while from < rows.len() {
        let to = block_end(rows, from);
        let offset = shared_offset(layout, &rows[from..to], &candidates[from..to]);
        for (row, ends) in rows[from..to].iter().zip(&candidates[from..to]) {
            let fits = |end: &&End| offset == Some(row.offset(end));
            let picked = match &ends[..] {
                [] => None,
                [only] => Some(only),
                several => several.iter().find(fits).or_else(|| {
                    findings.push(at_line("history.ambiguous-size", row.line));
                    several.last()
                }),
            };
            chosen.push(picked.cloned());
        }
        from = to;
    }
    chosen
}

/// One past the last row of a block of rows of one line each on neighbouring lines; a row of several lines is a block.
fn block_end(rows: &[Row<'_>], from: usize) -> usize {
    let single = |row: &Row<'_>| row.closed == Some(0);
    if !single(&rows[from]) {
        return from + 1;
    }
    let more = rows[from..].windows(2).take_while(|pair| single(&pair[1]) && pair[1].line == pair[0].line + 1).count();
    from + more + 1
}

/// Where the cells right of the text begin in all lines of a block, in characters: told by the heading or by a row with one
/// possible end only, else by the one offset that all rows have.
fn shared_offset(layout: &Layout, rows: &[Row<'_>], candidates: &[Vec<End>]) -> Option<usize> {
    let heading =
        layout.heading.filter(|(line, _)| rows.first().is_some_and(|row| row.line == line + 1 && row.closed == Some(0)));
    let certain = rows.iter().zip(candidates).find(|(row, ends)| row.closed == Some(0) && ends.len() == 1);
    heading.and_then(|(_, offset)| offset).or_else(|| certain.map(|(row, ends)| row.offset(&ends[0]))).or_else(|| {
        let (row, ends) = (rows.first()?, candidates.first()?);
        let mut common = ends
            .iter()
            .map(|end| row.offset(end))
            .filter(|offset| rows.iter().zip(candidates).all(|(row, ends)| ends.iter().any(|end| row.offset(end) == *offset)));
        common.next().filter(|_| rows.len() > 1 && common.next().is_none())
    })
}

impl Row<'_> {
    /// Characters from the start of the physical line to the cells right of the text.
    fn offset(&self, end: &End) -> usize {
        let Some(line) = self.closed.map(|at| self.lines[at]) else { return 0 };
        let inside = line[..end.cells].chars().count();
        if self.closed == Some(0) { self.left_width + inside } else { inside }
    }

    fn has_blank_in_size(&self, layout: &Layout, end: Option<&End>) -> bool {
        let line = self.closed.map_or("", |at| self.lines[at]);
        let cells = end.and_then(|end| layout.right_cells(&line[end.cells..])).unwrap_or_default();
        layout.right.iter().zip(cells).any(|(column, cell)| *column == Column::Size && cell.contains(' '))
    }

    fn entry(self, layout: &Layout, end: Option<End>, findings: &mut Vec<Finding>) -> HistoryEntry {
        let mut entry = HistoryEntry { at: At::line(line_number(self.line)), ..HistoryEntry::default() };
        for (column, cell) in layout.left.iter().zip(&self.left) {
            set(&mut entry, *column, cell);
        }
        let last = self.closed.unwrap_or(self.lines.len() - 1);
        let mut text: Vec<&str> = self.lines[..=last].to_vec();
        match &end {
            Some(end) => {
                let line = text[last];
                text[last] = &line[..end.text];
                for (column, cell) in layout.right.iter().zip(layout.right_cells(&line[end.cells..]).unwrap_or_default()) {
                    set(&mut entry, *column, cell);
                }
            }
            None => findings.push(Finding::warn("history.row-without-end").at(At::line(line_number(self.line)))),
        }
        let text = text.join("\n");
        entry.created_by = text.trim_matches([' ', '\t']).to_owned();
        self.after_the_end(last, &mut entry, findings);
        entry
    }

    /// Lines after the size: more of a comment, or lines that are no part of the table.
    fn after_the_end(&self, last: usize, entry: &mut HistoryEntry, findings: &mut Vec<Finding>) {
        let one_line = |comment: &str| comment.starts_with("buildkit.") || comment.starts_with("FROM ");
        for (number, line) in self.lines.iter().enumerate().skip(last + 1).filter(|(_, line)| !line.trim().is_empty()) {
            match &mut entry.comment {
                Some(comment) if !one_line(comment) && !line.starts_with("```") => {
                    comment.push('\n');
                    comment.push_str(line.trim_end());
                }
                _ => findings.push(Finding::note("history.stray-line").at(At::line(line_number(self.line + number)))),
            }
        }
    }
}

/// Puts a cell into its member.
pub(super) fn set(entry: &mut HistoryEntry, column: Column, cell: &str) {
    match column {
        Column::Id => entry.id = Some(cell.to_owned()),
        Column::Created => match when::rfc3339(cell) {
            Some(time) => entry.created = Some(time),
            None => entry.age = Some(cell.to_owned()),
        },
        Column::CreatedBy => entry.created_by = cell.to_owned(),
        Column::Size => entry.size = Size::parse(cell),
        Column::Comment if cell.is_empty() => {}
        Column::Comment => entry.comment = Some(cell.to_owned()),
        Column::Tags => entry.tags = cell.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).list(),
    }
}

/// Something that makes the table ambiguous, with its line also in the sentence.
fn at_line(code: &'static str, from_zero: usize) -> Finding {
    let line = line_number(from_zero);
    Finding::warn(code).at(At::line(line)).with("line", line)
}

/// A line as people count it.
pub(super) fn line_number(from_zero: usize) -> u32 {
    u32::try_from(from_zero + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use crate::history::{AMBIGUOUS, Direction, Format, Hint, History, read};

    fn history(text: &str) -> History {
        read(text.as_bytes(), Hint::default()).unwrap()
    }

    fn texts(history: &History) -> Vec<&str> {
        history.entries.iter().map(|entry| entry.created_by.as_str()).collect()
    }

    fn is_ambiguous(history: &History) -> bool {
        history.findings.iter().any(|finding| AMBIGUOUS.contains(&finding.code))
    }

    #[test]
    fn a_table_of_docker_with_a_heredoc() {
        let history = history(concat!(
            "IMAGE          CREATED         CREATED BY   SIZE      COMMENT\n",
            "90e47d88ba9f   2 seconds ago   RUN /bin/sh -c echo one\n",
            "echo  two\n",
            " # buildkit    0B              buildkit.dockerfile.v0\n",
            "<missing>   2 weeks ago   /bin/sh -c #(nop) ADD file:00 in /    1.98MB    \n",
        ));
        assert_eq!((history.format, history.order.direction), (Format::DockerTable, Direction::NewestFirst));
        assert_eq!(texts(&history), ["/bin/sh -c #(nop) ADD file:00 in /", "RUN /bin/sh -c echo one\necho  two\n # buildkit"]);
        assert_eq!(history.entries[1].comment.as_deref(), Some("buildkit.dockerfile.v0"));
        assert_eq!(history.entries[0].age.as_deref(), Some("2 weeks ago"));
        assert!(history.findings.is_empty());
    }

    #[test]
    fn a_table_of_2016_cuts_without_a_mark() {
        let history = history(concat!(
            "IMAGE               CREATED             CREATED BY                                      SIZE                COMMENT\n",
            "799f642f85b7        56 years ago        /bin/sh -c #(nop) CMD [\"/bin/sh\"]               0 B                 \n",
            "<missing>           N/A                 /bin/sh -c #(nop) ADD file:7a476cb06d734a7cf3   4.803 MB            Imported from -\n",
        ));
        assert_eq!(texts(&history), ["/bin/sh -c #(nop) ADD file:7a476cb06d734a7cf3", "/bin/sh -c #(nop) CMD [\"/bin/sh\"]"]);
        assert!(history.entries[0].truncated && !history.entries[1].truncated && history.fidelity.truncated);
        assert_eq!(history.entries[0].comment.as_deref(), Some("Imported from -"));
    }

    #[test]
    fn nothing_between_time_and_size() {
        let history = history(
            "IMAGE          CREATED         CREATED BY   SIZE      COMMENT\n90e47d88ba9f   2 seconds ago                1.98MB    Imported from -\n",
        );
        assert_eq!(texts(&history), [""]);
        assert_eq!(history.entries[0].comment.as_deref(), Some("Imported from -"));
    }

    #[test]
    fn the_column_decides_between_two_sizes() {
        let heading = "IMAGE          CREATED       CREATED BY            SIZE      COMMENT\n";
        let row = "90e47d88ba9f   2 weeks ago   echo a   5B   b       0B        \n";
        let with_heading = history(&format!("{heading}{row}"));
        assert_eq!((texts(&with_heading), is_ambiguous(&with_heading)), (vec!["echo a   5B   b"], false));
        let alone = history(row);
        assert_eq!((texts(&alone), is_ambiguous(&alone)), (vec!["echo a   5B   b"], true));
    }

    #[test]
    fn a_text_that_looks_like_rows_is_kept_and_said() {
        let history = history(concat!(
            "IMAGE          CREATED         CREATED BY   SIZE      COMMENT\n",
            "90e47d88ba9f   2 seconds ago   RUN /bin/sh -c cat <<X\n",
            "IMAGE          CREATED         CREATED BY   SIZE      COMMENT\n",
            "<missing>   2 weeks ago   fake   0B        \n",
            "X # buildkit   0B              buildkit.dockerfile.v0\n",
            "<missing>   2 weeks ago   /bin/sh -c true   0B        \n",
        ));
        assert_eq!(history.entries.len(), 2);
        assert!(texts(&history)[1].contains("\nIMAGE ") && texts(&history)[1].contains("   fake   0B") && is_ambiguous(&history));
    }

    #[test]
    fn two_tables_are_not_one_history() {
        let table = "IMAGE          CREATED       CREATED BY        SIZE      COMMENT\n90e47d88ba9f   2 weeks ago   /bin/sh -c true   0B        \n";
        assert!(is_ambiguous(&history(&format!("{table}{table}"))));
    }

    #[test]
    fn unknown_columns_are_named() {
        let error = read(b"LAYER   WHEN   CREATED BY   BYTES\nx   y   z   1\n", Hint::default()).unwrap_err();
        assert_eq!((error.code, error.found.as_str()), ("history.unknown-columns", "LAYER, WHEN, BYTES"));
        let error = read(b"ID   CREATED_BY\nx    y\n", Hint::default()).unwrap_err();
        assert_eq!((error.code, error.found.as_str()), ("history.unknown-columns", "ID, CREATED_BY"));
        assert!(read(b"REPOSITORY   TAG   IMAGE ID   CREATED   SIZE\n", Hint::default()).is_err());
    }

    #[test]
    fn a_prompt_after_the_table_is_no_comment() {
        let history = history(concat!(
            "$ docker history x\nIMAGE          CREATED       CREATED BY        SIZE      COMMENT\n",
            "90e47d88ba9f   2 weeks ago   CMD [\"sh\"]        0B        buildkit.dockerfile.v0\n$ exit\n",
        ));
        assert_eq!(history.entries[0].comment.as_deref(), Some("buildkit.dockerfile.v0"));
        let codes: Vec<_> = history.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["history.lines-before-table", "history.stray-line"]);
    }

    #[test]
    fn many_possible_ends_take_no_time() {
        let long = format!("90e47d88ba9f   2 weeks ago   {}{}", "1B  ".repeat(100_000), " ".repeat(100_000));
        assert_eq!(history(&long).entries.len(), 1);
        assert!(read(" \t".repeat(200_000).as_bytes(), Hint::default()).is_err());
    }
}
