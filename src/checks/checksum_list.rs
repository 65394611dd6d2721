//! Check `checksum-list`: the lines of a checksum list against the files at hand, by name and by content.

use super::edges::end;
use super::{Check, End, Kind, Role, Verdict, Want};
use crate::case::{Body, Case, Item, ItemId, Origin};
use crate::digest::{Algorithm, Digest};
use crate::finding::{Said, visible};
use crate::official::shell_quote;
use crate::order::{Gather, Map, Set};
use crate::trust::{ChecksumLine, ChecksumList, Form};

/// One check for each line that has to do with something at hand, and one for all lines that have not.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let lists: Vec<(ItemId, &ChecksumList)> = case
        .items()
        .filter_map(|(id, item)| match &item.body {
            Body::ChecksumList(list) => Some((id, &**list)),
            _ => None,
        })
        .list();
    if lists.is_empty() {
        return Vec::new();
    }
    let files = Files::of(case);
    let mut matched = Set::new();
    let mut checks: Vec<Check> =
        lists.iter().flat_map(|(id, list)| Listing::of(case, &files, *id, list).compare(&mut matched)).list();
    checks.extend(not_listed(case, &matched));
    checks
}

/// A file that a line may be about: an input, a part of an archive, or an entry of a tarball.
struct File<'c> {
    /// Path as bytes, cleaned.
    name: Vec<u8>,
    sha256: Digest,
    size: u64,
    item: ItemId,
    /// Its place inside of `item`, if it is an entry of that tarball.
    entry: Option<&'c crate::intake::Entry>,
}

struct Files<'c> {
    all: Vec<File<'c>>,
    by_digest: Map<Digest, Vec<usize>>,
    by_name: Map<Vec<u8>, Vec<usize>>,
    by_base: Map<Vec<u8>, Vec<usize>>,
}

impl<'c> Files<'c> {
    fn of(case: &'c Case) -> Self {
        let mut files = Self { all: Vec::new(), by_digest: Map::new(), by_name: Map::new(), by_base: Map::new() };
        for (id, item) in case.items() {
            if !matches!(item.body, Body::ImageFolder | Body::ChecksumList(_)) && item.origin != Origin::Pasted {
                files.add(File { name: item_name(item), sha256: item.sha256, size: item.size, item: id, entry: None });
            }
            if matches!(item.body, Body::Tarball) && item.parent.is_none() {
                for entry in item.tar().map(|tar| tar.entries.as_slice()).unwrap_or_default() {
                    let Some(sha256) = entry.digest() else { continue };
                    let name = entry.clean().into_owned();
                    files.add(File { name, sha256, size: entry.size, item: id, entry: Some(entry) });
                }
            }
        }
        files
    }

    fn add(&mut self, file: File<'c>) {
        let index = self.all.len();
        self.by_digest.entry(file.sha256).or_default().push(index);
        self.by_name.entry(file.name.clone()).or_default().push(index);
        // Thousands of files in a root file system share base names with anything; only whole files are found by them.
        if file.entry.is_none() {
            self.by_base.entry(base(&file.name).to_vec()).or_default().push(index);
        }
        self.all.push(file);
    }

    /// Files with these bytes. Digests by other algorithms than SHA-256 come from second passes.
    fn with_digest(&self, case: &Case, digest: &Digest) -> Vec<&File<'c>> {
        if digest.algorithm() == Algorithm::Sha256 {
            return self.by_digest.get(digest).into_iter().flatten().map(|index| &self.all[*index]).list();
        }
        let reread = |file: &&File<'c>| {
            file.entry.is_none() && case.reread(file.item).is_some_and(|reread| reread.digests.contains(digest))
        };
        self.all.iter().filter(reread).list()
    }

    /// Files of this name: the very name, else the same last part.
    fn named(&self, name: &[u8]) -> Vec<&File<'c>> {
        let name = crate::intake::clean(name);
        let shown = visible(&name).into_bytes();
        let exact = self.by_name.get(&*name).or_else(|| self.by_name.get(&shown));
        let found = exact.or_else(|| self.by_base.get(base(&name))).or_else(|| self.by_base.get(base(&shown)));
        found.into_iter().flatten().map(|index| &self.all[*index]).list()
    }
}

