//! The visitor of the first pass: keeps a small record of every entry, hashes contents, looks inside parts of an image, and
//! at the end compares the names with each other.

use super::facts::{BlobFacts, Content, Divergence, Entry, EntryKind, Extra, Reader, Shape, TarFacts, clean, escapes_root};
use super::limits::Limits;
use super::names::{self, Alike};
use super::notes::Notes;
use super::sniff::{self, Sniffed};
use super::stage::{FileFacts, LARGE, Pipeline};
use super::tail::{BoxedErrands, Tail};
use super::tar::{End, Header, Visitor};
use crate::digest::{Digest, Sha256};
use crate::finding::{At, Finding, visible};
use crate::order::Set;
use std::ops::Range;

/// Collects [`TarFacts`] from a walk.
pub(super) struct Collector {
    limits: Limits,
    /// How many archives this one lies in.
    level: u64,
    facts: TarFacts,
    notes: Notes,
    listing: Sha256,
    open: Option<Open>,
    gathered: Gathered,
    away: Away,
    seen: Seen,
    /// Bytes that may still be kept raw from nested parts.
    room: u64,
}

/// The entry whose content is coming.
struct Open {
    entry: Entry,
    content: Hashing,
}

enum Hashing {
    Nothing,
    /// A small file: its content is gathered from here on.
    Gathered(usize),
    Plain(Sha256),
    Nested(Box<Pipeline>),
    /// A part so large that it is read elsewhere if its first bytes say that it is an archive or compressed.
    Large(String),
    /// A part whose file stage runs elsewhere, by its number.
    Away(u32),
}

/// Contents of small files, to be hashed together: that is faster than one after the other.
#[derive(Default)]
struct Gathered {
    contents: Vec<u8>,
    /// How many entries have their content there.
    count: usize,
    /// Entries that were closed since, in their order.
    waiting: Vec<Waiting>,
}

/// An entry that is not settled: something of it, or of one before it, is not known yet.
struct Waiting {
    entry: Entry,
    /// Whether its content is complete.
    whole: bool,
    lacks: Lacks,
}

#[derive(PartialEq)]
enum Lacks {
    Nothing,
    /// The hash of what was gathered there.
    Hash(Range<usize>),
    /// What the file stage of this part finds.
    Part(u32),
}

/// Parts whose file stage runs elsewhere.
#[derive(Default)]
struct Away {
    errands: Option<BoxedErrands>,
    open: Vec<(u32, Tail)>,
}

impl Away {
    fn tail(&mut self, part: u32) -> Option<&mut Tail> {
        self.open.iter_mut().find(|(open, _)| *open == part).map(|(_, tail)| tail)
    }
}

/// Files up to this size, in bytes, are gathered …
const SMALL: u64 = 512 << 10;
/// … until there are so many bytes …
const ENOUGH: usize = 2 << 20;
/// … or entries.
const MANY: usize = 4096;

/// Names met so far, as far as they decide something.
#[derive(Default)]
struct Seen {
    symlinks: Set<u64>,
    image_parts: bool,
    /// One bit for each of [`ROOTS`].
    roots: u32,
    /// Something at the top that no root file system has.
    others: bool,
}

impl Visitor for Collector {
    fn entry(&mut self, header: &Header) {
        self.check(header);
        let entry = self.entry_of(header);
        let content = match header.kind {
            EntryKind::File if self.is_part(header) => {
                let name = visible(&header.name);
                let is_large = header.size >= LARGE && self.away.errands.is_some();
                if is_large { Hashing::Large(name) } else { Hashing::Nested(self.pipeline(name)) }
            }
            kind if kind.has_content() && header.size <= SMALL => Hashing::Gathered(self.gathered.contents.len()),
            kind if kind.has_content() => Hashing::Plain(Sha256::new()),
            _ => Hashing::Nothing,
        };
        self.open = Some(Open { entry, content });
    }

