use super::{Builder, Entry, LibraryFile, Pin};
use crate::finding::{At, Finding, ReadError, visible};
use crate::order::{Gather, Map};

/// No library file is near this size; the largest of all has about 60 KiB.
const LARGEST: usize = 4 << 20;
/// Pins of all entries together; each costs memory of its own.
const MOST_PINS: usize = 100_000;

/// Fields that may stand in a paragraph, without the prefix of an architecture.
const FIELDS: &[&str] = &[
    "Maintainers",
    "Tags",
    "SharedTags",
    "Architectures",
    "GitRepo",
    "GitFetch",
    "GitCommit",
    "Directory",
    "File",
    "Builder",
    "Constraints",
];

/// Whether a text looks like a library file: fields that no other format has together. The scripts that write library files
/// hold their fields too, and begin as scripts do.
pub fn looks_like_library(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"#!") {
        return false;
    }
    let head = &bytes[..bytes.len().min(64 << 10)];
    let lines = || head.split(|byte| *byte == b'\n').map(|line| line.trim_ascii_end());
    let has = |field: &str| lines().any(|line| field_name(line) == Some(field.as_bytes()));
    (has("Maintainers") || has("Tags")) && (has("GitRepo") || has("GitCommit"))
        || has("Tags") && has("Directory")
        || lines().any(is_old)
}

/// Reads a library file.
///
/// # Errors
/// `official.too-large`; `official.no-fields`: nothing in it is a field of a library file.
pub fn parse(bytes: &[u8]) -> Result<LibraryFile, ReadError> {
    if bytes.len() > LARGEST {
        return Err(ReadError::new("official.too-large", format!("at most {LARGEST} bytes"), bytes.len().to_string()));
    }
    let text = String::from_utf8_lossy(bytes);
    let mut file = LibraryFile::default();
    let paragraphs = paragraphs(&text, &mut file);
    let global = paragraphs.first().filter(|first| !first.fields.contains_key("Tags")).cloned().unwrap_or_default();
    file.maintainers = list(global.fields.get("Maintainers"));
    let mut pins = 0;
    for paragraph in paragraphs.iter().filter(|paragraph| paragraph.fields.contains_key("Tags")) {
        let entry = entry(paragraph, &global, MOST_PINS - pins, &mut file.findings);
        pins += entry.pins.len();
        file.entries.push(entry);
    }
    if paragraphs.is_empty() && file.entries.is_empty() {
        let found = visible(text.lines().next().unwrap_or_default().chars().take(80).collect::<String>().as_bytes());
        return Err(ReadError::new("official.no-fields", "fields such as Tags, GitRepo, GitCommit", found).at(At::line(1)));
    }
    if file.entries.is_empty() {
        file.findings.push(Finding::note("official.no-tags"));
    }
    Ok(file)
}

#[derive(Debug, Clone, Default)]
struct Paragraph {
    line: u32,
    fields: Map<String, String>,
}

/// Paragraphs with at least one known field. Lines of the old format become entries at once.
fn paragraphs(text: &str, file: &mut LibraryFile) -> Vec<Paragraph> {
    let mut all: Vec<Paragraph> = Vec::new();
    let mut current = Paragraph::default();
    let mut field: Option<String> = None;
    for (number, line) in (1_u32..).zip(text.lines()) {
        let line = line.trim_end();
        if line.trim_start().starts_with('#') {
            continue;
        }
        if line.is_empty() {
            all.push(std::mem::take(&mut current));
            field = None;
        } else if line.starts_with([' ', '\t']) {
            match field.as_ref().and_then(|name| current.fields.get_mut(name)) {
                Some(value) => {
                    value.push(' ');
                    value.push_str(line.trim_start());
                }
                None => file.findings.push(odd("official.continues-nothing", number, line)),
            }
        } else if is_old(line.as_bytes()) {
            file.entries.extend(old_entry(line, number));
        } else {
            field = read_field(line, number, &mut current, &mut file.findings);
        }
    }
    all.push(current);
    all.retain(|paragraph| !paragraph.fields.is_empty());
    all
}

fn read_field(line: &str, number: u32, paragraph: &mut Paragraph, findings: &mut Vec<Finding>) -> Option<String> {
    let Some(name) = field_name(line.as_bytes()).and_then(|name| std::str::from_utf8(name).ok()) else {
        findings.push(odd("official.not-a-field", number, line));
        return None;
    };
    let value = line[name.len() + 1..].trim().to_owned();
    if paragraph.fields.is_empty() {
        paragraph.line = number;
    }
    if paragraph.fields.insert(name.to_owned(), value).is_some() {
        findings.push(odd("official.field-twice", number, line));
    }
    Some(name.to_owned())
}

