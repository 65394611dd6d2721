//! Every recorded history export of every builder says the same as the image's config, as far as the export can say it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use layerproof::checks::{self, Kind, Verdict};
use layerproof::history::{Format, Hint, History, read, sniff};
use layerproof::session::Session;

fn children(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn history(path: &Path) -> History {
    let bytes = fs::read(path).unwrap();
    read(&bytes, Hint::default()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[derive(Default)]
struct Tally {
    files: usize,
    rows: usize,
    same: usize,
    cut: usize,
    tabs: usize,
    /// What was odd, by code.
    findings: BTreeMap<&'static str, usize>,
}

/// Counts the rows of `export` that are what this kind of export prints for the config's entry.
fn compare(path: &Path, export: &History, config: &History, tally: &mut Tally, wrong: &mut Vec<String>) {
    tally.files += 1;
    tally.rows += config.entries.len();
    for finding in &export.findings {
        *tally.findings.entry(finding.code).or_default() += 1;
    }
    if export.entries.len() != config.entries.len() {
        wrong.push(format!("{}: {} entries, the config has {}", path.display(), export.entries.len(), config.entries.len()));
        return;
    }
    for (number, (row, entry)) in export.entries.iter().zip(&config.entries).enumerate() {
        let comment = row.comment.is_none() && export.format != Format::Template || row.comment == entry.comment;
        if !export.fidelity.prints(row, &entry.created_by) || (!comment && export.format != Format::RepoInfo) {
            wrong.push(format!("{} entry {number}: {:?} for {:?}", path.display(), row.created_by, entry.created_by));
            continue;
        }
        tally.same += 1;
        tally.cut += usize::from(row.truncated);
        tally.tabs += usize::from(export.fidelity.tabs_lost && entry.created_by.contains('\t'));
    }
}

#[test]
fn exports_of_builders_say_what_the_config_says() {
    let Some(fixtures) = common::fixtures("builders") else { return };
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut quiet = 0;
    for case in children(&fixtures) {
        for builder in children(&case.join("out")) {
            let config = builder.join("config.json");
            if !config.is_file() {
                continue;
            }
            let config = history(&config);
            assert_eq!(config.format, Format::Config);
            for file in children(&builder) {
                let file_name = name(&file);
                if file_name == "history-quiet.txt" {
                    let bytes = fs::read(&file).unwrap();
                    assert!(sniff(&bytes).is_none_or(|format| format == Format::Quiet), "{}", file.display());
                    assert!(read(&bytes, Hint::default()).is_err(), "{}", file.display());
                    quiet += 1;
                } else if file_name.starts_with("history") {
                    let tally = tallies.entry(format!("{} {file_name}", name(&builder))).or_default();
                    compare(&file, &history(&file), &config, tally, &mut wrong);
                }
            }
        }
    }
    println!("{:45} {:>5} {:>6} {:>6} {:>6} {:>5}", "builders: export", "files", "rows", "same", "cut", "tabs");
    let odd: Vec<_> =
        tallies.iter().filter(|(_, tally)| !tally.findings.is_empty()).map(|(export, tally)| (export, &tally.findings)).collect();
    assert!(odd.is_empty(), "recorded exports are not odd: {odd:?}");
    for (export, tally) in &tallies {
        println!("{export:45} {:5} {:6} {:6} {:6} {:5}", tally.files, tally.rows, tally.same, tally.cut, tally.tabs);
    }
    let sum = |of: fn(&Tally) -> usize| tallies.values().map(of).sum::<usize>();
    println!(
        "corpus builders/history: {} files, {} of {} rows as the config has them ({} of them cut, {} with tabs that podman's table lost), {quiet} outputs of --quiet refused",
        sum(|tally| tally.files),
        sum(|tally| tally.same),
        sum(|tally| tally.rows),
        sum(|tally| tally.cut),
        sum(|tally| tally.tabs)
    );
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn other_files_beside_the_exports_are_not_taken_for_histories() {
    let Some(fixtures) = common::fixtures("") else { return };
    let mut seen = 0;
    let mut wrong = Vec::new();
    for path in walk(&fixtures) {
        let file = name(&path);
        let other = file.starts_with("Dockerfile")
            || file.ends_with("SUMS")
            || file.contains("manifest")
            || file == "index.json"
            || path.components().any(|part| part.as_os_str() == "library");
        if !other || fs::metadata(&path).is_ok_and(|data| data.len() > 1 << 20) {
            continue;
        }
        seen += 1;
        if let Some(format) = fs::read(&path).ok().and_then(|bytes| sniff(&bytes)) {
            wrong.push(format!("{}: {}", path.display(), format.name()));
        }
    }
    println!("corpus other texts: {seen} Dockerfiles, lists, manifests and library files, {} taken for a history", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One row of `--format '{{json .}}'`.
type Row = serde_json::Map<String, serde_json::Value>;

/// What a command prints for rows, newest first.
type Render = fn(&[Row]) -> Vec<u8>;

fn field<'a>(row: &'a Row, name: &str) -> &'a str {
    row[name].as_str().unwrap()
}

/// A template of the user's own: a line per row.
fn template(rows: &[Row], line: fn(&Row) -> String) -> Vec<u8> {
    rows.iter().map(|row| line(row) + "\n").collect::<String>().into_bytes()
}

/// Docker's table with cells at least `least` wide.
fn table(rows: &[Row], names: &[(&str, &str)], least: usize, padding: usize) -> String {
    let mut lines: Vec<Vec<String>> = vec![names.iter().map(|(heading, _)| (*heading).to_owned()).collect()];
    lines.extend(rows.iter().map(|row| names.iter().map(|(_, name)| field(row, name).to_owned()).collect()));
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count() + padding).max().unwrap().max(least);
    let widths: Vec<usize> = (0..names.len()).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        for (column, cell) in line.iter().enumerate() {
            let last = column + 1 == line.len();
            text += &if last { cell.clone() } else { format!("{cell:width$}", width = widths[column]) };
        }
        text.push('\n');
    }
    text
}

const COLUMNS: [(&str, &str); 5] =
    [("IMAGE", "ID"), ("CREATED", "CreatedSince"), ("CREATED BY", "CreatedBy"), ("SIZE", "Size"), ("COMMENT", "Comment")];

fn texts(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| field(row, "CreatedBy")).collect()
}

const RENDERED: [(&str, Render); 22] = [
    ("{{.CreatedBy}}", |rows| template(rows, |row| field(row, "CreatedBy").to_owned())),
    ("{{.ID}}\\t{{.CreatedBy}}", |rows| template(rows, |row| format!("{}\t{}", field(row, "ID"), field(row, "CreatedBy")))),
    ("{{.ID}}: {{.CreatedBy}}", |rows| template(rows, |row| format!("{}: {}", field(row, "ID"), field(row, "CreatedBy")))),
    ("{{.ID}} {{.CreatedBy}} {{.Size}}", |rows| {
        template(rows, |row| format!("{} {} {}", field(row, "ID"), field(row, "CreatedBy"), field(row, "Size")))
    }),
    ("{{.CreatedAt}} | {{.CreatedBy}} | {{.Size}}", |rows| {
        template(rows, |row| format!("{} | {} | {}", field(row, "CreatedAt"), field(row, "CreatedBy"), field(row, "Size")))
    }),
    ("{{.Size}} {{.CreatedBy}}", |rows| template(rows, |row| format!("{} {}", field(row, "Size"), field(row, "CreatedBy")))),
    ("{{.CreatedBy}}\\t{{.Size}}", |rows| template(rows, |row| format!("{}\t{}", field(row, "CreatedBy"), field(row, "Size")))),
    ("{{.CreatedSince}}, {{.CreatedBy}}", |rows| {
        template(rows, |row| format!("{}, {}", field(row, "CreatedSince"), field(row, "CreatedBy")))
    }),
    ("{{.ID}};{{.CreatedAt}};{{.Size}};{{.CreatedBy}}", |rows| {
        template(rows, |row| {
            format!("{};{};{};{}", field(row, "ID"), field(row, "CreatedAt"), field(row, "Size"), field(row, "CreatedBy"))
        })
    }),
    ("{{.CreatedBy}} | tac", |rows| {
        let mut lines = texts(rows);
        lines.reverse();
        lines.join("\n").into_bytes()
    }),
    ("table", |rows| table(rows, &COLUMNS, 10, 3).into_bytes()),
    ("table of 2016, cells 20 wide", |rows| table(rows, &COLUMNS, 20, 3).into_bytes()),
    ("table of nerdctl", |rows| table(rows, &COLUMNS, 0, 4).replace("IMAGE   ", "SNAPSHOT").into_bytes()),
    ("table, CRLF", |rows| table(rows, &COLUMNS, 10, 3).replace('\n', "\r\n").into_bytes()),
    ("table, UTF-16 of PowerShell", |rows| {
        let text = table(rows, &COLUMNS, 10, 3);
        [0xFEFF_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }),
    ("table, coloured", |rows| {
        table(rows, &COLUMNS, 10, 3)
            .replace("<missing>", "\x1b[33m<missing>\x1b[0m")
            .replace("IMAGE", "\x1b[1mIMAGE\x1b[m")
            .into_bytes()
    }),
    ("table, without heading", |rows| table(rows, &COLUMNS, 10, 3).split_once('\n').unwrap().1.as_bytes().to_vec()),
    ("table, indented in a note", |rows| {
        let text = table(rows, &COLUMNS, 10, 3);
        let text: String = text.lines().map(|line| format!("    {line}\n")).collect();
        format!("$ docker image history --no-trunc x\n\n{text}").into_bytes()
    }),
    ("table {{.ID}} {{.CreatedBy}}", |rows| table(rows, &[COLUMNS[0], COLUMNS[2]], 10, 3).into_bytes()),
    ("table {{.CreatedBy}} {{.Size}}", |rows| table(rows, &[COLUMNS[2], COLUMNS[3]], 10, 3).into_bytes()),
    ("json lines | jq .", |rows| {
        rows.iter().map(|row| serde_json::to_string_pretty(row).unwrap() + "\n").collect::<String>().into_bytes()
    }),
    ("jq .history[].created_by", |rows| {
        texts(rows).iter().rev().map(|text| serde_json::to_string(text).unwrap() + "\n").collect::<String>().into_bytes()
    }),
];

#[test]
fn rows_in_other_forms_are_read_the_same() {
    let Some(fixtures) = common::fixtures("builders") else { return };
    let mut wrong: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut counts: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for case in children(&fixtures) {
        for file in children(&case.join("out")).iter().map(|builder| builder.join("history.jsonl")).filter(|file| file.is_file())
        {
            let text = fs::read_to_string(&file).unwrap();
            let rows: Vec<Row> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let several_lines = rows.iter().any(|row| field(row, "CreatedBy").contains('\n'));
            let wanted: Vec<&str> = texts(&rows).into_iter().rev().map(str::trim_end).collect();
            for (form, render) in RENDERED {
                let count = counts.entry(form).or_default();
                let marked = |text: &&str| ["#(nop)", "# buildkit", "/bin/sh"].iter().any(|mark| text.contains(mark));
                let plain = form == "{{.CreatedBy}}" || form.contains("tac") || form.contains("jq .h");
                // Metadata of BuildKit alone looks like lines of a Dockerfile; a person has to say what it is.
                let format = (plain && !wanted.iter().any(marked)).then_some(Format::Paste);
                let found = read(&render(&rows), Hint { format, ..Hint::default() });
                let found = found.map(|history| {
                    history.entries.iter().map(|entry| entry.created_by.trim_end().to_owned()).collect::<Vec<_>>()
                });
                let same = found.as_ref().is_ok_and(|found| *found == wanted);
                count.0 += 1;
                count.1 += usize::from(same);
                count.2 += usize::from(several_lines && !same);
                if !same && !several_lines {
                    wrong.entry(form).or_default().push(format!("{}: {found:?}", file.display()));
                }
            }
        }
    }
    for (form, (files, same, lines)) in &counts {
        println!("{form:50} {files:5} files, {same:5} read the same, {lines:3} not, with line breaks in a text");
    }
    let sum = counts.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    println!("corpus builders/history in {} other forms: {} of {} read the same", RENDERED.len(), sum.1, sum.0);
    let first: Vec<String> =
        wrong.iter().map(|(form, files)| format!("{form}: {} files, first {}", files.len(), files[0])).collect();
    assert!(wrong.is_empty(), "{}", first.join("\n"));
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for path in children(&folder) {
            match path.symlink_metadata() {
                Ok(data) if data.is_dir() => folders.push(path),
                Ok(data) if data.is_file() => files.push(path),
                _ => {}
            }
        }
    }
    files
}

#[test]
fn official_pairs_are_read() {
    let Some(fixtures) = common::fixtures("official/pairs") else { return };
    let (mut files, mut entries) = (0, 0);
    for pair in children(&fixtures) {
        let pairs = history(&pair.join("history.json"));
        assert_eq!(pairs.format, Format::HistoryArray, "{}", pair.display());
        (files, entries) = (files + 1, entries + pairs.entries.len());
        let config = pair.join("config.json");
        if config.is_file() {
            let config = history(&config);
            let texts = |history: &History| history.entries.iter().map(|entry| entry.created_by.clone()).collect::<Vec<_>>();
            assert_eq!(texts(&config), texts(&pairs), "{}", pair.display());
            files += 1;
        }
    }
    println!("corpus official/pairs: {files} histories with {entries} entries read");
    assert!(files > 0);
}

/// The public record as its maker writes it: Markdown around the texts of a pair, which were transcribed from it.
fn record(texts: &[&str]) -> String {
    let mut text = String::from("## `x:1`\n\n### `x:1` - linux; amd64\n\n-\tDocker Version: 1.0\n\n```dockerfile\n");
    for printed in texts {
        text += &format!("# Tue, 05 Apr 2022 00:20:19 GMT\n{printed}\n");
    }
    text + "```\n\n-\tLayers:\n\t-\t`sha256:00`  \n"
}

#[test]
fn records_print_what_the_builders_wrote() {
    let Some(fixtures) = common::fixtures("official/pairs") else { return };
    let (mut records, mut entries) = (0, 0);
    for pair in children(&fixtures) {
        let rows: Vec<Row> = serde_json::from_slice(&fs::read(pair.join("history.json")).unwrap()).unwrap();
        let with_record = rows.iter().all(|row| row.get("repo_info").is_some_and(serde_json::Value::is_string));
        // In the Windows pairs `created_by` is a guess.
        if !with_record || name(&pair).contains("windows") {
            continue;
        }
        let texts: Vec<&str> = rows.iter().map(|row| field(row, "repo_info")).collect();
        let history = read(record(&texts).as_bytes(), Hint::default()).unwrap();
        assert_eq!((history.format, history.entries.len()), (Format::RepoInfo, rows.len()), "{}", pair.display());
        for (entry, row) in history.entries.iter().zip(&rows) {
            assert!(
                history.fidelity.prints(entry, field(row, "created_by")),
                "{}: {:?} for {}",
                pair.display(),
                entry.created_by,
                field(row, "created_by")
            );
            entries += 1;
        }
        records += 1;
    }
    println!(
        "corpus official/pairs as repo-info records: {records} records, {entries} entries are what the record prints for the builder's text"
    );
    assert!(records > 0);
}

/// Verdicts of `history-export` over two files.
fn verdicts(files: [&Path; 2]) -> Vec<Verdict> {
    let mut session = Session::new();
    for file in files {
        let source = session.open(&name(file), None);
        session.push(source, &fs::read(file).unwrap());
        session.close(source);
    }
    let checks = checks::run(session.case());
    checks.iter().filter(|check| check.kind == Kind::HistoryExport).map(|check| check.verdict).collect()
}

#[test]
fn the_check_joins_exports_with_their_configs_only() {
    let Some(fixtures) = common::fixtures("builders") else { return };
    let cases: Vec<PathBuf> = children(&fixtures);
    let (mut agree, mut others) = ([0, 0], 0);
    let mut wrong = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        for builder in children(&case.join("out")).iter().filter(|builder| builder.join("config.json").is_file()) {
            for file in children(builder).iter().filter(|file| name(file).starts_with("history") && !name(file).contains("quiet"))
            {
                agree[1] += 1;
                match &verdicts([&builder.join("config.json"), file])[..] {
                    [Verdict::Agrees] => agree[0] += 1,
                    other => wrong.push(format!("{}: {other:?}", file.display())),
                }
            }
            // Beside a config of another case the export is never said to be contradicted: it does not claim that image.
            let next = cases[(number + 1) % cases.len()].join("out").join(name(builder)).join("config.json");
            let export = builder.join("history.txt");
            if next.is_file() && export.is_file() {
                others += 1;
                let found = verdicts([&next, &export]);
                if found.contains(&Verdict::Contradicted) || found.contains(&Verdict::Proved) {
                    wrong.push(format!("{} beside {}: {found:?}", export.display(), next.display()));
                }
            }
        }
    }
    println!(
        "corpus builders/history-export: {} of {} exports agree with their config; {others} beside another image's config, none contradicted",
        agree[0], agree[1]
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
