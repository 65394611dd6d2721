//! Records of docker-library/repo-info: Markdown with one image per platform.
//!
//! Each image has a fenced block of entries, oldest first, each under a comment line with its time:
//! `# Tue, 05 Apr 2022 00:20:19 GMT`. A paste of such a block alone is read too.

use super::entry::HistoryEntry;
use super::fingerprint::ConfigMarks;
use super::json::{fits, several};
use super::table::line_number;
use super::{MAX_ENTRIES, when};
use crate::finding::{At, Finding, ReadError};
use crate::order::Gather;

/// One image of a record.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) entries: Vec<HistoryEntry>,
    pub(super) marks: ConfigMarks,
    /// The platform as written: `linux; arm64 variant v8`.
    pub(super) subject: Option<String>,
    pub(super) findings: Vec<Finding>,
}

/// Whether a text is such a record or one of its blocks.
pub(super) fn is_record(text: &str) -> bool {
    let mut inside = text.lines().skip_while(|line| line.trim().is_empty() || is_fence(line));
    match inside.next() {
        Some(first) if time_line(first).is_some() => inside.any(|line| !line.trim().is_empty() && !line.starts_with(['#', '`'])),
        Some(_) => blocks(text).next().is_some(),
        None => false,
    }
}

/// Reads the image of a record that is asked for, the first one otherwise.
///
/// # Errors
/// `history.platform-absent` if a platform is asked for and the record has several, but not this one.
pub(super) fn read(text: &str, platform: Option<&str>) -> Result<Record, ReadError> {
    let images = images(text);
    let named: Vec<&str> = images.iter().filter_map(|image| image.subject.as_deref()).list();
    let wanted = platform
        .and_then(|platform| images.iter().position(|image| image.subject.as_deref().is_some_and(|name| fits(name, platform))));
    if let (Some(platform), None, true) = (platform, wanted, named.len() > 1) {
        let found = crate::finding::visible(named.join(", ").as_bytes());
        return Err(ReadError::new("history.platform-absent", format!("an image for {platform}"), found));
    }
    let count = images.len();
    let mut chosen = images.into_iter().nth(wanted.unwrap_or(0)).unwrap_or_default();
    if wanted.is_none() && count > 1 {
        let name = chosen.subject.clone().unwrap_or_default();
        chosen.findings.push(several(count, &name));
    }
    Ok(chosen)
}

/// Entries that are kept of all images together; one file of all tags of an image has some thousands.
const MOST_ENTRIES_OF_ALL: usize = 10 * MAX_ENTRIES;

/// All images of the record that have a block.
pub(super) fn images(text: &str) -> Vec<Record> {
    let mut images = Vec::new();
    let mut next = Record::default();
    let mut block: Option<Block> = None;
    let mut left = MOST_ENTRIES_OF_ALL;
    for (number, line) in text.lines().enumerate() {
        if left == 0 {
            break;
        }
        match (&mut block, line) {
            (Some(open), "```") => {
                next.entries = std::mem::take(&mut open.entries);
                left = left.saturating_sub(next.entries.len());
                images.push(std::mem::take(&mut next));
                block = None;
            }
            (Some(open), line) => open.line(number, line),
            (None, "```dockerfile") => block = Some(Block::default()),
            (None, line) if time_line(line).is_some() => {
                let mut open = Block::default();
                open.line(number, line);
                block = Some(open);
            }
            (None, line) => next.outside(line),
        }
    }
    if let Some(open) = block {
        next.entries = open.entries;
        images.push(next);
    }
    images
}

impl Record {
    /// A line outside the blocks: a heading with the platform, or a fact about the image.
    fn outside(&mut self, line: &str) {
        let quoted = |text: &str| text.trim().trim_matches('`').to_owned();
        if let Some((_, platform)) = line.strip_prefix("### ").and_then(|heading| heading.rsplit_once(" - ")) {
            *self = Self { subject: Some(platform.trim().to_owned()), ..Self::default() };
            let mut words = platform.split([';', ' ']).filter(|word| !word.is_empty());
            self.marks.os = words.next().map(str::to_owned);
            self.marks.architecture = platform.split_once("; ").and_then(|(_, rest)| rest.split(' ').next()).map(str::to_owned);
        } else if let Some((name, value)) = line.trim_start_matches(['-', '\t', ' ']).split_once(": ") {
            match name {
                "Docker Version" => self.marks.docker_version = Some(quoted(value)),
                "Image ID" => self.marks.image_id = Some(quoted(value)),
                "`SHELL`" => self.marks.shell = shell_of(&quoted(value)),
                _ => {}
            }
        }
    }
}