/// The name of a known field, with or without an architecture before it.
fn field_name(line: &[u8]) -> Option<&[u8]> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = &line[..colon];
    let is_architecture = |prefix: &[u8]| {
        !prefix.is_empty() && prefix.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
    };
    let known = FIELDS.iter().any(|field| {
        let prefix = name.strip_suffix(field.as_bytes());
        prefix.is_some_and(|prefix| prefix.is_empty() || prefix.strip_suffix(b"-").is_some_and(is_architecture))
    });
    known.then_some(name)
}

fn entry(paragraph: &Paragraph, global: &Paragraph, room: usize, findings: &mut Vec<Finding>) -> Entry {
    let value = |name: &str| paragraph.fields.get(name).or_else(|| global.fields.get(name));
    let mut architectures = list(value("Architectures"));
    if architectures.is_empty() {
        architectures.push("amd64".to_owned());
    }
    if architectures.len() > room {
        findings.push(Finding::warn("official.too-many-pins").with("limit", MOST_PINS).at(At::line(paragraph.line)));
        architectures.truncate(room);
    }
    let mut entry = Entry {
        line: paragraph.line,
        tags: list(paragraph.fields.get("Tags")),
        shared_tags: list(paragraph.fields.get("SharedTags")),
        constraints: list(value("Constraints")),
        pins: Vec::new(),
    };
    for architecture in architectures {
        match pin(architecture, paragraph, global) {
            Ok(pin) => entry.pins.push(pin),
            Err((architecture, missing)) => findings.push(
                Finding::warn("official.pin-incomplete")
                    .with("architecture", visible(architecture.as_bytes()))
                    .with("field", missing)
                    .at(At::line(paragraph.line)),
            ),
        }
    }
    entry
}

/// `<arch>-Field` of the paragraph, then `Field` of the paragraph, then both of the first paragraph.
fn pin(architecture: String, paragraph: &Paragraph, global: &Paragraph) -> Result<Pin, (String, &'static str)> {
    let value = |name: &str| {
        let own = format!("{architecture}-{name}");
        [paragraph, global].into_iter().find_map(|p| p.fields.get(&own).or_else(|| p.fields.get(name))).filter(|v| !v.is_empty())
    };
    let Some(git_repo) = value("GitRepo").cloned() else { return Err((architecture, "GitRepo")) };
    let Some(git_commit) = value("GitCommit").cloned() else { return Err((architecture, "GitCommit")) };
    let directory = value("Directory").map_or(".", |text| text.trim_matches('/'));
    let file = value("File").map_or("Dockerfile", String::as_str);
    let builder = match value("Builder").map(String::as_str) {
        None => Builder::Unnamed,
        Some("classic") => Builder::Classic,
        Some("buildkit") => Builder::BuildKit,
        Some("oci-import") => Builder::OciImport,
        Some(other) => Builder::Other(other.to_owned()),
    };
    Ok(Pin {
        git_repo,
        git_fetch: value("GitFetch").cloned(),
        git_commit,
        directory: if directory.is_empty() { "." } else { directory }.to_owned(),
        file: file.to_owned(),
        builder,
        architecture,
    })
}

fn list(value: Option<&String>) -> Vec<String> {
    let items = value.map(String::as_str).unwrap_or_default().split(',').map(str::trim);
    items.filter(|item| !item.is_empty()).map(str::to_owned).list()
}

fn odd(code: &'static str, line: u32, text: &str) -> Finding {
    let shown: String = visible(text.as_bytes()).chars().take(120).collect();
    Finding::warn(code).with("text", shown).at(At::line(line))
}

/// `tag: git://host/repository@commit [directory]`
fn is_old(line: &[u8]) -> bool {
    let Some((tag, rest)) = std::str::from_utf8(line).ok().and_then(|line| line.split_once(':')) else { return false };
    let source = rest.trim_start();
    !tag.is_empty()
        && !tag.contains(char::is_whitespace)
        && ["git://", "https://", "http://"].iter().any(|scheme| source.starts_with(scheme))
        && source.split_whitespace().next().is_some_and(|source| source.contains('@'))
        && !FIELDS.iter().any(|field| tag.ends_with(field))
}

