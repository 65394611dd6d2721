//! Paths as Linux walks them, inside the root.

use super::node::{Content, Node, NodeId, ROOT};
use crate::order::Gather;
use std::cell::Cell;

/// Symbolic links that Linux follows in one path (`path_resolution(7)`).
const MOST_LINKS: usize = 40;
/// Longest name of one component, and longest path, in bytes.
const LONGEST_NAME: usize = 255;
const LONGEST_PATH: usize = 4095;

/// Why a path leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// A component before the last one does not exist.
    Missing,
    /// A component before the last one is no directory.
    NotDirectory,
    /// Too many symbolic links.
    Loop,
    /// A name or the path is longer than Linux allows.
    TooLong,
    /// The budget for walking paths is used up.
    Exhausted,
}

/// The last component of a path.
#[derive(Debug)]
pub(super) struct Spot<'a> {
    pub(super) parent: NodeId,
    /// Empty for the root.
    pub(super) name: &'a [u8],
    pub(super) node: Option<NodeId>,
}

/// Walks a path from the root; every component, those of symbolic links included, takes one from `budget`. A last component that is a symbolic link is followed only if `follow_last`.
pub(super) fn walk<'a>(nodes: &'a [Node], budget: &Cell<u64>, path: &'a [u8], follow_last: bool) -> Result<Spot<'a>, Lost> {
    if path.len() > LONGEST_PATH {
        return Err(Lost::TooLong);
    }
    let mut trail = vec![ROOT];
    let mut ahead = vec![path];
    let mut links = 0;
    let mut spot = Spot { parent: ROOT, name: b"", node: Some(ROOT) };
    while let Some(rest) = ahead.pop() {
        let Some((component, rest)) = first_component(rest) else { continue };
        budget.set(budget.get().checked_sub(1).ok_or(Lost::Exhausted)?);
        let is_last = is_empty(rest) && ahead.iter().all(|rest| is_empty(rest));
        ahead.push(rest);
        match component {
            b"." => continue,
            b".." => {
                if trail.len() > 1 {
                    trail.pop();
                }
                spot = Spot { parent: ROOT, name: b"", node: trail.last().copied() };
                continue;
            }
            _ => {}
        }
        let parent = trail.last().copied().unwrap_or(ROOT);
        let children = nodes[parent as usize].children().ok_or(Lost::NotDirectory)?;
        if component.len() > LONGEST_NAME {
            return Err(Lost::TooLong);
        }
        let node = children.get(component).copied();
        spot = Spot { parent, name: component, node };
        let Some(id) = node else {
            return if is_last { Ok(spot) } else { Err(Lost::Missing) };
        };
        match &nodes[id as usize].content {
            Content::Symlink(target) if follow_last || !is_last => {
                links += 1;
                if links > MOST_LINKS {
                    return Err(Lost::Loop);
                }
                if target.starts_with(b"/") {
                    trail.truncate(1);
                }
                ahead.push(target);
            }
            Content::Directory(_) => trail.push(id),
            _ if is_last => {}
            _ => return Err(Lost::NotDirectory),
        }
    }
    Ok(spot)
}

/// A joined path with all its symbolic links followed, as far as it exists; `None` where links lead in a circle or the budget ends.
pub(super) fn real_path(nodes: &[Node], budget: &Cell<u64>, path: &[u8]) -> Option<Vec<u8>> {
    let mut ahead: Vec<Vec<u8>> = components_reversed(path);
    let (mut done, mut links): (Vec<u8>, usize) = (Vec::new(), 0);
    while let Some(component) = ahead.pop() {
        let next = join(&done, &component);
        let found = walk(nodes, budget, &next, false);
        if matches!(found, Err(Lost::Exhausted)) {
            return None;
        }
        match found.ok().and_then(|spot| spot.node).map(|id| &nodes[id as usize].content) {
            Some(Content::Symlink(target)) if component != b".." => {
                links += 1;
                if links > MOST_LINKS {
                    return None;
                }
                if target.starts_with(b"/") {
                    done.clear();
                }
                ahead.extend(components_reversed(target));
            }
            _ => done = next,
        }
    }
    Some(done)
}

fn components_reversed(path: &[u8]) -> Vec<Vec<u8>> {
    path.split(|byte| *byte == b'/').rev().map(<[u8]>::to_vec).list()
}

fn first_component(path: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = path.iter().position(|byte| *byte != b'/')?;
    let path = &path[start..];
    let end = path.iter().position(|byte| *byte == b'/').unwrap_or(path.len());
    Some(path.split_at(end))
}

fn is_empty(path: &[u8]) -> bool {
    path.iter().all(|byte| *byte == b'/')
}

/// `directory/name` with `.`, `..` and repeated slashes resolved by text alone, as Go's `filepath.Join` does; without the
/// leading slash, so that the root is empty. `..` above the root stays at the root.
pub(super) fn join(directory: &[u8], name: &[u8]) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in directory.split(|byte| *byte == b'/').chain(name.split(|byte| *byte == b'/')) {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join(&b'/')
}

/// What stands before the last slash of a joined path; empty for the root.
pub(super) fn parent(path: &[u8]) -> &[u8] {
    path.iter().rposition(|byte| *byte == b'/').map_or(b"", |slash| &path[..slash])
}

/// Whether a joined path is `directory` or lies below it.
pub(super) fn is_within(path: &[u8], directory: &[u8]) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| directory.is_empty() || rest.is_empty() || rest.starts_with(b"/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_by_text() {
        assert_eq!(join(b"", b"./a//b/../c/"), b"a/c");
        assert_eq!(join(b"", b"../../x"), b"x");
        assert_eq!(join(b"/opt", b"../x"), b"x");
        assert_eq!(join(b"opt", b"."), b"opt");
        assert_eq!(join(b"", b"/"), b"");
        assert!(is_within(b"opt/x", b"opt") && is_within(b"opt", b"opt") && !is_within(b"optional", b"opt"));
        assert!(is_within(b"x", b""));
    }
}
