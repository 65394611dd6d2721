//! Check `add-hash`: the hash in `ADD file:…` or `COPY file:…` against files at hand.
//!
//! The hash covers name, mode and owner besides the content, and only the content is in the file: several headers were tried
//! while the file was streamed a second time. None of them fitting accuses nobody.

mod directory;

use std::collections::BTreeMap;

use super::{Check, End, Kind, Role, Verdict, Want};
use crate::align::Row;
use crate::case::{Case, Item, ItemId, Pairing};
use crate::digest::{Algorithm, Digest};
use crate::dockerfile::{Command, Transfer};
use crate::finding::{Said, visible};
use crate::recipe::Source;
use crate::recipe::add_hash::{Header, multi};

/// How many sources with one hash between them are combined, and how many ways are tried.
const MOST_SOURCES: usize = 6;
const MOST_WAYS: usize = 20_000;
/// How many headers of a directory are told one by one.
const MOST_TOLD: usize = 20;

/// One check for every hash that a history of the case records, as far as somebody asks about it: a Dockerfile's line stands
/// beside it, or a file at hand gives it.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let mut checks: BTreeMap<String, Check> = BTreeMap::new();
    for (id, history) in case.histories() {
        for (number, entry) in history.entries.iter().enumerate() {
            let Some(source) = Source::find(&entry.created_by, false).filter(|source| source.hex.len() == 64) else { continue };
            let asked = asked(case, id, number);
            let Some(check) = check(case, id, &source, asked) else { continue };
            // The same hash in two exports of one image is one claim.
            match checks.get(&source.hex) {
                Some(known) if known.verdict >= check.verdict => {}
                _ => drop(checks.insert(source.hex.clone(), check)),
            }
        }
    }
    checks.into_values().collect()
}

/// The row in which a Dockerfile at hand has this entry, with its pairing.
fn asked(case: &Case, history: ItemId, number: usize) -> Option<(&Pairing, &Row)> {
    let pairings = case.pairings().iter().filter(|pairing| pairing.history == history);
    pairings
        .filter_map(|pairing| {
            let rows = &pairing.alignments.first()?.rows;
            Some((pairing, rows.iter().find(|row| row.entry == Some(number) && row.hash.is_some())?))
        })
        .min_by_key(|(_, row)| row.relation.is_bad())
}

fn check(case: &Case, history: ItemId, source: &Source, asked: Option<(&Pairing, &Row)>) -> Option<Check> {
    let digest = Digest::from_hex(Algorithm::Sha256, &source.hex).ok()?;
    let from = End::new(Role::AddHash, source.token()).digest(digest).item(history);
    let new = |verdict, said| Check::new(Kind::AddHash, verdict, from.clone(), said);
    if let Some((id, header)) = found(case, &digest) {
        return Some(proved(case, new(Verdict::Proved, Said::new("add-hash.proved")), id, header));
    }
    if source.kind == "multi:"
        && let Some(headers) = asked.and_then(|(pairing, row)| several(case, pairing, row, &digest))
    {
        let names: Vec<String> = headers.iter().map(|header| visible(header.name.as_bytes())).collect();
        let check = new(Verdict::Proved, Said::new("add-hash.proved-several").with("files", names.join(", ")));
        return Some(headers.iter().fold(check, |check, header| check.detail(described(header))));
    }
    if source.kind == "dir:"
        && let Some((pairing, row)) = asked
        && let Some(headers) = transfer(case, pairing, row).and_then(|transfer| directory::find(case, transfer, &digest))
    {
        let files = headers.iter().filter(|header| header.kind == crate::recipe::add_hash::Kind::File).count();
        let check = new(Verdict::Proved, Said::new("add-hash.proved-directory").with("files", files));
        return Some(headers.iter().take(MOST_TOLD).fold(check, |check, header| check.detail(described(header))));
    }
    let (pairing, row) = asked?;
    let family = pairing.alignments.first().and_then(|alignment| alignment.family);
    Some(undecided(case, new(Verdict::Unknown, Said::new("add-hash.no-file")), source, row, family))
}

/// A file and the header with which it gives this hash.
fn found<'c>(case: &'c Case, digest: &Digest) -> Option<(ItemId, &'c Header)> {
    tried(case).find_map(|(id, _, headers)| headers.iter().find(|(_, hash)| hash == digest).map(|(header, _)| (id, header)))
}

