//! The places where other readers part from Go. Each rule was measured (facts are named by the case in
//! `tests/archive_ambiguity.rs`) or read in the reader's source; what a reader refuses is no reading of its own.

use super::Header;
use super::block::{Fields, Layout, string};
use super::pax::Records;
use super::resolve::Pending;
use crate::finding::{At, Finding, visible};
use crate::intake::facts::{Divergence, Reader};
use crate::intake::notes::Notes;

use Reader::{BusyBox, GnuTar, Python, TarCrate};

/// A divergence about one entry.
pub(super) fn diverge(
    code: &'static str,
    at: u64,
    entry: &[u8],
    readers: &[Reader],
    go: impl Into<String>,
    others: impl Into<String>,
) -> Divergence {
    let cut = &entry[..entry.len().min(4096)];
    Divergence { code, at, entry: visible(cut), readers: readers.to_vec(), go_sees: go.into(), others_see: others.into() }
}

/// Compares what Go made of an entry with what the others make of the same headers. `header` is as it stands before a sparse
/// map changes it.
pub(super) fn entry(fields: &Fields, pending: &Pending, header: &Header, notes: &mut Notes) {
    header_block(fields, header, notes);
    prefix(fields, header, notes);
    old_directory(fields, header, notes);
    sizes(fields, pending, header, notes);
    names(fields, pending, header, notes);
    replaced(pending, header, notes);
}

fn header_block(fields: &Fields, header: &Header, notes: &mut Notes) {
    let place = || At { inside: Some(visible(&header.name)), ..At::byte(header.at) };
    if fields.signed_sum {
        notes.finding(Finding::note("intake.tar-signed-sum").at(place()));
    }
    if fields.after_nul {
        notes.finding(Finding::note("intake.tar-bytes-after-nul").at(place()));
    }
    let is_handled = matches!(header.flag, 0 | b'0'..=b'6' | b'g');
    if !is_handled {
        notes.finding(Finding::warn("intake.tar-type-not-extracted").at(place()).with("flag", visible(&[header.flag])));
    }
    if header.flag == b'X' {
        notes.divergence(diverge(
            "intake.tar-solaris-records",
            header.at,
            &header.name,
            &[GnuTar, Python],
            "an entry",
            "an extended header",
        ));
    }
}

/// Python joins the bytes after the V7 part to the name whatever the layout; Go does so for a GNU header only when they are no
/// times, the others never.
fn prefix(fields: &Fields, header: &Header, notes: &mut Notes) {
    let Some(joined) = fields.joined.as_ref().filter(|_| header.name == fields.name) else { return };
    let base = &joined[joined.len() - fields.base_len..];
    let (readers, others): (&[Reader], _) =
        if *joined == fields.name { (&[GnuTar, TarCrate], base) } else { (&[Python], &joined[..]) };
    notes.divergence(diverge("intake.tar-prefix", header.at, &header.name, readers, visible(&header.name), visible(others)));
}

fn sizes(fields: &Fields, pending: &Pending, header: &Header, notes: &mut Notes) {
    let mut report = |code, readers: &[Reader], others: u64| {
        notes.divergence(diverge(
            code,
            header.at,
            &header.name,
            readers,
            format!("{} bytes", header.stored),
            format!("{others} bytes"),
        ));
    };
    if !header.kind.has_content() && header.size > 0 {
        let by_record = pending.records.as_ref().is_some_and(|records| records.value(b"size").is_some());
        let gnu_skips = match header.flag {
            b'5' => false,
            b'1' => by_record,
            _ => true,
        };
        report("intake.tar-content-of-link", if gnu_skips { &[GnuTar, TarCrate] } else { &[TarCrate] }, header.size);
    }
    let Some(records) = pending.records.as_ref() else { return };
    // A size that the header field cannot hold is what the record was made for: its field says zero or all sevens.
    let fits = header.size < 1 << 33;
    if records.value(b"size").is_some() && header.kind.has_content() && fits && fields.size != header.size as i64 {
        report("intake.pax-size", &[BusyBox], fields.size.max(0) as u64);
    }
    let by_lines = records.number_by_lines(b"size").unwrap_or(fields.size.max(0) as u64);
    if by_lines != header.size {
        report("intake.pax-by-lines", &[TarCrate], by_lines);
    }
}

