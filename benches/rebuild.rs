//! The gzip writer and the whole chain from tarball to layer digest, beside the same in Go: `cargo bench --bench rebuild [--
//! MEBIBYTES]`.
//!
//! Rounds are interleaved and medians compared, since a shared machine wanders more between minutes than within one. The
//! input is made here. The digests of both sides are compared in every round: what is fast and wrong is worth nothing.
#![allow(clippy::unwrap_used, clippy::panic)]

use layerproof::digest::{DiffId, Digest};
use layerproof::intake::Compression;
use layerproof::intake::limits::Limits;
use layerproof::rebuild::gzip::{Generation, GzipEncoder};
use layerproof::rebuild::{Added, Job, RebuildLimits, Task, Wanted};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const ROUNDS: usize = 5;

fn main() {
    let mebibytes = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(76);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench-rebuild");
    std::fs::create_dir_all(&folder).unwrap();
    let (tar, packed) = (folder.join("rootfs.tar"), folder.join("rootfs.tar.gz"));
    let bytes = archive(mebibytes << 20);
    std::fs::write(&tar, &bytes).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(&bytes).unwrap();
    std::fs::write(&packed, encoder.finish().unwrap()).unwrap();
    let Some(go) = go_program(&folder) else {
        println!("skipped: go is not installed (Debian package golang-go), so there is nothing to compare with");
        return;
    };
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        let theirs = go_says(&go, "gzip", &tar);
        let (ours, seconds) = timed(|| gzip(&bytes));
        assert_eq!(ours.hex(), theirs[0], "the gzip streams differ");
        times[0].push(seconds);
        times[1].push(theirs[1].parse().unwrap());
        let theirs = go_says(&go, "chain", &packed);
        let diff_id = DiffId(format!("sha256:{}", theirs[0]).parse().unwrap());
        let layer: Digest = format!("sha256:{}", theirs[1]).parse().unwrap();
        let (is_met, seconds) = timed(|| chain(&packed, diff_id, layer));
        assert!(is_met, "the layers differ");
        times[2].push(seconds);
        times[3].push(theirs[3].parse().unwrap());
    }
    let [gzip, go_gzip, chain, go_chain] = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[ROUNDS / 2]
    });
    let size = bytes.len() as f64 / 1e6;
    println!("tar {size:.0} MB, {ROUNDS} rounds, medians");
    for (name, time) in [("gzip writer", gzip), ("Go's gzip writer", go_gzip), ("chain", chain), ("Go's chain", go_chain)] {
        println!("{name:20} {time:7.2} s {:6.1} MB/s of tar", size / time);
    }
    println!("gzip writer : Go's = {:.2}", gzip / go_gzip);
    println!("chain : Go's = {:.2}", chain / go_chain);
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed().as_secs_f64())
}

/// Go's side, compiled; `None` where there is no Go.
fn go_program(folder: &Path) -> Option<PathBuf> {
    let (program, source) = (folder.join("chain"), Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/go/chain.go"));
    let built = Command::new("go").args(["build", "-o"]).arg(&program).arg(source).env("GO111MODULE", "off").status().ok()?;
    built.success().then_some(program)
}

fn go_says(go: &Path, what: &str, file: &Path) -> Vec<String> {
    let output = Command::new(go).arg(what).arg(file).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split_whitespace().map(str::to_owned).collect()
}

fn gzip(bytes: &[u8]) -> Digest {
    let (mut encoder, mut out) = (GzipEncoder::new(Generation::Legacy), Vec::new());
    bytes.chunks(1 << 16).for_each(|piece| encoder.write(piece, &mut out));
    encoder.finish(&mut out);
    Digest::sha256(&out)
}

fn chain(file: &Path, diff_id: DiffId, layer: Digest) -> bool {
    let added = Added::Tarball { destination: b"/".to_vec(), compression: Some(Compression::Gzip), owner: None };
    let wanted = Wanted { diff_ids: vec![(diff_id, None)], blobs: vec![layer], ..Wanted::default() };
    let mut job = Job::new(&Task::single(added, wanted), None, RebuildLimits::default(), &Limits::default());
    std::fs::read(file).unwrap().chunks(1 << 20).for_each(|piece| job.push(piece));
    let rebuilt = job.finish();
    rebuilt.layers.iter().any(|one| one.found.len() == 1 && one.packed.iter().any(|packed| packed.digest == layer))
}

/// A tarball of directories and files, one in eight of bytes that do not compress, the others of text; names stand once.
fn archive(size: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize
    };
    let words: Vec<String> = (0..4000).map(|_| format!("{:x}", next()).chars().take(2 + next() % 6).collect()).collect();
    let mut builder = tar::Builder::new(Vec::new());
    for folder in 0..50 {
        let mut header = header(0o755, 0, tar::EntryType::Directory);
        builder.append_data(&mut header, format!("{folder}/"), std::io::empty()).unwrap();
    }
    let (mut made, mut number) = (0, 0);
    while made < size {
        let length = 200 << (next() % 15);
        let mut content: Vec<u8> = Vec::with_capacity(length + 8);
        while content.len() < length {
            match number % 8 {
                0 => content.extend_from_slice(&(next() as u32 ^ (next() << 16) as u32).to_le_bytes()),
                _ => content.extend_from_slice(format!("{} ", words[next() % words.len()]).as_bytes()),
            }
        }
        let mut header = header(0o644, content.len() as u64, tar::EntryType::Regular);
        builder.append_data(&mut header, format!("{}/{number}", number % 50), &content[..]).unwrap();
        (made, number) = (made + content.len(), number + 1);
    }
    builder.into_inner().unwrap()
}

fn header(mode: u32, size: u64, kind: tar::EntryType) -> tar::Header {
    let mut header = tar::Header::new_ustar();
    header.set_mode(mode);
    header.set_size(size);
    header.set_entry_type(kind);
    header.set_mtime(1);
    header
}