/// `["powershell","-Command"]` joined by blanks.
fn shell_of(json: &str) -> Option<String> {
    let document = crate::json::parse(json.as_bytes(), &crate::json::Limits::default()).ok()?;
    let words: Vec<&str> = document.root.as_array()?.iter().filter_map(|word| word.as_str()).list();
    Some(words.join(" "))
}

/// The lines between the fences.
#[derive(Debug, Default)]
struct Block {
    entries: Vec<HistoryEntry>,
    /// The last entry has no text yet.
    begun: bool,
}

impl Block {
    fn line(&mut self, number: usize, line: &str) {
        if self.entries.len() > MAX_ENTRIES {
            return;
        }
        if let Some(time) = time_line(line) {
            let at = At::line(line_number(number));
            self.entries.push(HistoryEntry { created: when::rfc3339(time), at, ..HistoryEntry::default() });
            self.begun = true;
        } else if let Some(entry) = self.entries.last_mut() {
            if !self.begun {
                entry.created_by.push('\n');
            }
            entry.created_by.push_str(line);
            self.begun = false;
        }
    }
}

fn is_fence(line: &str) -> bool {
    line.starts_with("```")
}

/// The time of a comment line that has nothing else.
fn time_line(line: &str) -> Option<&str> {
    let time = line.strip_prefix("# ")?.trim_end();
    (time.ends_with(" GMT") && when::instant(time).is_some()).then_some(time)
}

/// The first lines of the fenced blocks whose first line is a time.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let mut before = "";
    text.lines().filter(move |line| std::mem::replace(&mut before, line) == "```dockerfile" && time_line(line).is_some())
}

/// What the record prints for a text that a builder wrote. `shell` is the image's own shell.
///
/// The rules of the record's maker: `RUN ` and the shell in front are left out; build arguments become a comment line before;
/// `#(nop)` and the blanks after it are left out; what then does not start with a word in capitals gets `RUN ` in front.
pub(super) fn shorten(text: &str, shell: Option<&str>) -> String {
    let text = text.strip_prefix("RUN ").unwrap_or(text);
    let shells: Vec<String> = std::iter::once("/bin/sh -c").chain(shell).map(|shell| format!("{shell} ")).list();
    let (prefix, text) = match split_arguments(text, &shells) {
        Some((arguments, rest)) => (format!("# ARGS: {arguments}\n"), rest),
        None if text.starts_with('|') => return format!("# unable to parse image command string further:\n{text}"),
        None => (String::new(), text),
    };
    let text = shells.iter().find_map(|shell| text.strip_prefix(shell.as_str())).unwrap_or(text);
    if let Some(rest) = text.strip_prefix("#(nop) ") {
        return format!("{prefix}{}", rest.trim_start_matches(' '));
    }
    let run = if starts_with_capitals(text) { "" } else { "RUN " };
    format!("{prefix}{run}{text}")
}

/// `|2 A=1 B=2 /bin/sh -c text` as (`A=1 B=2`, `/bin/sh -c text`): the shell that comes first ends the arguments.
fn split_arguments<'a>(text: &'a str, shells: &[String]) -> Option<(&'a str, &'a str)> {
    let after_bar = text.strip_prefix('|')?;
    let digits = after_bar.bytes().take_while(u8::is_ascii_digit).count();
    let rest = after_bar[digits..].strip_prefix(' ').filter(|_| digits > 0)?;
    let ends = shells.iter().filter_map(|shell| rest.find(&format!(" {shell}")));
    let end = ends.min()?;
    Some((&rest[..end], &rest[end + 1..]))
}

