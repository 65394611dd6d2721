//! Check `add-hash`: the hash in `ADD file:…` or `COPY file:…` against files at hand.
//!
//! The hash covers name, mode and owner besides the content, and only the content is in the file: several headers were tried
//! while the file was streamed a second time. None of them fitting accuses nobody.

use super::{Check, End, Kind, Role, Verdict, Want};
use crate::align::Row;
use crate::case::{Body, Case, Item, ItemId, Pairing, Part, Sent};
use crate::digest::{Algorithm, Digest};
use crate::finding::{Said, visible};
use crate::order::{Gather, Map};
use crate::recipe::Source;
use crate::recipe::buildah_hash::Entry;

/// How many files of one hash or one line are told by name, and how many of them with what the builder had.
const MOST_NAMED: usize = 6;
const MOST_TOLD: usize = 20;

/// One check for every hash that a history of the case records, as far as somebody asks about it: a Dockerfile's line stands
/// beside it, or a file at hand gives it.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let mut checks: Map<String, Check> = Map::new();
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
    checks.into_values().list()
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
    if let Some(binding) = case.binding(source) {
        return Some(match (source.kind.as_str(), binding.parts.as_slice()) {
            ("file:", [part]) => {
                let pairing = asked.map(|(pairing, _)| pairing);
                proved(case, new(Verdict::Proved, Said::new("add-hash.proved")), part, pairing)
            }
            _ => proved_several(case, new(Verdict::Proved, Said::new("add-hash.proved-several")), source, &binding.parts),
        });
    }
    let (pairing, row) = asked?;
    let family = pairing.alignments.first().and_then(|alignment| alignment.family);
    Some(undecided(case, new(Verdict::Unknown, Said::new("add-hash.no-file")), source, row, family))
}

/// Files of which ways of naming them were tried, and how many.
fn tried(case: &Case) -> impl Iterator<Item = (&Item, usize)> {
    case.items().filter_map(|(id, item)| {
        let reread = case.reread(id)?;
        let ways = reread.add_hashes.len() + reread.packed.len() + usize::from(reread.unpacked.is_some());
        (ways > 0).then_some((item, ways))
    })
}

/// Of equal files the one that lies where the Dockerfile lies: a checkout holds the same script in many folders.
fn beside(case: &Case, id: ItemId, pairing: Option<&Pairing>) -> ItemId {
    let item = case.item(id);
    let Some(dockerfile) = pairing.map(|pairing| case.item(pairing.dockerfile)) else { return id };
    let folder = dockerfile.name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_beside = |other: &Item| {
        let rest = other.name.strip_prefix(folder).is_some_and(|rest| folder.is_empty() || rest.starts_with('/'));
        rest && other.sha256 == item.sha256 && other.folder == dockerfile.folder
    };
    let found = case.items().filter(|(_, other)| is_beside(other)).min_by_key(|(_, other)| other.name.len());
    found.map_or(id, |(other, _)| other)
}

fn proved(case: &Case, check: Check, part: &Part, pairing: Option<&Pairing>) -> Check {
    let Some(id) = part.item.map(|id| beside(case, id, pairing)) else { return check };
    let item = case.item(id);
    let code = if matches!(part.sent, Sent::Unpacked) { "add-hash.proved-unpacked" } else { "add-hash.proved" };
    let role = if matches!(item.body, Body::Tarball) { Role::Tarball } else { Role::File };
    let to = End::new(role, &item.name).digest(item.sha256).item(id);
    let mut check = Check { said: Said::new(code).with("file", &item.name), ..check }.to(to);
    check.details.extend(described(&part.sent));
    match repeat(&part.sent, &item.name) {
        Some(command) => check.repeat(command),
        None => check,
    }
}

fn proved_several(case: &Case, check: Check, source: &Source, parts: &[Part]) -> Check {
    let files: Vec<&str> = parts.iter().filter_map(|part| Some(case.item(part.item?).name.as_str())).list();
    let said = match (source.kind.as_str(), files.len()) {
        ("dir:", count) => Said::new("add-hash.proved-directory").with("files", count),
        (_, ..=MOST_NAMED) => Said::new("add-hash.proved-several").with("files", files.join(", ")),
        (_, count) => Said::new("add-hash.proved-many").with("files", count),
    };
    let mut check = Check { said, ..check };
    check.details.extend(parts.iter().take(MOST_TOLD).filter_map(|part| described(&part.sent)));
    if parts.len() > MOST_TOLD {
        check.details.push(Said::new("add-hash.more-parts").with("count", parts.len() - MOST_TOLD));
    }
    check
}

