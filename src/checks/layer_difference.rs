//! The first entry in which a rebuilt layer and a real one differ, in the terms of the archive: order, type, mode, owner, time,
//! and the form of the headers.

use crate::digest::{Algorithm, Digest};
use crate::finding::{Said, rfc3339, visible};
use crate::intake::{Entry, EntryKind, TarFacts};
use crate::rebuild::tar::{Profile, WrittenEntry};

/// The profile that goes farthest, and where it ends; `None` if nothing was written down or no difference shows.
pub(super) fn first(written: &[(Profile, Vec<WrittenEntry>)], real: &TarFacts) -> Option<[Said; 3]> {
    let all = written.iter().filter_map(|(profile, ours)| Some((profile, difference(ours, real)?)));
    let (profile, difference) = all.max_by_key(|(_, difference)| difference.index)?;
    let said = Said::new("layer-rebuild.first-difference").with("index", difference.index + 1);
    let said = said.with("entry", difference.entry).with("field", difference.field);
    let epoch = profile.latest.map(rfc3339).unwrap_or_default();
    Some([
        Said::new("layer-rebuild.nearest"),
        Said::new(profile.code()).with("epoch", epoch),
        said.with("ours", difference.ours).with("theirs", difference.theirs),
    ])
}

/// A difference.
struct Difference {
    index: usize,
    entry: String,
    field: &'static str,
    ours: String,
    theirs: String,
}

fn difference(ours: &[WrittenEntry], real: &TarFacts) -> Option<Difference> {
    let theirs = &real.entries;
    let end = |name: Option<String>| name.unwrap_or_else(|| "nothing".to_owned());
    for index in 0..ours.len().max(theirs.len()) {
        let (left, right) = (ours.get(index), theirs.get(index));
        let (Some(left), Some(right)) = (left, right) else {
            let (ours, theirs) = (left.map(|left| visible(&left.name)), right.map(|right| visible(&right.name)));
            let entry = ours.clone().or(theirs.clone()).unwrap_or_default();
            return Some(Difference { index, entry, field: "the name", ours: end(ours), theirs: end(theirs) });
        };
        if let Some((field, ours, theirs)) = field(left, right, real) {
            return Some(Difference { index, entry: visible(&right.name), field, ours, theirs });
        }
    }
    None
}

/// The first field in which two entries differ: its name and both values.
fn field(ours: &WrittenEntry, theirs: &Entry, real: &TarFacts) -> Option<(&'static str, String, String)> {
    let digest = |value: [u8; 32]| Digest::from_bytes(Algorithm::Sha256, &value).map(|digest| digest.to_string());
    let time = |second: i64| format!("{second} ({})", rfc3339(second));
    let fields: [(&str, String, String); 10] = [
        ("the name", visible(&ours.name), visible(&theirs.name)),
        ("the kind", kind_name(ours.flag).to_owned(), kind_of(theirs.kind).to_owned()),
        ("the mode field", format!("{:07o}", ours.mode), format!("{:07o}", theirs.mode)),
        ("the user number", ours.owner.0.to_string(), theirs.uid.to_string()),
        ("the group number", ours.owner.1.to_string(), theirs.gid.to_string()),
        ("the time", ours.mtime.map_or_else(|| time(theirs.mtime), time), time(theirs.mtime)),
        ("the size", ours.size.to_string(), if theirs.kind.has_content() { theirs.size } else { 0 }.to_string()),
        ("the link's target", visible(&ours.link), visible(&theirs.link)),
        (
            "the content",
            ours.sha256.and_then(digest).unwrap_or_default(),
            ours.sha256.and(theirs.sha256).and_then(digest).unwrap_or_default(),
        ),
        // All that is equal so far stands in headers of another length: records before them, or none.
        ("the place of the header", ours.at.to_string(), theirs.at.to_string()),
    ];
    let differs = fields.into_iter().find(|(_, ours, theirs)| ours != theirs);
    differs.or_else(|| {
        let names = [real.user(theirs), real.group(theirs)].map(visible);
        // Names are written by one profile only, with those of its host.
        (names.iter().any(|name| !name.is_empty()) && ours.mode & 0o170_000 == 0)
            .then(|| ("the user's and the group's name", "none".to_owned(), names.join(", ")))
    })
}

fn kind_name(flag: u8) -> &'static str {
    match flag {
        b'1' => "hard link",
        b'2' => "symbolic link",
        b'3' => "character device",
        b'4' => "block device",
        b'5' => "directory",
        b'6' => "pipe",
        _ => "file",
    }
}

fn kind_of(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::HardLink => kind_name(b'1'),
        EntryKind::Symlink => kind_name(b'2'),
        EntryKind::CharDevice => kind_name(b'3'),
        EntryKind::BlockDevice => kind_name(b'4'),
        EntryKind::Directory => kind_name(b'5'),
        EntryKind::Fifo => kind_name(b'6'),
        EntryKind::File => kind_name(b'0'),
        EntryKind::Global | EntryKind::Unknown(_) => "another kind",
    }
}