/// Files for which headers were tried.
fn tried(case: &Case) -> impl Iterator<Item = (ItemId, &Item, &[(Header, Digest)])> {
    case.items().filter_map(|(id, item)| {
        let headers = case.reread(id)?.add_hashes.as_slice();
        (!headers.is_empty()).then_some((id, item, headers))
    })
}

fn proved(case: &Case, check: Check, id: ItemId, header: &Header) -> Check {
    let item = case.item(id);
    let said = Said::new("add-hash.proved").with("file", &item.name);
    let quoted = crate::official::shell_quote(&item.name);
    let text = String::from_utf8_lossy(&header.bytes()).into_owned();
    let repeat = format!("printf '%s' {} | cat - {quoted} | sha256sum", crate::official::shell_quote(&text));
    let to = End::new(Role::Tarball, &item.name).digest(item.sha256).item(id);
    Check { said, ..check }.to(to).detail(described(header)).repeat(repeat)
}

/// The header that gave the hash, in words.
fn described(header: &Header) -> Said {
    let type_bits = header.mode & 0o170_000 != 0;
    let code = if type_bits { "add-hash.header-type-bits" } else { "add-hash.header" };
    let owner = if header.uname.is_empty() { "-".to_owned() } else { visible(header.uname.as_bytes()) };
    Said::new(code)
        .with("name", visible(header.name.as_bytes()))
        .with("mode", format!("{:04o}", header.mode & 0o7777))
        .with("uid", header.uid)
        .with("gid", header.gid)
        .with("owner", owner)
}

/// The ADD or COPY of a row.
fn transfer<'c>(case: &'c Case, pairing: &Pairing, row: &Row) -> Option<&'c Transfer> {
    let file = case.item(pairing.dockerfile).dockerfile()?;
    match &file.instructions.get(row.instruction?)?.command {
        Command::Add(transfer) | Command::Copy(transfer) => Some(transfer),
        _ => None,
    }
}

/// The headers of several sources whose hashes, in the order of the instruction, give the hash of all.
fn several<'c>(case: &'c Case, pairing: &Pairing, row: &Row, digest: &Digest) -> Option<Vec<&'c Header>> {
    let transfer = transfer(case, pairing, row)?;
    let names = |path: &str, header: &Header| header.name.trim_start_matches("./") == path.trim_start_matches("./");
    let choices: Vec<Vec<(&Header, String)>> = transfer
        .paths()
        .map(|path| {
            let all = tried(case).flat_map(|(_, _, headers)| headers);
            all.filter(|(header, _)| names(path, header)).map(|(header, hash)| (header, format!("file:{}", hash.hex()))).collect()
        })
        .collect();
    let ways: usize = choices.iter().map(Vec::len).product();
    if choices.len() > MOST_SOURCES || ways == 0 || ways > MOST_WAYS {
        return None;
    }
    (0..ways).find_map(|way| {
        let mut rest = way;
        let chosen: Vec<&(&Header, String)> = choices
            .iter()
            .map(|choice| {
                let at = rest % choice.len();
                rest /= choice.len();
                &choice[at]
            })
            .collect();
        let hashes: Vec<String> = chosen.iter().map(|(_, hash)| hash.clone()).collect();
        (multi(&hashes) == *digest).then(|| chosen.iter().map(|(header, _)| *header).collect())
    })
}

fn undecided(case: &Case, check: Check, source: &Source, row: &Row, family: Option<crate::recipe::Family>) -> Check {
    let files = tried(case).count();
    let ways: usize = tried(case).map(|(_, _, headers)| headers.len()).sum();
    let buildah = family == Some(crate::recipe::Family::Buildah);
    let said = match (source.kind.as_str(), files) {
        _ if buildah => Said::new("add-hash.buildah"),
        ("file:", 1..) => Said::new("add-hash.no-match").with("files", files).with("ways", ways),
        ("file:", _) => Said::new("add-hash.no-file"),
        ("dir:", _) => Said::new("add-hash.directory"),
        ("multi:", _) => Said::new("add-hash.several"),
        _ => Said::new("add-hash.address"),
    };
    let mut check = Check { said, ..check };
    for (_, item, headers) in tried(case).filter(|_| source.kind == "file:").take(5) {
        check = check.detail(Said::new("add-hash.tried").with("file", &item.name).with("ways", headers.len()));
    }
    let want = Want { bring: Said::new("add-hash.bring"), why: Said::new("add-hash.why"), command: None };
    if row.relation.is_bad() || buildah { check } else { check.want(want) }
}