/// Names and link targets: which of header, PAX record and GNU long name a reader prefers, and where it takes them apart
/// otherwise.
fn names(fields: &Fields, pending: &Pending, header: &Header, notes: &mut Notes) {
    let records = pending.records.as_ref();
    empty_values(pending, header, notes);
    let texts = [
        (&b"path"[..], &pending.long_name, &header.name, &fields.name),
        (b"linkpath", &pending.long_link, &header.link, &fields.link),
    ];
    for (key, long, go, plain) in texts {
        let mut report = |code, readers: &[Reader], others: &[u8]| {
            if others != go.as_slice() {
                notes.divergence(diverge(code, header.at, &header.name, readers, visible(go), visible(others)));
            }
        };
        if let Some(long) = long {
            let whole = long.strip_suffix(b"\0").unwrap_or(long);
            if long[string(long).len()..].iter().any(|byte| *byte != 0) {
                report("intake.tar-long-name-nul", &[TarCrate], whole);
            }
            if let Some(value) = records.and_then(|records| records.value(key)) {
                let readers: &[Reader] = if pending.records_first { &[GnuTar, Python] } else { &[GnuTar] };
                report("intake.pax-and-long-name", readers, value);
            }
        } else if let Some(records) = records {
            let twice = records.twice.iter().any(|name| name == key);
            let code = if twice { "intake.pax-key-twice" } else { "intake.pax-by-lines" };
            report(code, &[TarCrate], records.first_by_lines(key).unwrap_or(plain));
        }
    }
}

/// A record without a value: Go keeps what the header says; GNU tar and Python take the empty name, Python takes zero for an
/// empty number.
fn empty_values(pending: &Pending, header: &Header, notes: &mut Notes) {
    let Some(records) = &pending.records else { return };
    for (key, _) in records.values.iter().filter(|(key, value)| value.is_empty() && matters(key)) {
        let is_name = matches!(key.as_slice(), b"path" | b"linkpath" | b"uname" | b"gname");
        let readers: &[Reader] = if is_name { &[GnuTar, Python] } else { &[Python] };
        let go = format!("no record {}", visible(key));
        let others = if is_name { "an empty name" } else { "zero" };
        notes.divergence(diverge("intake.pax-empty-value", header.at, &header.name, readers, go, others));
    }
}

/// The oldest way to mark a directory is a `/` at the end of its name: of the final name for Go, of the one in the header for
/// Python.
fn old_directory(fields: &Fields, header: &Header, notes: &mut Notes) {
    let by_header = fields.name.ends_with(b"/");
    if fields.flag == 0 && by_header != header.name.ends_with(b"/") {
        let kind = |is_directory: bool| if is_directory { "a directory" } else { "a file" };
        notes.divergence(diverge(
            "intake.tar-old-directory",
            header.at,
            &header.name,
            &[Python],
            kind(!by_header),
            kind(by_header),
        ));
    }
}

fn replaced(pending: &Pending, header: &Header, notes: &mut Notes) {
    for (earlier, later) in &pending.replaced_names {
        let (earlier, later) = (string(earlier), string(later));
        if earlier != later {
            notes.divergence(diverge(
                "intake.tar-long-name-twice",
                header.at,
                &header.name,
                &[Python],
                visible(later),
                visible(earlier),
            ));
        }
    }
    let (Some(earlier), Some(later)) = (&pending.replaced, &pending.records) else { return };
    let differs = |(key, value): &(&Vec<u8>, &Vec<u8>)| later.values.get(*key) != Some(value) && matters(key);
    if let Some((key, value)) = earlier.values.iter().find(differs) {
        let go = later.value(key).map_or_else(|| "nothing".to_owned(), visible);
        let (go, others) = (format!("{}={go}", visible(key)), format!("{}={}", visible(key), visible(value)));
        notes.divergence(diverge("intake.pax-header-twice", header.at, &header.name, &[Python], go, others));
    }
}

/// Keys that change what is extracted.
pub(super) fn matters(key: &[u8]) -> bool {
    matches!(key, b"path" | b"linkpath" | b"size" | b"uid" | b"gid" | b"uname" | b"gname" | b"mtime")
        || key.starts_with(b"SCHILY.xattr.")
        || key.starts_with(b"GNU.sparse.")
}

