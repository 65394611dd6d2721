//! A stage that begins with nothing, followed as far as its sources are at hand.

use super::{can_be_added, compression};
use crate::case::{Case, Item, ItemId, Origin};
use crate::dockerfile::{Command, Dockerfile, Source, Transfer};
use crate::finding::Said;
use crate::order::{self, Gather};
use crate::rebuild::Added;
use crate::rebuild::tree::Owner;
use crate::recipe::{Base, Family, Os, State, Values, join_workdir};

/// What the instructions of a stage change.
pub(super) struct Stage {
    /// The changes, in order.
    pub(super) steps: Vec<Step>,
    /// Why the rest of the stage is not followed.
    pub(super) stop: Option<Said>,
}

/// One change.
pub(super) struct Step {
    /// First line of the instruction.
    pub(super) line: u32,
    /// For WORKDIR: the directory, safe to show.
    pub(super) directory: Option<String>,
    pub(super) change: Change,
}

pub(super) enum Change {
    /// An item is added.
    Source(ItemId, Added),
    /// A directory is made, if it is not there.
    Directory { path: Vec<u8>, owner: Owner },
    /// The instruction ends with a layer.
    End,
}

impl Step {
    pub(super) fn source(&self) -> Option<ItemId> {
        match self.change {
            Change::Source(id, _) => Some(id),
            _ => None,
        }
    }
}

impl Stage {
    /// Items that are added, in order.
    pub(super) fn sources(&self) -> impl Iterator<Item = ItemId> {
        self.steps.iter().filter_map(Step::source)
    }

    /// Whether the step before belongs to the same instruction.
    pub(super) fn continues(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| self.steps[before].source().is_some())
    }
}

impl Case {
    /// The stage of a Dockerfile that is built, if it begins with nothing.
    pub(super) fn stage(&self, dockerfile: ItemId, file: &Dockerfile) -> Option<Stage> {
        let program = self.scratch_program(file)?;
        let given = self.build_arguments_of(dockerfile, None);
        let values = Values { given: &given, open: &[], os: Default::default() };
        let mut state = State::new(Family::BuildKit, &program, &Base::default(), &values);
        let mut stage = Stage { steps: Vec::new(), stop: None };
        let mut user: Option<String> = None;
        for step in &program.steps {
            state.enter(step);
            let line = step.instruction.span.line;
            let changes = match &step.instruction.command {
                Command::Add(transfer) => self.transferred(&mut state, transfer, dockerfile, &stage, true),
                Command::Copy(transfer) => self.transferred(&mut state, transfer, dockerfile, &stage, false),
                Command::Run(_) => Err(Said::new("layer-rebuild.stop-run")),
                Command::Workdir(path) => {
                    let path = state.text(path);
                    directory(&join_workdir(Os::Unix, &state.workdir, &path), user.as_deref().filter(|_| !self.is_classic()))
                }
                Command::User(name) => {
                    user = Some(state.text(name));
                    Ok(Vec::new())
                }
                _ => Ok(Vec::new()),
            };
            match changes {
                Ok(changes) => {
                    let directory = changes.iter().find_map(|change| match change {
                        Change::Directory { path, .. } => Some(crate::finding::visible(path)),
                        _ => None,
                    });
                    stage.steps.extend(changes.into_iter().map(|change| Step { line, directory: directory.clone(), change }));
                }
                Err(why) => {
                    stage.stop = Some(why.with("line", line));
                    return Some(stage);
                }
            }
            state.apply(step.instruction);
        }
        Some(stage)
    }

    /// What an ADD or a COPY changes, or why that is not known.
    fn transferred(
        &self,
        state: &mut State<'_>,
        transfer: &Transfer,
        dockerfile: ItemId,
        stage: &Stage,
        unpacks: bool,
    ) -> Result<Vec<Change>, Said> {
        let is_upper = stage.steps.iter().any(|step| matches!(step.change, Change::End));
        if transfer.from.is_some() || transfer.parents || !transfer.exclude.is_empty() || (transfer.link && is_upper) {
            return Err(Said::new("layer-rebuild.stop-option"));
        }
        let owner = transfer.chown.as_ref().map(|owner| state.text(owner));
        let owner = match owner.as_deref().map(numeric_owner) {
            Some(None) => return Err(Said::new("layer-rebuild.stop-owner").with("owner", owner.unwrap_or_default())),
            other => other.flatten(),
        };
        let mode = match transfer.chmod.as_deref().map(|mode| u32::from_str_radix(mode, 8)) {
            Some(Err(_)) => return Err(Said::new("layer-rebuild.stop-option")),
            other => other.and_then(Result::ok),
        };
        let destination = destination(state, &transfer.destination);
        let mut changes = Vec::new();
        for source in &transfer.sources {
            let Source::Path(source) = source else { return Err(Said::new("layer-rebuild.stop-option")) };
            let pattern = state.text(source);
            let found = self.sources_of(&pattern, source, dockerfile);
            if found.is_empty() {
                return Err(Said::new("layer-rebuild.stop-absent").with("source", pattern));
            }
            for (id, item) in found {
                let known = stage.sources().chain(changes.iter().filter_map(|change| match change {
                    Change::Source(id, _) => Some(*id),
                    _ => None,
                }));
                if known.into_iter().any(|known| known == id) {
                    return Err(Said::new("layer-rebuild.stop-twice").with("source", &item.name));
                }
                let unpacks = unpacks && transfer.unpack != Some(false) && item.tar().is_some();
                changes.push(Change::Source(id, added(item, &destination, unpacks, mode, owner, self.keeps_owners())));
            }
        }
        changes.push(Change::End);
        Ok(changes)
    }