fn item_name(item: &Item) -> Vec<u8> {
    let raw = item.facts.as_ref().map_or(item.name.as_bytes(), |facts| facts.name.as_bytes());
    crate::intake::clean(raw).into_owned()
}

fn base(name: &[u8]) -> &[u8] {
    name.rsplit(|byte| *byte == b'/').next().unwrap_or(name)
}

/// Digests that a list gives, by a part of the name and the algorithm.
type ByName<'c, T> = Map<(&'c [u8], Algorithm), Set<T>>;

struct Listing<'c, 'f> {
    case: &'c Case,
    files: &'f Files<'c>,
    id: ItemId,
    list: &'c ChecksumList,
    /// Digests that the list gives for one name, by algorithm.
    by_name: ByName<'c, Digest>,
    /// Digests that the list gives for names with one last part, by algorithm.
    by_base: ByName<'c, Digest>,
}

impl<'c, 'f> Listing<'c, 'f> {
    fn of(case: &'c Case, files: &'f Files<'c>, id: ItemId, list: &'c ChecksumList) -> Self {
        let mut listing = Self { case, files, id, list, by_name: Map::new(), by_base: Map::new() };
        for line in &list.lines {
            let Some(name) = line.name.as_deref() else { continue };
            let algorithm = line.digest.algorithm();
            listing.by_name.entry((name, algorithm)).or_default().insert(line.digest);
            listing.by_base.entry((base(name), algorithm)).or_default().insert(line.digest);
        }
        listing
    }

    fn compare(&self, matched: &mut Set<ItemId>) -> Vec<Check> {
        let mut checks = self.about_the_list();
        let mut absent = Vec::new();
        let mut seen = Set::new();
        let mut several = Set::new();
        for line in &self.list.lines {
            if !seen.insert((line.name.as_deref(), line.digest)) {
                continue;
            }
            match self.judge(line) {
                Some((file, check)) => {
                    matched.extend(file);
                    // One such line speaks for all others that may mean the same file.
                    if check.said.code != "checksum-list.two-lines" || several.insert(file) {
                        checks.push(check);
                    }
                }
                None => absent.push(line),
            }
        }
        checks.extend(self.absent(&absent));
        checks
    }

    /// What is odd about the list as a whole.
    fn about_the_list(&self) -> Vec<Check> {
        let from = end(self.case, self.id);
        let mut checks = Vec::new();
        // Of what only single lines have, those lines say it themselves.
        let of_lines = ["trust.nul-in-line", "trust.blank-before-name"];
        let codes: Vec<&str> = self.list.ambiguities().into_iter().filter(|code| !of_lines.contains(code)).list();
        if !codes.is_empty() {
            let check =
                Check::new(Kind::ChecksumList, Verdict::Ambiguous, from.clone(), Said::new("checksum-list.read-differently"));
            let findings = self.list.findings.iter().filter(|finding| codes.contains(&finding.code));
            let said: Set<Said> = findings.map(|finding| Said { code: finding.code, args: finding.args.clone() }).gather();
            let plain = codes.iter().filter(|code| !said.iter().any(|said| said.code == **code)).map(|code| Said::new(code));
            let details: Vec<Said> = said.iter().cloned().chain(plain).list();
            checks.push(details.into_iter().fold(check, Check::detail));
        }
        if let Some(first) = self.list.unread.first() {
            let said = Said::new("checksum-list.unread").with("count", self.list.unread.len()).with("line", first.line);
            checks.push(Check::new(Kind::ChecksumList, Verdict::Unknown, from, said.with("text", &first.text)));
        }
        checks
    }

    /// The check for one line and the item that it is about; `None` if nothing at hand has to do with it.
    fn judge(&self, line: &ChecksumLine) -> Option<(Option<ItemId>, Check)> {
        let hits = self.files.with_digest(self.case, &line.digest);
        let named = Some(self.named(line)).filter(|named| !self.is_of_a_sibling(line, named)).unwrap_or_default();
        let at_hand = named.first().or(hits.first()).copied();
        if let Some((file, ambiguous)) = at_hand.and_then(|file| Some((file, self.ambiguous(line, &hits, &named)?))) {
            return Some((Some(file.item), self.check(line, Some(file), Verdict::Ambiguous, ambiguous)));
        }
        let is_named = |file: &&&File<'c>| named.iter().any(|other| std::ptr::eq(**file, *other));
        if let Some(file) = hits.iter().find(is_named).or(hits.first()) {
            let is_renamed = !named.iter().any(|other| std::ptr::eq(*file, *other));
            return Some((Some(file.item), self.equal(line, file, is_renamed)));
        }
        match named.as_slice() {
            [] if line.name.is_none() => Some((None, self.bare_without_hit(line))),
            [] => None,
            [file, ..] => Some((Some(file.item), self.differs(line, file))),
        }
    }