/// Whether the text starts like an instruction: capitals, then a blank.
fn starts_with_capitals(text: &str) -> bool {
    let capitals = text.bytes().take_while(u8::is_ascii_uppercase).count();
    capitals > 0 && text.as_bytes().get(capitals) == Some(&b' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Direction, Format, Hint, OrderSource, read};

    const RECORD: &str = "## `x:1`\n\n-\tPlatforms: 2\n\t-\tlinux; amd64\n\n### `x:1` - linux; amd64\n\n-\tDocker Version: 20.10.12\n\
        -\tImage ID: `sha256:aa`\n\n```dockerfile\n# Tue, 05 Apr 2022 00:20:19 GMT\nADD file:00 in / \n\
        # Tue, 05 Apr 2022 00:20:20 GMT\n# ARGS: A=1\nRUN x \ty\n```\n\n-\tLayers:\n\n\
        ### `x:1` - windows version 10.0; amd64\n\n-\t`SHELL`: `[\"powershell\",\"-Command\"]`\n\n\
        ```dockerfile\n# Tue, 05 Apr 2022 00:20:19 GMT\nRUN Apply image 10\n```\n";

    #[test]
    fn one_image_of_a_record() {
        let history = read(RECORD.as_bytes(), Hint::default()).unwrap();
        assert_eq!((history.format, history.order.direction), (Format::RepoInfo, Direction::OldestFirst));
        assert_eq!(history.order.known_from, OrderSource::Format);
        assert_eq!(history.subject.as_deref(), Some("linux; amd64"));
        assert_eq!(history.marks.docker_version.as_deref(), Some("20.10.12"));
        assert_eq!(history.entries[0].created.as_deref(), Some("2022-04-05T00:20:19Z"));
        assert_eq!(history.entries[1].created_by, "# ARGS: A=1\nRUN x \ty");
        assert!(history.fidelity.prints(&history.entries[0], "/bin/sh -c #(nop) ADD file:00 in / "));
        assert!(history.fidelity.prints(&history.entries[1], "|1 A=1 /bin/sh -c x \ty"));
        assert!(!history.fidelity.prints(&history.entries[1], "|1 A=2 /bin/sh -c x \ty"));
        assert_eq!(history.findings[0].code, "history.several-images");
    }

    #[test]
    fn the_platform_that_is_asked_for() {
        let hint = |platform| Hint { platform: Some(platform), ..Hint::default() };
        let windows = read(RECORD.as_bytes(), hint("windows/amd64")).unwrap();
        assert!(windows.fidelity.prints(&windows.entries[0], "Apply image 10"));
        assert!(windows.fidelity.prints(&windows.entries[0], "powershell -Command Apply image 10"));
        assert_eq!(read(RECORD.as_bytes(), hint("linux/s390x")).unwrap_err().code, "history.platform-absent");
    }

    #[test]
    fn a_block_alone_is_a_record_too() {
        let block = "# Tue, 05 Apr 2022 00:20:19 GMT\nADD file:00 in / \n# Tue, 05 Apr 2022 00:20:20 GMT\nCMD [\"x\"]\n";
        assert_eq!(read(block.as_bytes(), Hint::default()).unwrap().entries.len(), 2);
        assert!(!is_record("# Tue, 05 Apr 2022 00:20:19 GMT\n"));
        assert!(!is_record("# A comment\nFROM x\n"));
    }

    #[test]
    fn what_the_record_leaves_out() {
        for (text, shown) in [
            ("/bin/sh -c #(nop)  CMD [\"sh\"]", "CMD [\"sh\"]"),
            ("/bin/sh -c #(nop) ADD file:00 in / ", "ADD file:00 in / "),
            ("/bin/sh -c set -x", "RUN set -x"),
            ("RUN /bin/sh -c set -x # buildkit", "RUN set -x # buildkit"),
            ("RUN |1 A=b /bin/sh -c set -x # buildkit", "# ARGS: A=b\nRUN set -x # buildkit"),
            ("COPY a b # buildkit", "COPY a b # buildkit"),
            ("# debian.sh --arch", "RUN # debian.sh --arch"),
            ("cmd /S /C x", "RUN cmd /S /C x"),
            ("|1 A=b c", "# unable to parse image command string further:\n|1 A=b c"),
        ] {
            assert_eq!(shorten(text, None), shown, "{text}");
        }
    }
}
