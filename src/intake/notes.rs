//! Collects findings and divergences without letting a hostile input make thousands of them.

use super::facts::Divergence;
use crate::finding::{Finding, Level};
use crate::order::Map;

/// Places that are listed for one code; the rest is counted.
const PLACES: u64 = 16;

/// Findings and divergences in the order in which they were met.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    findings: Vec<Finding>,
    divergences: Vec<Divergence>,
    counts: Map<&'static str, u64>,
}

impl Notes {
    /// Adds a finding, or counts it if its code has been met often.
    pub fn finding(&mut self, finding: Finding) {
        if self.is_wanted(finding.code) {
            self.findings.push(finding);
        }
    }

    /// Adds a divergence, or counts it if its code has been met often.
    pub fn divergence(&mut self, divergence: Divergence) {
        if self.is_wanted(divergence.code) {
            self.divergences.push(divergence);
        }
    }

    /// Joins what another stage collected.
    pub fn append(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.divergences.extend(other.divergences);
        for (code, count) in other.counts {
            *self.counts.entry(code).or_default() += count;
        }
    }

    /// Everything, with one more finding for each code that was met more often than it is listed.
    pub fn finish(mut self) -> (Vec<Finding>, Vec<Divergence>) {
        for (code, count) in self.counts {
            if let Some(more) = count.checked_sub(PLACES).filter(|more| *more > 0) {
                let finding = Finding { level: Level::Note, ..Finding::note("intake.and-more") };
                self.findings.push(finding.with("of", code).with("count", more));
            }
        }
        (self.findings, self.divergences)
    }

    /// Findings, divergences, and how often each code was met; for another worker.
    pub(super) fn parts(&self) -> (&[Finding], &[Divergence], &Map<&'static str, u64>) {
        (&self.findings, &self.divergences, &self.counts)
    }

    /// Notes from such parts.
    pub(super) fn from_parts(
        findings: Vec<Finding>,
        divergences: Vec<Divergence>,
        counts: impl IntoIterator<Item = (&'static str, u64)>,
    ) -> Self {
        let mut notes = Self { findings, divergences, counts: Map::new() };
        for (code, count) in counts {
            *notes.counts.entry(code).or_default() += count;
        }
        notes
    }

    fn is_wanted(&mut self, code: &'static str) -> bool {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        *count <= PLACES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seventeenth_is_only_counted() {
        let mut notes = Notes::default();
        for _ in 0..20 {
            notes.finding(Finding::note("intake.tar-no-end"));
        }
        let (findings, _) = notes.finish();
        assert_eq!(findings.len(), 17);
        assert_eq!(findings.last().and_then(|finding| finding.args.value("count")), Some("4"));
    }
}