    fn data(&mut self, content: &[u8]) {
        match self.open.as_mut().map(|open| &mut open.content) {
            Some(Hashing::Gathered(_)) => self.gathered.contents.extend_from_slice(content),
            Some(Hashing::Plain(hash)) => hash.update(content),
            Some(Hashing::Nested(pipeline)) => pipeline.push(content),
            Some(Hashing::Away(part)) => {
                let part = *part;
                self.push_away(part, content);
            }
            Some(Hashing::Large(name)) => {
                let name = std::mem::take(name);
                self.begin_large(name, content);
            }
            Some(Hashing::Nothing) | None => {}
        }
    }

    fn end_entry(&mut self) {
        self.close_entry(true);
    }
}

impl Collector {
    pub(super) fn new(limits: &Limits, level: u64, room: u64, errands: Option<BoxedErrands>) -> Self {
        Self {
            limits: limits.clone(),
            level,
            facts: TarFacts::default(),
            notes: Notes::default(),
            listing: Sha256::new(),
            open: None,
            gathered: Gathered::default(),
            away: Away { errands, open: Vec::new() },
            seen: Seen::default(),
            room,
        }
    }

    /// Ends the collection; `end` is what the walk says, if it came to the end.
    pub(super) fn finish(mut self, end: End) -> (TarFacts, Notes) {
        self.close_entry(false);
        self.settle_rest();
        self.facts.end = end.end;
        self.facts.trailing = end.trailing;
        self.notes.append(end.notes);
        if end.trailing > 0 {
            self.notes.finding(Finding::note("intake.tar-bytes-after-end").with("count", end.trailing));
        }
        if self.facts.count == 0 && end.end.is_some() {
            self.notes.finding(Finding::note("intake.tar-no-entry"));
        }
        self.facts.shape = self.seen.shape();
        self.facts.listing = Some(self.listing.digest());
        if self.facts.beyond() > 0 {
            let finding = Finding::note("intake.entries-not-kept").with("count", self.facts.beyond());
            self.notes.finding(finding.with("kept", self.facts.entries.len()));
        }
        compare_names(&self.facts, &mut self.notes);
        self.let_go();
        (self.facts, self.notes)
    }

    fn pipeline(&self, name: String) -> Box<Pipeline> {
        Box::new(Pipeline::new(name, None, &self.limits, self.level + 1, self.room))
    }

    /// Decides by its first bytes where a large part is read, and begins to.
    fn begin_large(&mut self, name: String, content: &[u8]) {
        let is_archive = sniff::compression(content).is_some() || sniff::sniff(content, false) == Sniffed::Tar;
        let part = self.away.errands.as_mut().filter(|_| is_archive).and_then(|errands| errands.begin());
        let hashing = match part {
            Some(part) => {
                self.away.open.push((part, Tail::inside(name, None, &self.limits, self.level + 1, self.room)));
                Hashing::Away(part)
            }
            None => Hashing::Nested(self.pipeline(name)),
        };
        if let Some(open) = &mut self.open {
            open.content = hashing;
        }
        self.data(content);
    }

    fn push_away(&mut self, part: u32, content: &[u8]) {
        if let Some(errands) = &mut self.away.errands {
            errands.push(part, content);
        }
        if let Some(tail) = self.away.tail(part) {
            tail.file(content);
        }
    }

    /// Takes the next bytes that came out of a part.
    pub(super) fn part_unpacked(&mut self, part: u32, bytes: &[u8]) {
        if let Some(tail) = self.away.tail(part) {
            tail.unpacked(bytes);
        }
    }

    /// Takes what the file stage of a part found, once the part was told to end.
    pub(super) fn part_done(&mut self, part: u32, facts: FileFacts) {
        let Some(place) = self.away.open.iter().position(|(open, _)| *open == part) else { return };
        let facts = self.away.open.swap_remove(place).1.close(facts);
        self.room = self.room.saturating_sub(raw_len(&facts));
        if let Some(waiting) = self.gathered.waiting.iter_mut().find(|waiting| waiting.lacks == Lacks::Part(part)) {
            nest(&mut waiting.entry, waiting.whole, facts);
            waiting.lacks = Lacks::Nothing;
        }
        self.settle_known();
    }

