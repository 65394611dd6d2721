//! The recorded streams of real Go programs, in the fixtures.

use super::block::Counts;
use super::estimate::{Arithmetic, estimate};
use super::huffman::code_lengths;
use super::symbols::{DISTANCES, LITERALS};
use super::{GzipLegacy, GzipModern};
use base64::Engine as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::path::PathBuf;

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The vectors of a folder, or `None` (said on the test's output) where the fixtures are not there.
fn vectors(folder: &str) -> Option<Value> {
    let root = std::env::var_os("LAYERPROOF_FIXTURES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures"), PathBuf::from);
    let path = root.join(format!("rebuild/{folder}/vectors.json"));
    if !path.exists() {
        println!("skipped: fixtures absent");
        return None;
    }
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

/// The recipe language that the vectors describe.
#[derive(Default)]
struct Recipe {
    bytes: Vec<u8>,
    state: u64,
}

impl Recipe {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.state >> 33
    }

    /// Where the distance is longer than the buffer, the recorded inputs have what a slice with negative bounds gives in
    /// Python: both bounds count from the end.
    fn copy(&mut self, distance: u64, count: u64) {
        let length = self.bytes.len() as i64;
        let (start, end) = (length - distance as i64, length - distance as i64 + count as i64);
        let range = match (start < 0, end < 0) {
            (false, _) => start..end,
            (true, true) => (start + length).max(0)..(end + length).max(0),
            (true, false) => 0..0,
        };
        for from in range {
            self.bytes.push(self.bytes[from as usize]);
        }
    }

    fn words(&mut self, count: u64, words: &Value) {
        let words: Vec<&str> = words.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        let end = self.bytes.len() + count as usize;
        while self.bytes.len() < end {
            let word = words[(self.next() % words.len() as u64) as usize];
            self.bytes.extend_from_slice(word.as_bytes());
        }
        self.bytes.truncate(end);
    }

    fn shuffle(&mut self, pairs: &Value) {
        let mut list = Vec::new();
        for pair in pairs.as_array().unwrap() {
            list.extend(std::iter::repeat_n(pair[0].as_u64().unwrap() as u8, pair[1].as_u64().unwrap() as usize));
        }
        for last in (1..list.len()).rev() {
            let other = (self.next() % (last as u64 + 1)) as usize;
            list.swap(last, other);
        }
        self.bytes.extend(list);
    }

    fn run(&mut self, steps: &Value) {
        for step in steps.as_array().unwrap() {
            let number = |index: usize| step[index].as_u64().unwrap();
            match step[0].as_str().unwrap() {
                "seed" => self.state = number(1),
                "b64" => self.bytes.extend(base64::engine::general_purpose::STANDARD.decode(step[1].as_str().unwrap()).unwrap()),
                "fill" => self.bytes.extend(std::iter::repeat_n(number(1) as u8, number(2) as usize)),
                "rnd" => (0..number(1)).for_each(|_| {
                    let byte = number(3) + self.next() % number(2);
                    self.bytes.push(byte as u8);
                }),
                "copy" => self.copy(number(1), number(2)),
                "rcopy" => {
                    let distance = number(1) + self.next() % (number(2) - number(1) + 1);
                    let count = number(3) + self.next() % (number(4) - number(3) + 1);
                    self.copy(distance, count);
                }
                "words" => self.words(number(1), &step[2]),
                "shuffle" => self.shuffle(&step[1]),
                "loop" => (0..number(1)).for_each(|_| self.run(&step[2])),
                "cut" => self.bytes.truncate(number(1) as usize),
                other => panic!("step {other}"),
            }
        }
    }
}

fn input(case: &Value) -> Vec<u8> {
    let mut recipe = Recipe::default();
    match case["input_base64"].as_str() {
        Some(text) => recipe.bytes = base64::engine::general_purpose::STANDARD.decode(text).unwrap(),
        None => recipe.run(&case["recipe"]),
    }
    assert_eq!(sha256(&recipe.bytes), case["input_sha256"], "recipe of {}", case["name"]);
    recipe.bytes
}

