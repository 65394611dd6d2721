//! Other projects' parser corpora and the recorded builds: same structure, same refusals.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use layerproof::dockerfile::{self, Command, Dockerfile, Instruction, Keyword, Limits};

/// The folder of recorded inputs, when it is there.
fn fixtures() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures");
    let folder = std::env::var_os("LAYERPROOF_FIXTURES").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: fixtures absent");
    None
}

fn files_named(folder: &Path, accept: &dyn Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_named(&path, accept));
        } else if accept(path.file_name().unwrap().to_str().unwrap()) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Go's %q of a string.
fn quoted(text: &str) -> String {
    let mut result = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => result.extend(['\\', c]),
            '\n' => result.push_str("\\n"),
            '\t' => result.push_str("\\t"),
            '\r' => result.push_str("\\r"),
            '\u{8}' => result.push_str("\\b"),
            '\u{c}' => result.push_str("\\f"),
            c if c.is_control() => result.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => result.push(c),
        }
    }
    result + "\""
}

/// The tree that BuildKit's parser prints for an instruction.
fn dump(instruction: &Instruction) -> String {
    let mut text = instruction.keyword_text.to_lowercase();
    if !instruction.flags.is_empty() {
        let flags = instruction.flags.iter().map(|flag| match &flag.value {
            Some(value) => quoted(&format!("--{}={value}", flag.name)),
            None => quoted(&format!("--{}", flag.name)),
        });
        text += &format!(" [{}]", flags.collect::<Vec<_>>().join(" "));
    }
    if let Command::Onbuild(trigger) = &instruction.command {
        return format!("{text} ({})", dump(&trigger.instruction));
    }
    arguments(instruction).iter().for_each(|word| text += &format!(" {}", quoted(word)));
    text
}

fn arguments(instruction: &Instruction) -> Vec<String> {
    let args = instruction.args.as_str();
    let split = || args.split([' ', '\t', '\r', '\u{b}', '\u{c}']).filter(|word| !word.is_empty()).map(str::to_owned);
    match (&instruction.command, instruction.keyword) {
        (Command::Env(pairs) | Command::Label(pairs), _) => {
            let sign = if pairs.legacy { "" } else { "=" };
            pairs.pairs.iter().flat_map(|(name, value)| [name.clone(), value.clone(), sign.to_owned()]).collect()
        }
        (Command::Arg(list), _) => list
            .iter()
            .map(|argument| argument.default.as_ref().map_or(argument.name.clone(), |value| format!("{}={value}", argument.name)))
            .collect(),
        (_, Keyword::Healthcheck) if !args.is_empty() => {
            let (kind, rest) = args.split_once(char::is_whitespace).unwrap_or((args, ""));
            let rest = rest.trim_start();
            let plain = if rest.is_empty() { Vec::new() } else { vec![rest.to_owned()] };
            [vec![kind.to_owned()], instruction.json.clone().unwrap_or(plain)].concat()
        }
        _ if instruction.json.is_some() => instruction.json.clone().unwrap(),
        (_, Keyword::From | Keyword::Expose | Keyword::Add | Keyword::Copy | Keyword::Volume) => split().collect(),
        _ if args.is_empty() => Vec::new(),
        _ => vec![args.to_owned()],
    }
}

/// Reads a file that may lack a FROM, which the parser corpora do not need.
fn read_any(bytes: &[u8]) -> Dockerfile {
    match dockerfile::parse(bytes, &Limits::default()) {
        Err(error) if error.code == "dockerfile.no-from" => {
            let mut with_from = bytes.to_vec();
            with_from.extend(b"\nFROM scratch\n");
            let mut file = dockerfile::parse(&with_from, &Limits::default()).unwrap();
            file.instructions.pop();
            file
        }
        read => read.unwrap(),
    }
}

/// Lines, parts and instructions belong to each other, and nothing of the file is lost.
fn check_cover(bytes: &[u8], file: &Dockerfile, name: &str) {
    if std::str::from_utf8(bytes).is_ok() {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        assert!(file.lines.concat().as_bytes().starts_with(text), "{name}: the lines are not the file");
    }
    let mut next = 1;
    for part in &file.parts {
        assert_eq!(part.first_line, next, "{name}");
        next = part.last_line + 1;
        if let dockerfile::PartKind::Instruction(index) = part.kind
            && let Some(instruction) = file.instructions.get(index)
        {
            assert_eq!((instruction.span.line, instruction.span.last_line), (part.first_line, part.last_line), "{name}");
            let line = &file.lines[instruction.span.line as usize - 1];
            let begin = instruction.span.column as usize - 1;
            assert!(line[begin..].starts_with(&instruction.keyword_text), "{name}: {line}");
        }
    }
    assert_eq!(next as usize, file.lines.len() + 1, "{name}: lines without a part");
}