    /// Ends the part that is open: no more bytes come.
    pub(super) fn end_part(&mut self) {
        if self.open.as_ref().is_some_and(|open| matches!(open.content, Hashing::Away(_))) {
            self.close_entry(false);
        }
    }

    /// Parts whose file stage is not done.
    pub(super) fn open_parts(&self) -> usize {
        self.away.open.len()
    }

    fn close_entry(&mut self, whole: bool) {
        let Some(Open { mut entry, content }) = self.open.take() else { return };
        let mut lacks = Lacks::Nothing;
        match content {
            Hashing::Nothing => {}
            Hashing::Gathered(start) if whole => lacks = Lacks::Hash(start..self.gathered.contents.len()),
            Hashing::Gathered(_) => {}
            Hashing::Plain(hash) => entry.sha256 = first_32(&hash.digest()).filter(|_| whole),
            Hashing::Nested(pipeline) => {
                let facts = pipeline.close();
                self.room = self.room.saturating_sub(raw_len(&facts));
                nest(&mut entry, whole, facts);
            }
            Hashing::Large(name) => {
                // Not a byte of it came.
                nest(&mut entry, whole, self.pipeline(name).close());
            }
            Hashing::Away(part) => {
                if let Some(errands) = &mut self.away.errands {
                    errands.end(part);
                }
                lacks = Lacks::Part(part);
            }
        }
        if lacks == Lacks::Nothing && self.gathered.waiting.is_empty() {
            return self.settle(entry);
        }
        self.gathered.count += usize::from(matches!(lacks, Lacks::Hash(_)));
        self.gathered.waiting.push(Waiting { entry, whole, lacks });
        if self.gathered.contents.len() >= ENOUGH || self.gathered.count >= MANY {
            self.hash_gathered();
        }
    }

    /// Hashes what was gathered, and settles all entries that waited for it alone.
    fn hash_gathered(&mut self) {
        let Gathered { contents, count, waiting } = &mut self.gathered;
        let gathered = waiting.iter().filter_map(|waiting| match &waiting.lacks {
            Lacks::Hash(range) => contents.get(range.clone()),
            _ => None,
        });
        let mut hashes = Digest::sha256_all(&gathered.collect::<Vec<&[u8]>>()).into_iter();
        for waiting in waiting.iter_mut().filter(|waiting| matches!(waiting.lacks, Lacks::Hash(_))) {
            waiting.entry.sha256 = hashes.next().and_then(|hash| first_32(&hash));
            waiting.lacks = Lacks::Nothing;
        }
        contents.clear();
        *count = 0;
        self.settle_known();
    }

    /// Settles entries in their order, up to the first of which something is not known.
    fn settle_known(&mut self) {
        let all = &self.gathered.waiting;
        let known = all.iter().position(|waiting| waiting.lacks != Lacks::Nothing).unwrap_or(all.len());
        let mut waiting = std::mem::take(&mut self.gathered.waiting);
        waiting.drain(..known).for_each(|waiting| self.settle(waiting.entry));
        self.gathered.waiting = waiting;
    }

    /// Settles everything: nothing more will be known.
    fn settle_rest(&mut self) {
        self.hash_gathered();
        std::mem::take(&mut self.gathered.waiting).into_iter().for_each(|waiting| self.settle(waiting.entry));
    }

    /// An entry of which everything is known.
    fn settle(&mut self, entry: Entry) {
        self.list(&entry);
        self.facts.count += 1;
        if entry.kind == EntryKind::File {
            self.facts.content_size = self.facts.content_size.saturating_add(entry.size);
        }
        if (self.facts.entries.len() as u64) < self.limits.entries {
            self.facts.entries.push(entry);
        }
    }

    fn entry_of(&mut self, header: &Header) -> Entry {
        let device = matches!(header.kind, EntryKind::CharDevice | EntryKind::BlockDevice).then_some(header.device);
        let extra = (device.is_some() || !header.xattrs.is_empty())
            .then(|| Box::new(Extra { device, xattrs: header.xattrs.clone(), nested: None }));
        Entry {
            name: self.cut(&header.name, header.at),
            link: self.cut(&header.link, header.at),
            at: header.at,
            size: header.size,
            mtime: header.mtime,
            mtime_nanos: header.mtime_nanos,
            uid: header.uid,
            gid: header.gid,
            mode: header.mode as u32,
            user: owner(&mut self.facts.owners, &header.user),
            group: owner(&mut self.facts.owners, &header.group),
            sha256: None,
            kind: header.kind,
            extra,
        }
    }