/// A global header: Go lists it and goes on; GNU tar and Python apply it to everything that follows.
pub(super) fn global(records: &Records, before: &Pending, at: u64, notes: &mut Notes) {
    let waiting = before.records.is_some() || before.long_name.is_some() || before.long_link.is_some();
    if waiting {
        let (go, others) = ("headers that describe nothing", "headers that describe the entry after it");
        notes.divergence(diverge("intake.pax-before-global", at, b"", &[GnuTar, Python], go, others));
    }
    let applied: Vec<String> = records
        .values
        .iter()
        .filter(|(key, _)| matters(key))
        .map(|(key, value)| format!("{}={}", visible(key), visible(value)))
        .collect();
    if !applied.is_empty() {
        notes.divergence(diverge("intake.pax-global", at, b"", &[GnuTar, Python], "not applied", applied.join(" ")));
    }
}

/// A name with a NUL in a PAX record: Go refuses the archive.
pub(super) fn nul_in_record(key: &[u8], value: &[u8], at: u64, notes: &mut Notes) {
    let cut = string(value);
    notes.divergence(diverge("intake.pax-nul", at, key, &[GnuTar, BusyBox], "error", visible(cut)));
    notes.divergence(diverge("intake.pax-nul", at, key, &[Python, TarCrate], "error", visible(value)));
}

/// A record gives a size below zero: Go refuses it, Python goes on with it, others fall back on the header.
pub(super) fn negative_size(fields: &Fields, pending: &Pending, at: u64, notes: &mut Notes) {
    let size = pending.records.as_ref().and_then(|records| records.value(b"size")).unwrap_or_default();
    if size.starts_with(b"-") {
        notes.divergence(diverge("intake.pax-negative-size", at, &fields.name, &[Python], "error", visible(size)));
        let plain = format!("{} bytes", fields.size);
        notes.divergence(diverge("intake.pax-negative-size", at, &fields.name, &[BusyBox, TarCrate], "error", plain));
    }
}

/// An extended header in a block without magic: the `tar` crate takes it for a file.
pub(super) fn extension(fields: &Fields, at: u64, notes: &mut Notes) {
    if matches!(fields.layout, Layout::V7) {
        notes.divergence(diverge(
            "intake.tar-extension-without-magic",
            at,
            &fields.name,
            &[TarCrate],
            "an extended header",
            "a file",
        ));
    }
}

/// A sparse file by PAX records: readers that do not know them extract the map and the stored parts under another name.
pub(super) fn sparse(header: &Header, before: &Header, notes: &mut Notes) {
    let (go, others) = (
        format!("{} of {} bytes", visible(&header.name), header.size),
        format!("{} of {} bytes", visible(&before.name), before.size),
    );
    notes.divergence(diverge("intake.tar-sparse", header.at, &header.name, &[BusyBox, TarCrate], go, others));
}

/// A sparse map that Go refuses and others take.
pub(super) fn bad_map(header: &Header, notes: &mut Notes) {
    let others = format!("a sparse file of {} bytes", header.size);
    notes.divergence(diverge("intake.tar-sparse-map-read", header.at, &header.name, &[GnuTar, Python], "error", others));
}

/// A block that is no header where one belongs.
pub(super) fn bad_sum(at: u64, is_first: bool, notes: &mut Notes) {
    let others = "the entries after it";
    notes.divergence(diverge("intake.tar-sum-skipped", at, b"", &[GnuTar], "error", others));
    if !is_first {
        notes.divergence(diverge("intake.tar-sum-skipped", at, b"", &[Python], "error", "end of archive"));
    }
}

/// One zero block and then something: Go refuses it.
pub(super) fn lone_zero_block(next: &super::Block, at: u64, notes: &mut Notes) {
    let code = "intake.tar-lone-zero-read";
    notes.divergence(diverge(code, at, b"", &[GnuTar, Python, TarCrate], "error", "end of archive"));
    if super::has_valid_sum(next) {
        notes.divergence(diverge(code, at, b"", &[BusyBox], "error", visible(string(&next[..100]))));
    }
}

/// A header after the end of the archive.
pub(super) fn after_end(block: &super::Block, at: u64, notes: &mut Notes) {
    let name = visible(string(&block[..100]));
    notes.divergence(diverge("intake.tar-after-end", at, &block[..0], &[Reader::IgnoreZeros], "end of archive", name));
}
