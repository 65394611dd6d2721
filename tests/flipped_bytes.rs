//! Every byte of small image archives is changed, twice, and the report read: a change in a referenced blob, or in a digest, a
//! size, a media type or a name that leads to one, never leaves the report without a contradiction, an ambiguity or an error.
//! Bytes that nothing binds are listed, computed from the same runs.
#![allow(clippy::unwrap_used)]

mod common;

use common::image::{File, Image, MANIFEST, Parts};
use common::tarball::{Raw, Tarball};
use layerproof::report::model::{Evidence, Report, Verdict};
use layerproof::session::Session;
use std::collections::BTreeMap;
use std::ops::Range;

/// An archive under test: its bytes, and where the content of each entry stands in it.
struct Archive {
    bytes: Vec<u8>,
    places: Vec<(String, Range<usize>)>,
}

impl Archive {
    fn of(files: &[File]) -> Self {
        let mut tar = Tarball::new();
        let mut places = Vec::new();
        for file in files {
            tar = tar.header(Raw::new(file.name.as_bytes(), b'0', file.bytes.len() as u64));
            places.push((file.name.clone(), tar.0.len()..tar.0.len() + file.bytes.len()));
            tar = tar.content(&file.bytes);
        }
        Self { bytes: tar.end(), places }
    }

    fn place(&self, name: &str) -> Range<usize> {
        self.places.iter().find(|(known, _)| known == name).unwrap().1.clone()
    }

    /// The string or number values of these keys in a JSON entry.
    fn values(&self, name: &str, keys: &[&str]) -> Vec<usize> {
        let place = self.place(name);
        let text = std::str::from_utf8(&self.bytes[place.clone()]).unwrap();
        let mut found = Vec::new();
        for key in keys {
            for (at, mark) in text.match_indices(&format!("\"{key}\":")) {
                let rest = &text[at + mark.len()..];
                let end = match rest.as_bytes()[0] {
                    b'"' => rest[1..].find('"').unwrap() + 2,
                    b'[' => rest.find(']').unwrap() + 1,
                    _ => rest.find([',', '}']).unwrap(),
                };
                found.extend(place.start + at + mark.len()..place.start + at + mark.len() + end);
            }
        }
        found
    }

    fn is_content(&self, at: usize) -> bool {
        self.places.iter().any(|(_, place)| place.contains(&at))
    }

    /// Every byte of every entry and every byte of the headers that is not zero; of runs of zeros in headers, padding and the
    /// end of the archive, where each is like its neighbour, one in 112.
    fn tried(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.bytes.len()).filter(|at| self.is_content(*at) || self.bytes[*at] != 0 || at % 112 == 0)
    }

    /// What a byte is, for the list of those that nothing binds.
    fn what(&self, at: usize) -> String {
        let inside = self.places.iter().find(|(_, place)| place.contains(&at));
        if let Some((name, place)) = inside {
            if !name.ends_with("json") && !name.ends_with("repositories") && !name.ends_with("oci-layout") {
                return format!("content of {name}");
            }
            let text = &self.bytes[place.clone()];
            let at = at - place.start;
            let before = &text[..at];
            let key = before.windows(2).rposition(|pair| pair == b"\":").map_or(&b""[..], |colon| {
                let start = before[..colon].iter().rposition(|byte| *byte == b'"').map_or(0, |quote| quote + 1);
                &before[start..colon]
            });
            return format!("{name}: at or after “{}”", String::from_utf8_lossy(key));
        }
        let next = self.places.iter().find(|(_, place)| at < place.start);
        match next {
            Some((_, place)) if at >= place.start - 512 => "tar header".to_owned(),
            Some(_) => "tar padding".to_owned(),
            None => "tar padding or end of the archive".to_owned(),
        }
    }
}

fn report(bytes: &[u8]) -> Report {
    let mut session = Session::new();
    common::evidence::give(&mut session, "image.tar", bytes);
    session.report()
}