    fn cut(&mut self, name: &[u8], at: u64) -> Box<[u8]> {
        let len = usize::try_from(self.limits.name).unwrap_or(usize::MAX);
        if name.len() <= len {
            return name.into();
        }
        let finding = Finding::warn("intake.name-cut").at(At::byte(at)).with("length", name.len());
        self.notes.finding(finding.with("sha256", Digest::sha256(name).hex()));
        name[..len].into()
    }

    /// One record for the digest over all entries; lengths come first, so that no two lists make the same bytes.
    fn list(&mut self, entry: &Entry) {
        let mut record = Vec::with_capacity(160);
        let texts = [&*entry.name, &entry.link, self.facts.user(entry), self.facts.group(entry)];
        for text in texts.into_iter().chain(entry.xattrs().iter().flat_map(|(name, value)| [&name[..], &value[..]])) {
            record.extend((text.len() as u64).to_le_bytes());
            record.extend_from_slice(text);
        }
        let (major, minor) = entry.device().unwrap_or_default();
        let kind = format!("{:?}", entry.kind);
        for number in [entry.uid, entry.gid, entry.size as i64, entry.mtime, i64::from(entry.mtime_nanos), major, minor] {
            record.extend(number.to_le_bytes());
        }
        record.extend(entry.mode.to_le_bytes());
        record.extend(kind.as_bytes());
        record.extend(entry.sha256.unwrap_or_default());
        self.listing.update(&(record.len() as u64).to_le_bytes());
        self.listing.update(&record);
    }

    /// Whether the content may be a part of an image that has to be looked into in this same pass: near the top of the
    /// outermost archive, or of a name that only image archives have.
    fn is_part(&self, header: &Header) -> bool {
        if self.level >= self.limits.nesting || header.size == 0 {
            return false;
        }
        let name = clean(&header.name);
        let depth = name.iter().filter(|byte| **byte == b'/').count();
        is_image_part(&name) || self.level == 0 && depth <= 1 && !self.seen.is_rootfs()
    }

    fn check(&mut self, header: &Header) {
        let name = clean(&header.name);
        let place = || At { inside: Some(visible(&name)), ..At::byte(header.at) };
        names::check(&header.name, header.at, |finding| self.notes.finding(finding));
        if header.kind == EntryKind::Global {
            return;
        }
        if let Some(finding) = names::whiteout(&name, header.at).filter(|_| self.level == 0) {
            self.notes.finding(finding);
        }
        if self.seen.is_below_symlink(&name) {
            self.notes.finding(Finding::warn("intake.below-symlink").at(place()));
        }
        self.seen.add(&name, header.kind);
        let device = matches!(header.kind, EntryKind::CharDevice | EntryKind::BlockDevice | EntryKind::Fifo);
        let capability = header.xattrs.iter().any(|(name, _)| name == b"security.capability");
        let owner = |id: i64| u32::try_from(id).is_err();
        let odd = [
            (device, Finding::note("intake.device")),
            (
                header.kind == EntryKind::File && header.mode & 0o6000 != 0,
                Finding::note("intake.setuid").with("mode", format!("{:o}", header.mode)),
            ),
            (capability, Finding::note("intake.file-capability")),
            (
                owner(header.uid) || owner(header.gid),
                Finding::warn("intake.owner-range").with("uid", header.uid).with("gid", header.gid),
            ),
            (
                header.kind == EntryKind::HardLink && escapes_root(&header.link),
                Finding::warn("intake.link-outside").with("link", visible(&header.link)),
            ),
        ];
        for (_, finding) in odd.into_iter().filter(|(is_odd, _)| *is_odd) {
            self.notes.finding(finding.at(place()));
        }
    }