    /// Items that a source's name leads to, in the order of their names.
    fn sources_of(&self, pattern: &str, written: &str, dockerfile: ItemId) -> Vec<(ItemId, &Item)> {
        if pattern.contains("://") {
            return Vec::new();
        }
        // A variable that nobody set may have any value: what comes out is compared by digest.
        let patterns = [pattern.to_owned(), without_variables(written)];
        let home = self.item(dockerfile).parent;
        let mut fitting: Vec<(ItemId, &Item, usize)> = Vec::new();
        for (id, item) in self.items().filter(|(_, item)| can_be_added(item) && item.is_whole()) {
            if !matches!(item.origin, Origin::Input) && (item.parent != home || home.is_none()) {
                continue;
            }
            let depth = patterns.iter().filter_map(|pattern| common_end(pattern, &item.name)).max();
            fitting.extend(depth.map(|depth| (id, item, depth)));
        }
        let deepest = fitting.iter().map(|(.., depth)| *depth).max();
        fitting.retain(|(.., depth)| Some(*depth) == deepest);
        order::sort_by(&mut fitting, |(_, left, _), (_, right, _)| left.name.cmp(&right.name));
        fitting.dedup_by_key(|(_, item, _)| item.sha256);
        fitting.into_iter().map(|(id, item, _)| (id, item)).list()
    }
}

fn added(item: &Item, destination: &str, unpacks: bool, mode: Option<u32>, owner: Option<Owner>, keeps_owners: bool) -> Added {
    if unpacks {
        let owner = owner.filter(|_| !keeps_owners);
        return Added::Tarball { destination: destination.into(), compression: compression(item), owner };
    }
    Added::File { path: destination.into(), name: last_component(&item.name).into(), mode, owner: owner.unwrap_or_default() }
}

/// A directory of WORKDIR. BuildKit gives it to the user that is set by then.
fn directory(path: &str, user: Option<&str>) -> Result<Vec<Change>, Said> {
    if path == "/" {
        return Ok(Vec::new());
    }
    let owner = match user.map(numeric_owner) {
        Some(None) => return Err(Said::new("layer-rebuild.stop-owner").with("owner", user.unwrap_or_default())),
        other => other.flatten().unwrap_or_default(),
    };
    Ok(vec![Change::Directory { path: path.into(), owner }, Change::End])
}

/// Where an instruction copies to, absolute; a slash at its end stays, and `.` is a directory.
fn destination(state: &mut State<'_>, written: &str) -> String {
    let text = state.text(written);
    let joined = join_workdir(Os::Unix, &state.workdir, &text);
    let is_directory = text.is_empty() || text == "." || text.ends_with('/') || text.ends_with("/.");
    if is_directory && !joined.ends_with('/') { joined + "/" } else { joined }
}

/// `1000`, `1000:100`, `root`: what builders understand without looking names up. A user's number is its group's, too.
fn numeric_owner(text: &str) -> Option<Owner> {
    let number = |text: &str| if text == "root" { Some(0) } else { text.parse::<u32>().ok() };
    match text.split_once(':') {
        Some((user, group)) => Some((number(user)?, number(group)?)),
        None => number(text).map(|user| (user, user)),
    }
}

fn last_component(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}

/// How many components from the end on a pattern fits a name; `None` if not even the last one does.
fn common_end(pattern: &str, name: &str) -> Option<usize> {
    let pairs = pattern.trim_end_matches('/').rsplit('/').zip(name.rsplit('/'));
    Some(pairs.take_while(|(pattern, name)| fits(pattern.as_bytes(), name.as_bytes())).count()).filter(|depth| *depth > 0)
}

/// Whether a pattern with `*` and `?` fits a name.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut of, mut star) = (0, 0, None);
    while of < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(byte) if *byte == b'?' || *byte == name[of] => (at, of) = (at + 1, of + 1),
            _ => match star {
                Some((star_at, star_of)) => {
                    star = Some((star_at, star_of + 1));
                    (at, of) = (star_at + 1, star_of + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

/// A source as written, with a star for each variable.
fn without_variables(written: &str) -> String {
    let (mut text, mut rest) = (String::new(), written);
    while let Some(at) = rest.find('$') {
        text += &rest[..at];
        rest = &rest[at + 1..];
        let end = match rest.strip_prefix('{') {
            Some(inside) => inside.find('}').map_or(rest.len(), |end| end + 2),
            None => rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len()),
        };
        text.push('*');
        rest = &rest[end..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_found_by_their_names() {
        assert_eq!(common_end("./a/rootfs.tar", "ctx/a/rootfs.tar"), Some(2));
        assert_eq!(common_end("rootfs.tar", "ctx/b/rootfs.tar"), Some(1));
        assert_eq!(common_end("root.tar", "rootfs.tar"), None);
        assert!(fits(b"ubuntu-*-oci-*-root.tar.gz", b"ubuntu-jammy-oci-amd64-root.tar.gz"));
        assert!(fits(b"*", b"") && fits(b"a?c*", b"abc") && !fits(b"a?c", b"ac") && !fits(b"*.gz", b"x.xz"));
        assert_eq!(without_variables("u-$A-oci-${B:-x}/c$D"), "u-*-oci-*/c*");
    }

    #[test]
    fn owners_are_numbers() {
        assert_eq!(numeric_owner("1000"), Some((1000, 1000)));
        assert_eq!(numeric_owner("root:5"), Some((0, 5)));
        assert_eq!(numeric_owner("www-data"), None);
        assert_eq!(numeric_owner("1:staff"), None);
    }
}