/// Runs every case of the default level; returns the names of those that differ.
fn failures(cases: &Value, compress: impl Fn(&[u8]) -> Vec<u8>, expected: impl Fn(&Value) -> Value) -> (usize, Vec<String>) {
    let default = |case: &&Value| matches!(case["level"].as_i64(), Some(6 | -1));
    let cases: Vec<&Value> = cases.as_array().unwrap().iter().filter(default).collect();
    let differs = |case: &&&Value| sha256(&compress(&input(case))) != expected(case);
    let failed = cases.iter().filter(differs).map(|case| case["name"].to_string()).collect();
    (cases.len(), failed)
}

#[test]
fn go_1_8_to_1_26() {
    let Some(vectors) = vectors("go-deflate-vectors") else { return };
    let compress = |data: &[u8]| {
        let (mut encoder, mut out) = (GzipLegacy::new(), Vec::new());
        data.chunks(100_000).for_each(|piece| encoder.write(piece, &mut out));
        encoder.finish(&mut out);
        out
    };
    let (count, failed) = failures(&vectors["cases"], compress, |case| case["output_sha256"].clone());
    assert!(count > 50 && failed.is_empty(), "{} of {count} differ: {failed:?}", failed.len());
}

#[test]
fn go_1_27() {
    let Some(vectors) = vectors("go-deflate-1.27-vectors") else { return };
    for arithmetic in [Arithmetic::Plain, Arithmetic::Fused] {
        let compress = |data: &[u8]| {
            let (mut encoder, mut out) = (GzipModern::new(arithmetic), Vec::new());
            data.chunks(100_000).for_each(|piece| encoder.write(piece, &mut out));
            encoder.finish(&mut out);
            out
        };
        let expected = |case: &Value| match (arithmetic, case.get("fused_output_sha256")) {
            (Arithmetic::Fused, Some(digest)) => digest.clone(),
            _ => case["output_sha256"].clone(),
        };
        let (count, failed) = failures(&vectors["cases"], compress, expected);
        assert!(count > 100 && failed.is_empty(), "{arithmetic:?}: {} of {count} differ: {failed:?}", failed.len());
    }
}

#[test]
fn code_lengths_of_both_generations() {
    for folder in ["go-deflate-vectors", "go-deflate-1.27-vectors"] {
        let Some(vectors) = vectors(folder) else { return };
        for step in vectors["code_length_steps"].as_array().unwrap() {
            let rows: Vec<Vec<u64>> = serde_json::from_value(step["symbol_count_length"].clone()).unwrap();
            let size = rows.iter().map(|row| row[0] + 1).max().unwrap() as usize;
            let (mut counts, mut expected, mut lengths) = (vec![0; size], vec![0; size], vec![0; size]);
            for row in &rows {
                counts[row[0] as usize] = row[1] as u32;
                expected[row[0] as usize] = row[2] as u8;
            }
            code_lengths(&counts, step["limit"].as_u64().unwrap() as usize, &mut lengths);
            assert_eq!(lengths, expected, "{folder} {}", step["name"]);
        }
    }
}

#[test]
fn estimates_on_three_kinds_of_machine() {
    let Some(vectors) = vectors("go-deflate-1.27-vectors") else { return };
    for step in vectors["estimate_steps"].as_array().unwrap() {
        let mut counts = Counts { literals: [0; LITERALS], distances: [0; DISTANCES] };
        let pairs = |key: &str| serde_json::from_value::<Vec<[u32; 2]>>(step[key].clone()).unwrap();
        pairs("L").iter().for_each(|[symbol, count]| counts.literals[*symbol as usize] = *count);
        pairs("D").iter().for_each(|[symbol, count]| counts.distances[*symbol as usize] = *count);
        assert_eq!(step["X"], counts.extra_bits());
        for (name, arithmetic) in [("plain", Arithmetic::Plain), ("fused", Arithmetic::Fused), ("v3", Arithmetic::V3)] {
            if let Some(expected) = step.get(name) {
                let found = estimate(&counts, step["u"].as_u64().unwrap() as u32, arithmetic) + counts.extra_bits();
                assert_eq!(expected, found, "{name} {}", step["u"]);
            }
        }
    }
}