/// Whether somebody who reads this report sees that something is wrong.
fn is_loud(report: &Report) -> bool {
    fn has_error(evidence: &Evidence) -> bool {
        evidence.error.is_some() || evidence.parts.iter().any(has_error)
    }
    let loud = |verdict| matches!(verdict, Verdict::Contradicted | Verdict::Ambiguous);
    report.checks.iter().any(|check| loud(check.verdict)) || report.evidence.iter().any(has_error)
}

/// A change of one bit, and one that keeps digits digits, hex digits hex digits and letters letters, so that what is read
/// differently is still well formed.
fn changes(byte: u8) -> [u8; 2] {
    let other = match byte {
        b'9' => b'0',
        b'0'..=b'8' => byte + 1,
        b'f' => b'a',
        b'z' => b'y',
        b'a'..=b'e' | b'g'..=b'y' => byte + 1,
        b' ' => b'\n',
        0 => b'7',
        _ => byte ^ 0x40,
    };
    [byte ^ 1, other]
}

/// Changes every byte and asserts that those which are bound are never silent. Prints what nothing binds.
fn flip(label: &str, archive: &Archive, bound: &[usize]) {
    let clean = report(&archive.bytes);
    assert!(!is_loud(&clean), "{label}: {:?}", common::evidence::contradictions(&clean));
    let mut silent = Vec::new();
    let mut unbound: BTreeMap<String, (u32, String)> = BTreeMap::new();
    let mut bytes = archive.bytes.clone();
    for at in archive.tried() {
        let original = bytes[at];
        // Sums of tar headers notice any change alike; content may be read differently by what it becomes.
        let changes = if archive.is_content(at) { &changes(original)[..] } else { &changes(original)[..1] };
        for change in changes.iter().copied() {
            bytes[at] = change;
            if is_loud(&report(&bytes)) {
                continue;
            }
            if bound.contains(&at) {
                silent.push(format!("{at} {:?} -> {:?}: {}", char::from(original), char::from(change), archive.what(at)));
            } else {
                let entry = unbound.entry(archive.what(at)).or_default();
                entry.0 += 1;
                if archive.is_content(at) {
                    entry.1.push(char::from(change));
                }
            }
        }
        bytes[at] = original;
    }
    println!("{label}: {} bytes, {} of them bound; changes that nothing notices:", archive.bytes.len(), bound.len());
    for (what, (count, examples)) in &unbound {
        println!("  {count:5}  {what} {examples:?}");
    }
    assert!(silent.is_empty(), "{label}: {} changes go unnoticed:\n{}", silent.len(), silent.join("\n"));
}

/// All bytes of entries that a digest names.
fn named(archive: &Archive, is_named: impl Fn(&str) -> bool) -> Vec<usize> {
    archive.places.iter().filter(|(name, _)| is_named(name)).flat_map(|(_, place)| place.clone()).collect()
}

#[test]
fn oci_archive() {
    for own in [MANIFEST, ""] {
        let archive = Archive::of(&Image::new(Parts { manifest_type: own, ..Parts::default() }).oci());
        let mut bound = named(&archive, |name| name.starts_with("blobs/"));
        bound.extend(archive.values("index.json", &["digest", "size", "mediaType", "architecture", "os"]));
        flip(&format!("OCI archive, manifest with media type “{own}”"), &archive, &bound);
    }
}

#[test]
fn docker_save_since_25() {
    let archive = Archive::of(&Image::new(Parts { annotation: "io.containerd.image.name", ..Parts::default() }).saved());
    let mut bound = named(&archive, |name| name.starts_with("blobs/"));
    bound.extend(archive.values("index.json", &["digest", "size", "mediaType", "architecture", "os"]));
    bound.extend(archive.values("manifest.json", &["Config", "Layers"]));
    flip("docker save since 25", &archive, &bound);
}

#[test]
fn docker_save_before_25() {
    let archive = Archive::of(&Image::new(Parts::default()).saved_before_25());
    let mut bound = named(&archive, |name| name.ends_with("layer.tar") || name.len() == 69);
    bound.extend(archive.values("manifest.json", &["Config", "Layers"]));
    flip("docker save before 25", &archive, &bound);
}
