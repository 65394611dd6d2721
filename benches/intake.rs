//! The whole first pass over a layer, beside the tools of the system: `cargo bench --bench intake [-- MEBIBYTES]`.
//!
//! Rounds are interleaved and medians compared, since a shared machine wanders more between minutes than within one. The
//! input is made here: many small and some large files of text and of bytes that do not compress.
#![allow(clippy::unwrap_used)]

use layerproof::digest::Sha256;
use layerproof::intake::limits::Limits;
use layerproof::intake::{Compression, Decompressor, Source};
use std::io::Write;
use std::ops::ControlFlow;
use std::process::{Command, Stdio};
use std::time::Instant;

const ROUNDS: usize = 5;
const PIECE: usize = 1 << 20;

fn main() {
    let mebibytes = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(64);
    let tar = archive(mebibytes << 20);
    let packed = gzip(&tar);
    println!("tar {} MiB, tar.gz {} MiB, {ROUNDS} rounds", tar.len() >> 20, packed.len() >> 20);
    let jobs: Vec<(&str, Box<dyn Fn()>)> = vec![
        ("sha256 of the tar", Box::new(|| sha256(&tar))),
        ("gunzip", Box::new(|| gunzip(&packed))),
        ("first pass, tar.gz", Box::new(|| first_pass(&packed))),
        ("first pass, tar", Box::new(|| first_pass(&tar))),
        ("sha256sum < tar", Box::new(|| pipe("sha256sum", &tar))),
        (
            "sha256sum < tar.gz; gzip -dc | sha256sum",
            Box::new(|| {
                pipe("sha256sum", &packed);
                pipe("gzip -dc | sha256sum", &packed);
            }),
        ),
        (
            "the same and tar -t",
            Box::new(|| {
                pipe("sha256sum", &packed);
                pipe("gzip -dc | sha256sum", &packed);
                pipe("tar -t", &tar);
            }),
        ),
    ];
    let mut times = vec![Vec::new(); jobs.len()];
    for _ in 0..ROUNDS {
        for ((_, job), times) in jobs.iter().zip(&mut times) {
            let start = Instant::now();
            job();
            times.push(start.elapsed().as_secs_f64());
        }
    }
    for ((name, _), times) in jobs.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let median = times[ROUNDS / 2];
        println!("{name:44} {median:7.3} s {:7.0} MB/s of tar", tar.len() as f64 / 1e6 / median);
    }
    println!("first pass, tar.gz : sha256sum and gzip -dc | sha256sum = {:.2}", times[2][ROUNDS / 2] / times[5][ROUNDS / 2]);
}

fn sha256(bytes: &[u8]) {
    let mut hash = Sha256::new();
    bytes.chunks(PIECE).for_each(|piece| hash.update(piece));
    std::hint::black_box(hash.digest());
}

fn gunzip(bytes: &[u8]) {
    let mut decompressor = Decompressor::new(Compression::Gzip, &Limits::default());
    for piece in bytes.chunks(PIECE) {
        decompressor.push(piece, &mut |_| ControlFlow::Continue(())).unwrap();
    }
    std::hint::black_box(decompressor.made());
}

fn first_pass(bytes: &[u8]) {
    let mut source = Source::new("bench", None, &Limits::default());
    bytes.chunks(PIECE).for_each(|piece| source.push(piece));
    assert!(std::hint::black_box(source.close()).error.is_none());
}

fn pipe(command: &str, bytes: &[u8]) {
    let child = Command::new("sh").args(["-c", command]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
    let Ok(mut child) = child else { return };
    if let Some(mut input) = child.stdin.take() {
        let _ = input.write_all(bytes);
    }
    let _ = child.wait();
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Files from a few hundred bytes to a few mebibytes, three quarters text.
fn archive(size: usize) -> Vec<u8> {
    let mut random = 1_u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    let words: Vec<String> = (0..4000).map(|_| format!("{:x} ", next() >> (next() % 48 + 8))).collect();
    let mut builder = tar::Builder::new(Vec::with_capacity(size + PIECE));
    let mut made = 0;
    for number in 0.. {
        if made >= size {
            break;
        }
        let len = (200 << (next() % 15)) as usize;
        let mut content = Vec::with_capacity(len + 16);
        let is_text = number % 4 != 0;
        while content.len() < len {
            match is_text {
                true => content.extend_from_slice(words[next() as usize % words.len()].as_bytes()),
                false => content.extend(next().to_le_bytes()),
            }
        }
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, format!("usr/share/part{}/file{number}", number % 50), &content[..]).unwrap();
        made += content.len();
    }
    builder.into_inner().unwrap()
}
