//! One line per corpus of the fixtures: how many inputs, and what their reports say.
#![allow(clippy::unwrap_used)]

mod common;

use common::evidence::{Given, files};
use layerproof::report::model::{Evidence, Report, Verdict};
use std::path::{Path, PathBuf};

/// Files that are larger are left to the benchmarks.
const LARGEST: u64 = 8 << 20;

#[derive(Debug, Default)]
struct Tally {
    inputs: usize,
    loud: usize,
    unread: usize,
    verdicts: [usize; 5],
}

impl Tally {
    fn add(&mut self, report: &Report) {
        fn unread(evidence: &Evidence) -> bool {
            evidence.error.is_some() || evidence.kind == "unknown" || evidence.parts.iter().any(unread)
        }
        let loud = |verdict| matches!(verdict, Verdict::Contradicted | Verdict::Ambiguous);
        self.inputs += 1;
        self.loud += usize::from(report.checks.iter().any(|check| loud(check.verdict)));
        self.unread += usize::from(report.evidence.iter().any(unread));
        for check in &report.checks {
            self.verdicts[check.verdict as usize] += 1;
        }
        // Whatever was given, the report says something and every sentence is one.
        assert!(!report.summary.text.is_empty() && !report.evidence.is_empty());
        for check in &report.checks {
            assert!(!check.text.contains('{') || check.text.contains('“') || check.details.len() > 50, "{}", check.text);
        }
    }

    fn print(&self, name: &str) {
        let [contradicted, ambiguous, unknown, agrees, proved] = self.verdicts;
        println!(
            "{name}: {} inputs, {} loud, {} not read; proved {proved}, agrees {agrees}, contradicted {contradicted}, ambiguous {ambiguous}, unknown {unknown}",
            self.inputs, self.loud, self.unread
        );
    }
}

fn small_files(root: &Path) -> Vec<PathBuf> {
    files(root).into_iter().filter(|path| std::fs::metadata(path).is_ok_and(|found| found.len() <= LARGEST)).collect()
}

fn each_file(corpus: &str) -> Option<Tally> {
    let root = common::fixtures(corpus)?;
    let mut tally = Tally::default();
    small_files(&root).iter().for_each(|path| tally.add(&Given::new().file(path).report()));
    tally.print(corpus);
    Some(tally)
}

fn each_folder(corpus: &str, marker: &str) -> Option<Tally> {
    let root = common::fixtures(corpus)?;
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let mut tally = Tally::default();
    for folder in folders.iter().filter(|folder| folder.join(marker).exists()) {
        tally.add(&Given::new().folder(folder).report());
    }
    tally.print(corpus);
    Some(tally)
}

#[test]
fn layouts() {
    if let Some(tally) = each_folder("official/oci", "image-manifest.json") {
        assert_eq!((tally.inputs, tally.loud, tally.unread), (18, 0, 0));
        assert_eq!(tally.verdicts[4], 36, "two edges of each are proved");
    }
    if let Some(tally) = each_folder("official/rootfs", "index.json") {
        assert_eq!((tally.inputs, tally.loud, tally.unread), (3, 0, 0));
        assert_eq!(tally.verdicts[4], 12, "every edge is proved");
    }
    if let Some(tally) = each_folder("official/debian-2024-12/amd64", "oci/index.json") {
        assert_eq!((tally.loud, tally.unread), (0, 0));
    }
}

#[test]
fn library_files() {
    if let Some(tally) = each_file("official/library/library") {
        assert_eq!((tally.inputs, tally.loud, tally.unread), (144, 0, 0));
    }
}

#[test]
fn archives() {
    for corpus in ["images", "trust/attestation", "trust/hostile"] {
        each_file(corpus);
    }
}
