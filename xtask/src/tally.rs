//! Counting: what other programs' test runners print, added up to one last line.

use std::{fmt, ops::AddAssign};

/// How many tests ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

impl Tally {
    /// One test that passed or failed.
    pub(crate) fn one(passed: bool) -> Tally {
        Tally { passed: passed.into(), failed: (!passed).into(), skipped: 0 }
    }

    /// The line of our own harness: `3 passed, 0 failed, 1 skipped`.
    pub(crate) fn from_own_line(line: &str) -> Option<Tally> {
        let mut parts = line.trim().split(", ");
        let mut part = |word: &str| parts.next()?.strip_suffix(word)?.strip_suffix(' ')?.parse().ok();
        let tally = Tally { passed: part("passed")?, failed: part("failed")?, skipped: part("skipped")? };
        parts.next().is_none().then_some(tally)
    }

    /// The line of a Rust test program: `test result: ok. 5 passed; 0 failed; 1 ignored; …`.
    pub(crate) fn from_rust_line(line: &str) -> Option<Tally> {
        let counts = line.trim().strip_prefix("test result: ")?.split_once(". ")?.1;
        let count = |word: &str| counts.split("; ").find_map(|part| part.strip_suffix(word)?.strip_suffix(' ')?.parse().ok());
        Some(Tally { passed: count("passed")?, failed: count("failed")?, skipped: count("ignored")? })
    }
}

/// Reads what `cargo test -- --show-output` prints. A test whose own output has a line that begins with `skipped:` passed without
/// having looked at anything, and counts as skipped.
#[derive(Debug, Default)]
pub(crate) struct RustOutput {
    pub(crate) tally: Tally,
    /// `name: skipped: why`.
    pub(crate) skips: Vec<String>,
    /// In the section that repeats what passing tests printed.
    in_successes: bool,
    test: Option<String>,
    /// Skips of the test program whose closing line is still to come.
    pending: u64,
}

impl RustOutput {
    /// Takes the next line; true when a person wants to see it.
    pub(crate) fn line(&mut self, line: &str) -> bool {
        match line {
            "successes:" => self.in_successes = true,
            "failures:" => self.in_successes = false,
            _ if self.in_successes => self.success(line),
            _ => {}
        }
        if let Some(tally) = Tally::from_rust_line(line) {
            let skipped = std::mem::take(&mut self.pending).min(tally.passed);
            self.tally += Tally { passed: tally.passed - skipped, skipped: tally.skipped + skipped, ..tally };
            self.in_successes = false;
        }
        !self.in_successes && !line.is_empty() && !line.ends_with(" ... ok")
    }

    fn success(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----")) {
            self.test = Some(name.to_string());
        } else if line.starts_with("skipped:")
            && let Some(name) = self.test.take()
        {
            self.skips.push(format!("{name}: {line}"));
            self.pending += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_closing_line_are_read() {
        let rust = "test result: FAILED. 5 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(Tally::from_rust_line(rust), Some(Tally { passed: 5, failed: 2, skipped: 1 }));
        assert_eq!(Tally::from_own_line("3 passed, 0 failed, 1 skipped"), Some(Tally { passed: 3, failed: 0, skipped: 1 }));
        for other in ["", "3 passed, 0 failed", "3 passed, 0 failed, 1 skipped, 2 more", "x passed, 0 failed, 1 skipped"] {
            assert_eq!(Tally::from_own_line(other), None, "{other}");
        }
    }

    #[test]
    fn a_test_that_says_it_was_skipped_does_not_count_as_passed() {
        let mut output = RustOutput::default();
        let text = "running 2 tests\ntest a ... ok\ntest b ... ok\n\nsuccesses:\n\n---- a stdout ----\nskipped: fixtures absent\nskipped: twice\n\n\
                    successes:\n    a\n    b\n\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        for line in text.lines() {
            output.line(line);
        }
        assert_eq!(output.tally, Tally { passed: 1, failed: 0, skipped: 1 });
        assert_eq!(output.skips, ["a: skipped: fixtures absent"]);
    }
}