fn old_entry(line: &str, number: u32) -> Option<Entry> {
    let (tag, rest) = line.split_once(':')?;
    let mut words = rest.split_whitespace();
    let (repo, commit) = words.next()?.rsplit_once('@')?;
    let directory = words.next().unwrap_or(".").trim_matches('/');
    let pin = Pin {
        architecture: "amd64".to_owned(),
        git_repo: repo.to_owned(),
        git_fetch: None,
        git_commit: commit.to_owned(),
        directory: if directory.is_empty() { "." } else { directory }.to_owned(),
        file: "Dockerfile".to_owned(),
        builder: Builder::Classic,
    };
    Some(Entry { line: number, tags: vec![tag.to_owned()], pins: vec![pin], ..Entry::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBIAN: &str = "# comment\n\nMaintainers: A <a@b> (@a),\n             B (@b)\nGitRepo: https://github.com/o/r.git\nGitCommit: 00\n\
        # in between\namd64-GitFetch: refs/heads/dist-amd64\namd64-GitCommit: aa\n\n# x\nTags: 12, bookworm\nSharedTags: latest\n\
        Architectures: amd64, arm64v8\nBuilder: oci-import\nDirectory: bookworm/oci/\nFile: index.json\n\nTags: b\nGitCommit: bb\n";

    #[test]
    fn inheritance_goes_from_architecture_to_paragraph_to_defaults() {
        let file = parse(DEBIAN.as_bytes()).unwrap();
        assert_eq!(file.maintainers, ["A <a@b> (@a)", "B (@b)"]);
        let [first, second] = &file.entries[..] else { panic!("{:?}", file.entries) };
        assert_eq!((first.line, first.pins.len()), (12, 2));
        let (amd64, arm64) = (&first.pins[0], &first.pins[1]);
        assert_eq!((amd64.git_commit.as_str(), amd64.git_fetch.as_deref()), ("aa", Some("refs/heads/dist-amd64")));
        assert_eq!((arm64.git_commit.as_str(), arm64.git_fetch.as_deref()), ("00", None));
        assert_eq!((amd64.path().as_str(), &amd64.builder), ("bookworm/oci/index.json", &Builder::OciImport));
        assert_eq!(amd64.platform(), Some("linux/amd64"));
        assert_eq!((second.pins[0].git_commit.as_str(), second.pins[0].path().as_str()), ("bb", "Dockerfile"));
        assert_eq!(file.entries_of("latest").count(), 1);
        assert!(file.findings.is_empty());
    }

    #[test]
    fn the_old_form_is_read() {
        let file = parse(b"# maintainer: x\nlatest: git://github.com/o/r@abc 12/slim\n").unwrap();
        let pin = &file.entries[0].pins[0];
        assert_eq!(
            (pin.git_repo.as_str(), pin.git_commit.as_str(), pin.directory.as_str()),
            ("git://github.com/o/r", "abc", "12/slim")
        );
        assert!(looks_like_library(b"latest: git://github.com/o/r@abc\n"));
    }

    #[test]
    fn odd_lines_are_findings_and_the_rest_is_read() {
        let file = parse(b"  lost\nTags: a\nGitRepo: r\nwhat is this\nGitCommit: 1\nGitCommit: 2\n\nTags: b\n").unwrap();
        let codes: Vec<_> = file.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(
            codes,
            ["official.continues-nothing", "official.not-a-field", "official.field-twice", "official.pin-incomplete"]
        );
        assert_eq!(file.entries.len(), 2);
        assert_eq!(parse(b"FROM scratch\n").unwrap_err().code, "official.no-fields");
        assert!(!looks_like_library(b"FROM scratch\nLABEL Tags: x\n"));
    }

    #[test]
    fn all_library_files_are_read() {
        let root = std::env::var_os("LAYERPROOF_FIXTURES").map_or_else(
            || std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"),
            std::path::PathBuf::from,
        );
        let Ok(folder) = std::fs::read_dir(root.join("official/library/library")) else {
            println!("skipped: fixtures absent");
            return;
        };
        let (mut files, mut tags, mut pins) = (0, 0, 0);
        for path in folder.map(|entry| entry.unwrap().path()) {
            let bytes = std::fs::read(&path).unwrap();
            let file = parse(&bytes).unwrap_or_else(|error| panic!("{path:?} {error}"));
            assert!(file.findings.iter().all(|finding| finding.code == "official.no-tags"), "{path:?} {:?}", file.findings);
            assert!(looks_like_library(&bytes) || file.entries.is_empty(), "{path:?}");
            for pin in file.entries.iter().flat_map(|entry| &entry.pins) {
                assert!(pin.platform().is_some() && pin.git_commit.len() == 40, "{path:?} {pin:?}");
                assert!(!super::super::Fetch::of(pin, "x", "y").commands.is_empty());
                pins += 1;
            }
            files += 1;
            tags += file.entries.iter().map(|entry| entry.tags.len()).sum::<usize>();
        }
        assert!(files == 144 && tags > 2_121 && pins > 2_121, "{files} files, {tags} tags, {pins} pins");
    }
}
