//! Any bytes are read without a panic, in bounded time, and nothing of a file that is read is lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use layerproof::dockerfile::{self, BuildArguments, Command, Globals, Lexer, Limits, PartKind, Precedence, Scope};

/// A small fixed pseudo-random sequence (xorshift), so that a failure can be seen again.
struct Sequence(u64);

impl Sequence {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

/// Pieces that Dockerfiles are made of, and some that they should not be made of.
const PIECES: &[&str] = &[
    "FROM",
    "from ",
    "RUN ",
    "COPY ",
    "ADD ",
    "ENV ",
    "ARG ",
    "LABEL ",
    "ONBUILD ",
    "HEALTHCHECK ",
    "CMD ",
    "SHELL ",
    "VOLUME ",
    "EXPOSE ",
    "USER ",
    "STOPSIGNAL ",
    "scratch",
    " AS ",
    "as a",
    "\n",
    "\r\n",
    "\\\n",
    "\\",
    "`",
    "# escape=`\n",
    "# syntax=x\n",
    "#",
    "<<",
    "<<-",
    "EOF",
    "\nEOF\n",
    "'",
    "\"",
    "$",
    "${",
    "}",
    ":-",
    ":?",
    "#",
    "##",
    "%",
    "/",
    "//",
    "*",
    "?",
    "[",
    "]",
    ",",
    "\"a\"",
    "--",
    "--from=",
    "--mount=type=",
    "--chown=",
    "--interval=",
    "=",
    " ",
    "\t",
    "\u{a0}",
    "\u{feff}",
    "\u{202e}",
    "é",
    "\0",
    "80/tcp",
    "5s",
    "9999999999999999999h",
    "NONE",
    "\u{85}",
    "\u{2028}",
    "0",
    "-1",
    "18446744073709551616<<",
];

fn text(sequence: &mut Sequence) -> Vec<u8> {
    let mut bytes = if sequence.below(2) == 0 { b"FROM scratch\n".to_vec() } else { Vec::new() };
    for _ in 0..sequence.below(60) {
        bytes.extend(PIECES[sequence.below(PIECES.len())].as_bytes());
        if sequence.below(40) == 0 {
            bytes.push(sequence.below(256) as u8);
        }
    }
    bytes
}

/// Uses everything that a read file offers.
fn use_all(bytes: &[u8]) {
    let Ok(file) = dockerfile::parse(bytes, &Limits::default()) else { return };
    if std::str::from_utf8(bytes).is_ok() {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        assert_eq!(file.lines.concat().as_bytes(), text);
    }
    let mut next = 1;
    for part in &file.parts {
        assert_eq!(part.first_line, next);
        assert!(part.last_line >= part.first_line);
        next = part.last_line + 1;
        if let PartKind::Instruction(index) = part.kind {
            let instruction = &file.instructions[index];
            assert_eq!((instruction.span.line, instruction.span.last_line), (part.first_line, part.last_line));
            assert!(
                instruction.original.ends_with(&instruction.args) || instruction.original.trim_end().ends_with(&instruction.args)
            );
        }
    }
    assert_eq!(next as usize, file.lines.len() + 1);
    assert!(file.problems.iter().chain(&file.findings).all(|finding| finding.at.is_some()));
    assert!(!file.stages.is_empty());
    let given = BuildArguments::default();
    let globals = file.globals(&given).unwrap_or_else(|_| Globals::platform(&given));
    for stage in &file.stages {
        let _ = file.chain(stage, &globals);
        let mut scope = Scope::new(file.escape, Precedence::LaterWins, []);
        for (index, instruction) in file.stage_instructions(stage) {
            let _ = scope.apply(index, instruction, &globals, &given);
            let _ = Lexer::new(file.escape).word(&instruction.args, &scope);
            if let Command::Copy(copy) = &instruction.command {
                let _ = file.copy_from(stage, copy.from.as_deref().unwrap_or("0"));
            }
        }
    }
}

#[test]
fn random_files_are_read_or_refused() {
    let mut sequence = Sequence(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20_000 {
        use_all(&text(&mut sequence));
    }
}

#[test]
fn random_bytes_are_read_or_refused() {
    let mut sequence = Sequence(0x2545_f491_4f6c_dd1d);
    for _ in 0..2_000 {
        let bytes: Vec<u8> = (0..sequence.below(400)).map(|_| sequence.below(256) as u8).collect();
        use_all(&bytes);
        use_all(&[b"FROM a\nRUN ".as_slice(), &bytes].concat());
    }
}

#[test]
fn long_files_are_read_in_bounded_time() {
    use_all(&[b"FROM a\n".as_slice(), &b"RUN <<A\n".repeat(100_000)].concat());
    use_all(&[b"FROM a\nRUN ".as_slice(), &b"x\\\n".repeat(1_000_000)].concat());
    use_all(&[b"FROM a\nRUN ".as_slice(), &b"<<A ".repeat(16_000)].concat());
    use_all(&[b"FROM a\n".as_slice(), &b"ONBUILD ".repeat(8_000)].concat());
    use_all(&[b"FROM a\nCMD ".as_slice(), &b"[".repeat(60_000)].concat());
    use_all(&b"FROM a AS b\n".repeat(20_000));
    use_all(&[b"FROM a AS x0\n".as_slice(), &chain(1_000)].concat());
    use_all(&[b"FROM a\nRUN ".as_slice(), &b"--mount=from ".repeat(5_000)].concat());
}

fn chain(length: usize) -> Vec<u8> {
    (1..length).flat_map(|number| format!("FROM x{} AS x{number}\n", number - 1).into_bytes()).collect()
}