#[test]
fn buildkit_trees_are_the_same() {
    let Some(folder) = fixtures() else { return };
    let folder = folder.join("dockerfiles/buildkit/frontend/dockerfile/parser/testfiles");
    let files = files_named(&folder, &|name| name == "Dockerfile");
    assert!(files.len() > 30);
    for path in files {
        let bytes = fs::read(&path).unwrap();
        let file = read_any(&bytes);
        check_cover(&bytes, &file, path.to_str().unwrap());
        let tree: String = file.instructions.iter().map(|instruction| format!("({})\n", dump(instruction))).collect();
        let expected = fs::read_to_string(path.with_file_name("result")).unwrap();
        assert_eq!(tree.trim(), expected.trim(), "{}", path.display());
    }
}

#[test]
fn buildkit_refusals_are_the_same() {
    let Some(folder) = fixtures() else { return };
    let folder = folder.join("dockerfiles/buildkit/frontend/dockerfile/parser/testfiles-negative");
    for (name, code) in [
        ("empty_dockerfile", "dockerfile.empty"),
        ("only_comments", "dockerfile.empty"),
        ("env_no_value", "dockerfile.value-missing"),
        ("shykes-nested-json", "dockerfile.json-not-strings"),
    ] {
        let bytes = fs::read(folder.join(name).join("Dockerfile")).unwrap();
        match dockerfile::parse(&bytes, &Limits::default()) {
            Err(error) if error.code != "dockerfile.no-from" => assert_eq!(error.code, code, "{name}"),
            _ => assert_eq!(read_any(&bytes).problems[0].code, code, "{name}"),
        }
    }
}

#[test]
fn buildkit_line_numbers_are_the_same() {
    let Some(folder) = fixtures() else { return };
    let path = folder.join("dockerfiles/buildkit/frontend/dockerfile/parser/testfile-line/Dockerfile");
    let file = read_any(&fs::read(path).unwrap());
    let lines: Vec<_> = file.instructions.iter().map(|instruction| (instruction.span.line, instruction.span.last_line)).collect();
    assert_eq!(lines, [(5, 5), (11, 12), (17, 31)]);
}

#[test]
fn imagebuilder_files_are_read() {
    let Some(folder) = fixtures() else { return };
    let files = files_named(&folder.join("dockerfiles/imagebuilder"), &|name| name.starts_with("Dockerfile"));
    assert!(files.len() > 60);
    for path in files {
        let bytes = fs::read(&path).unwrap();
        let file = read_any(&bytes);
        check_cover(&bytes, &file, path.to_str().unwrap());
        let name = path.file_name().unwrap().to_str().unwrap();
        let codes: Vec<_> = file.problems.iter().map(|problem| problem.code).collect();
        println!("{name}: {codes:?}");
    }
}

#[test]
fn recorded_builds_have_no_problem_unless_their_builders_refused() {
    let Some(folder) = fixtures() else { return };
    for path in files_named(&folder.join("builders"), &|name| name == "Dockerfile") {
        let case = path.parent().unwrap();
        if case.join("out").is_dir() {
            let bytes = fs::read(&path).unwrap();
            let file = dockerfile::parse(&bytes, &Limits::default()).unwrap();
            check_cover(&bytes, &file, path.to_str().unwrap());
            let results = files_named(&case.join("out"), &|name| name == "result.txt");
            let built = results.iter().any(|result| fs::read_to_string(result).unwrap().trim() == "ok");
            assert!(!built || file.problems.is_empty(), "{}: {:?}", case.display(), file.problems);
        }
    }
}

#[test]
fn official_files_have_no_problem() {
    let Some(folder) = fixtures() else { return };
    let files = files_named(&folder.join("official"), &|name| name == "Dockerfile");
    assert!(files.len() > 60);
    for path in files {
        let bytes = fs::read(&path).unwrap();
        let file = dockerfile::parse(&bytes, &Limits::default()).unwrap();
        check_cover(&bytes, &file, path.to_str().unwrap());
        assert_eq!(file.problems, [], "{}", path.display());
    }
}