    fn named(&self, line: &ChecksumLine) -> Vec<&File<'c>> {
        match (&line.name, line.form) {
            (Some(name), _) => self.files.named(name),
            (None, Form::Bare) => {
                let list = &self.case.item(self.id).name;
                ChecksumList::bare_subject(list).map(|subject| self.files.named(base(subject.as_bytes()))).unwrap_or_default()
            }
            (None, _) => Vec::new(),
        }
    }

    /// Why checkers differ about this line and the files at hand, if they do.
    fn ambiguous(&self, line: &ChecksumLine, hits: &[&File<'c>], named: &[&File<'c>]) -> Option<Said> {
        let frames = self.list.clearsigned.as_ref().map_or(0, |file| file.frames.len());
        if frames > 1 {
            return Some(Said::new("trust.several-frames").with("count", frames));
        }
        if let Some(code) = line.ambiguous.first() {
            return Some(Said::new(code));
        }
        let name = line.name.as_ref()?;
        let algorithm = line.digest.algorithm();
        if self.by_name.get(&(name.as_slice(), algorithm)).is_some_and(|digests| digests.len() > 1) {
            return Some(Said::new("checksum-list.name-twice").with("name", visible(name)));
        }
        let other = line.other_names.iter().find(|other| self.files.by_name.contains_key(&other.name));
        if let Some(other) = other {
            let checkers: Vec<String> = other.checkers.iter().map(ToString::to_string).list();
            let said = Said::new("checksum-list.other-name").with("name", visible(name)).with("other", visible(&other.name));
            return Some(said.with("checkers", checkers.join(", ")));
        }
        (hits.is_empty() && self.siblings(line, named).is_some())
            .then(|| Said::new("checksum-list.two-lines").with("name", visible(base(name))))
    }

    /// Other lines whose names end in the same last part, if that part is all by which a file was found:
    /// `amd64/rootfs.tar.gz` and `arm64/rootfs.tar.gz` against a file that is called rootfs.tar.gz.
    fn siblings<'s>(&'s self, line: &'s ChecksumLine, named: &[&File<'c>]) -> Option<&'s Set<Digest>> {
        let name = line.name.as_ref()?;
        let by_base_only = !named.is_empty() && named.iter().all(|file| file.name != *crate::intake::clean(name));
        let siblings = self.by_base.get(&(base(name), line.digest.algorithm()))?;
        (by_base_only && siblings.len() > 1).then_some(siblings)
    }

    /// Whether the file that this line's last part names is the one that a sibling lists.
    fn is_of_a_sibling(&self, line: &ChecksumLine, named: &[&File<'c>]) -> bool {
        let Some(siblings) = self.siblings(line, named) else { return false };
        named.iter().all(|file| file.sha256 != line.digest) && named.iter().any(|file| siblings.contains(&file.sha256))
    }

    fn equal(&self, line: &ChecksumLine, file: &File<'c>, is_renamed: bool) -> Check {
        if let Some(size) = line.size.filter(|size| *size != file.size) {
            let said = Said::new("checksum-list.size-differs").with("claimed", size).with("found", file.size);
            return self.check(line, Some(file), Verdict::Contradicted, said);
        }
        let verdict = if line.digest.algorithm().is_collision_resistant() { Verdict::Proved } else { Verdict::Agrees };
        let code = match (&line.name, is_renamed) {
            (Some(_), true) => "checksum-list.renamed",
            (None, true) => "checksum-list.bare-equals",
            _ => "checksum-list.equal",
        };
        let mut check = self.check(line, Some(file), verdict, Said::new(code).with("file", self.shown(file)));
        if verdict == Verdict::Agrees {
            check = check.detail(Said::new("checksum-list.weak").with("algorithm", line.digest.algorithm().name()));
        }
        if !line.refused_by.is_empty() {
            let checkers: Vec<String> = line.refused_by.iter().map(ToString::to_string).list();
            check = check.detail(Said::new("checksum-list.refused-by").with("checkers", checkers.join(", ")));
        }
        check
    }

    fn differs(&self, line: &ChecksumLine, file: &File<'c>) -> Check {
        let algorithm = line.digest.algorithm();
        if algorithm != Algorithm::Sha256 && !self.was_hashed(file, algorithm) {
            let said = Said::new("checksum-list.not-hashed").with("algorithm", algorithm.name());
            return self.check(line, Some(file), Verdict::Unknown, said);
        }
        let item = self.case.item(file.item);
        let said = Said::new("checksum-list.differs").with("found", file.sha256).with("claimed", line.digest);
        let check = self.check(line, Some(file), Verdict::Contradicted, said);
        let is_diff_id = file.entry.is_none() && item.diff_id().is_some_and(|diff_id| diff_id.0 == line.digest);
        if is_diff_id { check.detail(Said::new("checksum-list.is-diff-id")) } else { check }
    }

    fn was_hashed(&self, file: &File<'c>, algorithm: Algorithm) -> bool {
        let reread = self.case.reread(file.item).filter(|_| file.entry.is_none());
        reread.is_some_and(|reread| reread.digests.iter().any(|digest| digest.algorithm() == algorithm))
    }

    fn bare_without_hit(&self, line: &ChecksumLine) -> Check {
        let subject = ChecksumList::bare_subject(&self.case.item(self.id).name);
        let check = self.check(line, None, Verdict::Unknown, Said::new("checksum-list.bare-unknown").with("digest", line.digest));
        match subject {
            Some(subject) => check.want(Want {
                bring: Said::new("want.listed-file").with("name", subject),
                why: Said::new("want.why-listed"),
                command: None,
            }),
            None => check,
        }
    }

    fn check(&self, line: &ChecksumLine, file: Option<&File<'c>>, verdict: Verdict, said: Said) -> Check {
        let name = line.name.as_ref().map(|name| visible(name));
        let list = &self.case.item(self.id).name;
        let label = name.as_ref().map_or_else(|| format!("{list}, line {}", line.line), |name| format!("{list}: {name}"));
        let said = said.with("line", line.line).with("name", name.unwrap_or_default());
        let from = End::new(Role::ChecksumList, label).digest(line.digest).item(self.id);
        let check = Check::new(Kind::ChecksumList, verdict, from, said);
        let Some(file) = file else { return check };
        let item = self.case.item(file.item);
        let role = if matches!(item.body, Body::Tarball) && file.entry.is_none() { Role::Tarball } else { Role::File };
        let check = check.to(End::new(role, self.shown(file)).digest(file.sha256).item(file.item));
        let command = format!("{}sum", line.digest.algorithm().name());
        match file.entry {
            Some(entry) => {
                let (archive, name) = (shell_quote(&item.name), shell_quote(&visible(&entry.name)));
                check.repeat(format!("tar -xOf {archive} {name} | {command}"))
            }
            None => check.repeat(format!("{command} {}", shell_quote(&item.name))),
        }
    }

    fn shown(&self, file: &File<'c>) -> String {
        match file.entry {
            Some(_) => format!("{}: {}", self.case.item(file.item).name, visible(&file.name)),
            None => self.case.item(file.item).name.clone(),
        }
    }

    /// All lines that nothing at hand has to do with, in one check.
    fn absent(&self, lines: &[&ChecksumLine]) -> Option<Check> {
        let first = lines.first()?;
        let name = first.name.as_deref().map(visible).unwrap_or_default();
        let said =
            Said::new("checksum-list.absent").with("count", lines.len()).with("total", self.list.lines.len()).with("name", &name);
        let check = Check::new(Kind::ChecksumList, Verdict::Unknown, end(self.case, self.id), said);
        Some(check.want(Want {
            bring: Said::new("want.listed-file").with("name", name),
            why: Said::new("want.why-listed"),
            command: None,
        }))
    }
}

/// Tarballs that were given and that no list names.
fn not_listed(case: &Case, matched: &Set<ItemId>) -> Vec<Check> {
    let tarballs = case.tarballs().filter(|(id, item)| item.parent.is_none() && !matched.contains(id));
    tarballs
        .map(|(id, _)| Check::new(Kind::ChecksumList, Verdict::Unknown, end(case, id), Said::new("checksum-list.not-listed")))
        .list()
}
