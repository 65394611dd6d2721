//! The few words that every written form of a report uses: verdicts, counts, places.

use super::catalogue;
use super::model::{At, Counts, Layer, Verdict};
use crate::finding::Args;
use crate::order::Gather;

/// The verdict as the page and the terminal say it: "Proved", "Not decided".
pub fn verdict(verdict: Verdict) -> String {
    catalogue::text(
        match verdict {
            Verdict::Proved => "verdict.proved",
            Verdict::Agrees => "verdict.agrees",
            Verdict::Contradicted => "verdict.contradicted",
            Verdict::Ambiguous => "verdict.ambiguous",
            Verdict::Unknown => "verdict.unknown",
        },
        &Args::new(),
    )
}

/// "Proved 5 · Agrees 7 · Contradicted 0 · Read differently 0 · Not decided 2".
pub fn counts(counts: &Counts) -> String {
    let args = Args::new()
        .with("proved", counts.proved)
        .with("agrees", counts.agrees)
        .with("contradicted", counts.contradicted)
        .with("ambiguous", counts.ambiguous)
        .with("unknown", counts.unknown);
    catalogue::text("summary.counts", &args)
}

/// What made a layer, in words, and the text of that step.
pub fn made_by(layer: &Layer) -> (String, &str) {
    let said = |code, name, number| catalogue::text(code, &Args::new().with(name, number));
    match &layer.made_by {
        Some(made) => match &made.instruction {
            Some(instruction) => (said("summary.layer-line", "line", instruction.line), &instruction.text),
            None => (said("summary.layer-entry", "entry", made.history + 1), &made.created_by),
        },
        None if layer.hidden => (catalogue::text("summary.layer-hidden", &Args::new()), ""),
        None => (catalogue::text("summary.layer-untold", &Args::new()), ""),
    }
}

/// "line 3, column 7", "byte 1,024, in etc/passwd".
pub fn place(at: &At) -> String {
    let parts = [
        at.line.map(|line| format!("line {line}")),
        at.column.map(|column| format!("column {column}")),
        at.byte.map(|byte| format!("byte {}", grouped(byte))),
        at.inside.as_ref().map(|name| format!("in {name}")),
    ];
    parts.into_iter().flatten().list().join(", ")
}

/// A number with a comma after every three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A size as people say it, in decimal units as docker prints them.
pub fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    for (unit, name) in UNITS {
        if bytes >= unit {
            let tenths = bytes / (unit / 10);
            return if tenths >= 1_000 {
                format!("{} {name}", tenths / 10)
            } else {
                format!("{}.{} {name}", tenths / 10, tenths % 10)
            };
        }
    }
    format!("{bytes} B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!([grouped(0), grouped(999), grouped(1_000), grouped(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([size(999), size(1_500), size(29_500_000), size(312_000_000)], ["999 B", "1.5 kB", "29.5 MB", "312 MB"]);
    }
}