    /// Texts of a root file system are no evidence by themselves; they are read again when something asks for them.
    fn let_go(&mut self) {
        let is_rootfs = self.facts.shape == Shape::Rootfs && !self.seen.image_parts;
        for extra in self.facts.entries.iter_mut().filter_map(|entry| entry.extra.as_mut()) {
            let keep = extra.nested.as_ref().is_some_and(|facts| match facts.content {
                Content::Tar(_) => true,
                Content::Json(_) | Content::Text(_) => !is_rootfs,
                Content::Binary(_) | Content::Other(_) => !is_rootfs && self.level == 0,
            });
            if !keep {
                extra.nested = None;
            }
        }
        for entry in &mut self.facts.entries {
            if entry
                .extra
                .as_ref()
                .is_some_and(|extra| extra.nested.is_none() && extra.device.is_none() && extra.xattrs.is_empty())
            {
                entry.extra = None;
            }
        }
    }
}

impl Seen {
    fn add(&mut self, name: &[u8], kind: EntryKind) {
        if kind == EntryKind::Symlink {
            self.symlinks.insert(names::fnv(name.iter().copied()));
        }
        self.image_parts |= is_image_part(name);
        let top = name.split(|byte| *byte == b'/').next().unwrap_or_default();
        match ROOTS.iter().position(|root| root.as_bytes() == top) {
            Some(at) => self.roots |= 1 << at,
            None => self.others |= !top.is_empty(),
        }
    }

    /// Whether some part of the path before the last is a symbolic link of this archive.
    fn is_below_symlink(&self, name: &[u8]) -> bool {
        if self.symlinks.is_empty() {
            return false;
        }
        let parents = name.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| &name[..at]);
        parents.take(256).any(|parent| self.symlinks.contains(&names::fnv(parent.iter().copied())))
    }

    fn is_rootfs(&self) -> bool {
        self.roots.count_ones() >= 3
    }

    /// A single layer may hold no more than `etc`.
    fn shape(&self) -> Shape {
        match self.image_parts {
            _ if self.is_rootfs() || self.roots > 0 && !self.others => Shape::Rootfs,
            true => Shape::Image,
            false => Shape::Other,
        }
    }
}

/// Directories at the top of a root file system.
const ROOTS: [&str; 17] = [
    "bin", "boot", "dev", "etc", "home", "lib", "media", "mnt", "opt", "proc", "root", "run", "sbin", "srv", "sys", "usr", "var",
];

/// Names that docker save, the containerd store and OCI layouts give to their parts.
fn is_image_part(name: &[u8]) -> bool {
    if matches!(name, b"manifest.json" | b"index.json" | b"oci-layout" | b"repositories") || name.ends_with(b"/layer.tar") {
        return true;
    }
    let mut parts = name.split(|byte| *byte == b'/');
    let (blobs, algorithm, hex, end) = (parts.next(), parts.next(), parts.next(), parts.next());
    blobs == Some(b"blobs") && algorithm.is_some() && hex.is_some_and(|hex| hex.len() >= 32) && end.is_none()
}

