//! Evidence for a session, and what its report says about it.

use layerproof::report::model::{Report, Verdict};
use layerproof::session::Session;
use std::path::{Path, PathBuf};

/// All files below a folder, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Gives one file.
pub(crate) fn give(session: &mut Session, name: &str, bytes: &[u8]) {
    let source = session.open(name, Some(bytes.len() as u64));
    session.push(source, bytes);
    session.close(source);
}

/// Evidence that is put together for one report.
pub(crate) struct Given(Session);

impl Given {
    pub(crate) fn new() -> Self {
        Self(Session::new())
    }

    pub(crate) fn bytes(mut self, name: &str, bytes: &[u8]) -> Self {
        give(&mut self.0, name, bytes);
        self
    }

    pub(crate) fn file(self, path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        self.bytes(path.file_name().unwrap().to_str().unwrap(), &bytes)
    }

    /// A dropped folder.
    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        let root = folder.parent().unwrap();
        for path in files(folder) {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            give(&mut self.0, name, &std::fs::read(&path).unwrap());
        }
        self
    }

    pub(crate) fn claim(mut self, text: &str) -> Self {
        self.0.claim(text);
        self
    }

    pub(crate) fn report(self) -> Report {
        self.0.report()
    }
}

/// How many checks of a kind have a verdict.
pub(crate) fn count(report: &Report, kind: &str, verdict: Verdict) -> usize {
    report.checks.iter().filter(|check| check.kind == kind && check.verdict == verdict).count()
}

/// Everything that is contradicted or ambiguous, in words.
pub(crate) fn contradictions(report: &Report) -> Vec<String> {
    let loud = report.checks.iter().filter(|check| matches!(check.verdict, Verdict::Contradicted | Verdict::Ambiguous));
    loud.map(|check| {
        format!("{} {} {}: {}", check.kind, serde_json::to_string(&check.verdict).unwrap(), check.subject, check.text)
    })
    .collect()
}