/// A command that gives the same hash.
fn repeat(sent: &Sent, file: &str) -> Option<String> {
    let quoted = crate::official::shell_quote(file);
    match sent {
        Sent::InContext(header) => {
            let text = String::from_utf8_lossy(&header.bytes()).into_owned();
            Some(format!("printf '%s' {} | cat - {quoted} | sha256sum", crate::official::shell_quote(&text)))
        }
        Sent::Packed(entry) => {
            let Entry { name, mode, uid, gid, owner, .. } = entry;
            let names = match owner.is_empty() {
                true => format!("--numeric-owner --owner={uid} --group={gid}"),
                false => format!("--owner={owner}:{uid} --group={owner}:{gid}"),
            };
            let rename = if file == name {
                String::new()
            } else {
                format!(" --transform={}", crate::official::shell_quote(&format!("s|.*|{name}|")))
            };
            Some(format!("tar --format=ustar -b1 --mtime=@0 {names} --mode={mode:04o}{rename} -cf - {quoted} | sha256sum"))
        }
        Sent::Unpacked | Sent::Implied(_) => None,
    }
}

/// How the builder had the file, in words.
fn described(sent: &Sent) -> Option<Said> {
    let (code, name, mode, uid, gid, owner) = match sent {
        Sent::InContext(header) => {
            let type_bits = header.mode & 0o170_000 != 0;
            let code = if type_bits { "add-hash.header-type-bits" } else { "add-hash.header" };
            (code, &header.name, header.mode, header.uid, header.gid, &header.uname)
        }
        Sent::Packed(entry) => ("add-hash.packed", &entry.name, entry.mode, entry.uid, entry.gid, &entry.owner),
        Sent::Implied(path) => return Some(Said::new("add-hash.implied").with("name", visible(path.as_bytes()))),
        Sent::Unpacked => return None,
    };
    let owner = if owner.is_empty() { "-".to_owned() } else { visible(owner.as_bytes()) };
    Some(
        Said::new(code)
            .with("name", visible(name.as_bytes()))
            .with("mode", format!("{:04o}", mode & 0o7777))
            .with("uid", uid)
            .with("gid", gid)
            .with("owner", owner),
    )
}

/// The first sources of a line, by name.
fn named(sources: &[String]) -> String {
    let mut named = sources.iter().take(MOST_NAMED).map(|source| visible(source.as_bytes())).list();
    if sources.len() > MOST_NAMED {
        named.push("…".to_owned());
    }
    named.join(", ")
}

fn undecided(case: &Case, check: Check, source: &Source, row: &Row, family: Option<crate::recipe::Family>) -> Check {
    let files = tried(case).count();
    let ways: usize = tried(case).map(|(_, ways)| ways).sum();
    let buildah = family == Some(crate::recipe::Family::Buildah);
    let said = match (source.kind.as_str(), files) {
        ("file:", 1..) => Said::new("add-hash.no-match").with("files", files).with("ways", ways),
        ("file:", _) => Said::new("add-hash.no-file"),
        ("dir:", _) if buildah => Said::new("add-hash.directory-buildah"),
        ("dir:", _) => Said::new("add-hash.directory"),
        ("multi:", _) => Said::new("add-hash.several"),
        _ => Said::new("add-hash.address"),
    };
    let mut check = Check { said, ..check };
    if buildah && source.kind != "dir:" {
        check = check.detail(Said::new("add-hash.buildah"));
    }
    for (item, ways) in tried(case).filter(|_| source.kind == "file:").take(5) {
        check = check.detail(Said::new("add-hash.tried").with("file", &item.name).with("ways", ways));
    }
    let bring = match row.sources.as_slice() {
        [] => Said::new("add-hash.bring"),
        sources => Said::new("add-hash.bring-named").with("names", named(sources)).with("count", sources.len()),
    };
    let want = Want { bring, why: Said::new("add-hash.why"), command: None };
    if row.relation.is_bad() { check } else { check.want(want) }
}