fn owner(owners: &mut Vec<Box<[u8]>>, name: &[u8]) -> u16 {
    if name.is_empty() {
        return u16::MAX;
    }
    let known = owners.iter().position(|known| **known == *name);
    let at = known.unwrap_or_else(|| {
        // A thousand names are more than any system has; beyond them names are not told apart.
        if owners.len() < 1000 {
            owners.push(name.into());
        }
        owners.len() - 1
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// Puts what was found inside a part beside its entry.
fn nest(entry: &mut Entry, whole: bool, facts: BlobFacts) {
    entry.sha256 = first_32(&facts.sha256).filter(|_| whole);
    entry.extra.get_or_insert_default().nested = Some(Box::new(facts));
}

fn first_32(digest: &Digest) -> Option<[u8; 32]> {
    digest.as_bytes().first_chunk().copied()
}

fn raw_len(facts: &BlobFacts) -> u64 {
    match &facts.content {
        Content::Json(raw) | Content::Text(raw) | Content::Binary(raw) => raw.len() as u64,
        Content::Tar(_) | Content::Other(_) => 0,
    }
}

/// Finds names that come twice, that collide or look alike, and hard links that point nowhere.
fn compare_names(facts: &TarFacts, notes: &mut Notes) {
    let entries = &facts.entries;
    let files = entries.iter().enumerate().filter(|(_, entry)| entry.kind != EntryKind::Global);
    let mut order: Vec<(u64, u32)> = files.map(|(at, entry)| (names::fold_hash(&entry.clean()), at as u32)).collect();
    order.sort_unstable();
    for group in order.chunk_by(|left, right| left.0 == right.0).filter(|group| group.len() > 1) {
        let group: Vec<&Entry> = group.iter().filter_map(|(_, at)| entries.get(*at as usize)).collect();
        compare_group(&group, notes);
    }
    for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.kind == EntryKind::HardLink) {
        if let Some(code) = link_oddity(at, entry, &order, facts) {
            let place = At { inside: Some(visible(&entry.clean())), ..At::byte(entry.at) };
            notes.finding(Finding::warn(code).at(place).with("link", visible(&entry.link)));
        }
    }
}

/// Each entry is compared with the one before it: a hostile archive may hold two hundred thousand of one name.
fn compare_group(group: &[&Entry], notes: &mut Notes) {
    for pair in group.windows(2) {
        let [first, last] = pair else { continue };
        let (left, right) = (first.clean(), last.clean());
        if left == right {
            same_name(first, last, notes);
            continue;
        }
        let code = match names::alike(&left, &right) {
            Some(Alike::Looks) => "intake.names-look-alike",
            Some(Alike::Case) => "intake.names-differ-in-case",
            None => continue,
        };
        notes.finding(Finding::warn(code).at(At::byte(last.at)).with("first", visible(&left)).with("second", visible(&right)));
    }
}

fn same_name(first: &Entry, last: &Entry, notes: &mut Notes) {
    let name = visible(&last.clean());
    if !names::same_content(first, last) {
        notes.divergence(Divergence {
            code: "intake.tar-name-twice",
            at: last.at,
            entry: name,
            readers: vec![Reader::FirstMatch],
            go_sees: describe(last),
            others_see: describe(first),
        });
    } else if last.kind != EntryKind::Directory {
        notes.finding(Finding::note("intake.tar-name-repeated").at(At { inside: Some(name), ..At::byte(last.at) }));
    }
}

/// A few words on what an entry leaves behind.
fn describe(entry: &Entry) -> String {
    match entry.kind {
        EntryKind::File => match entry.digest() {
            Some(digest) => format!("a file of {} bytes, {digest}", entry.size),
            None => format!("a file of {} bytes", entry.size),
        },
        EntryKind::Directory => "a directory".to_owned(),
        EntryKind::Symlink => format!("a symbolic link to {}", visible(&entry.link)),
        EntryKind::HardLink => format!("a hard link to {}", visible(&entry.link)),
        EntryKind::CharDevice | EntryKind::BlockDevice | EntryKind::Fifo => "a device or pipe".to_owned(),
        EntryKind::Global | EntryKind::Unknown(_) => "an entry of unknown type".to_owned(),
    }
}

fn link_oddity(at: usize, entry: &Entry, order: &[(u64, u32)], facts: &TarFacts) -> Option<&'static str> {
    if escapes_root(&entry.link) {
        return None;
    }
    let target = clean(&entry.link);
    if target == entry.clean() {
        return Some("intake.hardlink-to-itself");
    }
    let hash = names::fold_hash(&target);
    let start = order.partition_point(|(other, _)| *other < hash);
    let matches = |index: &u32| facts.entries.get(*index as usize).is_some_and(|other| other.clean() == target);
    let mut found = order[start..].iter().take_while(|(other, _)| *other == hash).map(|(_, index)| *index).filter(matches);
    match found.next() {
        Some(first) if (first as usize) < at => None,
        Some(_) => Some("intake.hardlink-to-later"),
        None if facts.beyond() > 0 => None,
        None => Some("intake.hardlink-to-nothing"),
    }
}
