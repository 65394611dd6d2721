//! The files at hand as a build context: every file that is no account of an image, by its path below a root.

use super::ignore::Ignore;
use crate::case::{Body, Case, Item, ItemId, Reread};
use crate::digest::Digest;
use crate::intake::{Content, Kind};
use crate::order::{self, Gather, Map, Set};
use crate::recipe::Glob;

/// A folder that may have been the build context.
pub(super) struct Context<'c> {
    /// Files in the order of their paths.
    pub(super) files: Vec<File<'c>>,
    /// Directories, and whether the context has them itself: one that `.dockerignore` leaves out while it keeps a file in it
    /// is there by that file's path alone.
    pub(super) directories: Map<String, bool>,
}

/// One file.
pub(super) struct File<'c> {
    pub(super) path: String,
    pub(super) id: ItemId,
    pub(super) item: &'c Item,
    pub(super) reread: &'c Reread,
}

impl<'c> Context<'c> {
    /// The contexts that a Dockerfile may have been built in: the folder as it was given, and the one that it lies in.
    pub(super) fn all(case: &'c Case, dockerfile: ItemId) -> Vec<Self> {
        let name = &case.item(dockerfile).name;
        roots(name).iter().map(|root| Self::below(case, root, name)).list()
    }

    fn below(case: &'c Case, root: &str, dockerfile: &str) -> Self {
        let inside = |name: &'c str| name.trim_start_matches("./").strip_prefix(root);
        let ignore = ignore(case, root, dockerfile);
        let mut files: Map<String, File<'c>> = Map::new();
        let mut directories = Map::new();
        for (id, item) in case.items().filter(|(_, item)| may_be_added(case, item)) {
            let Some(path) = inside(&item.name) else { continue };
            for (at, _) in path.match_indices('/') {
                directories.insert(path[..at].to_owned(), !ignore.leaves_out(&path[..at]));
            }
            let Some(reread) = case.reread(id).filter(|_| !ignore.leaves_out(path)) else { continue };
            files.entry(path.to_owned()).or_insert_with(|| File { path: path.to_owned(), id, item, reread });
        }
        let holds = |directory: &String| files.keys().any(|path| is_below(path, directory));
        directories.retain(|directory, own| *own || holds(directory));
        Self { files: files.into_values().list(), directories }
    }

    /// The files that lie below a directory; `""` is the whole context.
    pub(super) fn below_directory<'s>(&'s self, directory: &'s str) -> impl Iterator<Item = &'s File<'c>> + 's {
        self.files.iter().filter(move |file| is_below(&file.path, directory))
    }

    pub(super) fn file(&self, path: &str) -> Option<&File<'c>> {
        self.files.iter().find(|file| file.path == path)
    }

    /// What a source names: files and directories, in the order of their paths. `""` is the whole context.
    pub(super) fn named(&self, source: &str) -> Vec<String> {
        let plain = clean(source);
        if !source.contains(['*', '?', '[', '\\']) {
            return vec![plain];
        }
        let glob = Glob::new(&plain);
        let paths: Set<&String> = self.files.iter().map(|file| &file.path).chain(self.directories.keys()).gather();
        let mut named: Vec<String> = paths.into_iter().filter(|path| glob.fits(path)).cloned().list();
        // Both builders walk the folder: what lies in a directory comes right behind it.
        order::sort_by(&mut named, |one, other| one.split('/').cmp(other.split('/')));
        named
    }

    /// Where a file leads if it stands for a symbolic link: to a file with the same content, when whoever gave the folder
    /// followed links, or to the one that its text names.
    pub(super) fn leads_to(&self, file: &File<'c>) -> Vec<&File<'c>> {
        let followed = |other: &&File<'c>| other.path != file.path && other.item.sha256 == file.item.sha256;
        let target = self.files.iter().find(|other| is_link_text(&file.path, &file.item.sha256, &other.path));
        self.files.iter().filter(followed).chain(target).list()
    }
}

/// Whether these bytes are the target of a link at `from` to `to`, as links are written: relative to where they lie.
pub(super) fn is_link_text(from: &str, sha256: &Digest, to: &str) -> bool {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').list(), to.split('/').list());
    let same = from[..from.len() - 1].iter().zip(&to[..to.len() - 1]).take_while(|(one, other)| one == other).count();
    let mut words = vec![".."; from.len() - 1 - same];
    words.extend(&to[same..]);
    let target = words.join("/");
    [target.clone(), format!("./{target}")].iter().any(|target| Digest::sha256(target.as_bytes()) == *sha256)
}

/// The roots of contexts, each empty or with a slash at its end.
pub(super) fn roots(dockerfile: &str) -> Vec<String> {
    let folder = dockerfile.rsplit_once('/').map(|(folder, _)| format!("{folder}/"));
    std::iter::once(String::new()).chain(folder).list()
}

/// A source without what does not change where it leads; `""` for the context itself.
pub(super) fn clean(source: &str) -> String {
    let parts: Vec<&str> = source.split('/').filter(|part| !part.is_empty() && *part != ".").list();
    parts.join("/")
}

pub(super) fn is_below(path: &str, directory: &str) -> bool {
    directory.is_empty() || path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether an item may be a file of a build context: it was given itself or in a folder, all of it was read, and it is no account
/// of an image.
pub(super) fn may_be_added(case: &Case, item: &Item) -> bool {
    let given = item.facts.is_some() && item.parent.is_none_or(|parent| case.item(parent).facts.is_none());
    let image = matches!(item.body, Body::History | Body::ImageArchive | Body::ImageFolder) || item.history.is_some();
    given && !image && is_complete(item)
}

/// Whether all of its bytes were hashed. Empty files and files of unknown kinds are.
fn is_complete(item: &Item) -> bool {
    let kind = |code: &str| code.starts_with("intake.kind-") || code == "intake.empty";
    item.facts.as_ref().is_none_or(|facts| facts.error.as_ref().is_none_or(|error| kind(error.code)))
}

/// Whether a file is more likely than not a program.
pub(super) fn is_program(item: &Item) -> bool {
    item.facts.as_ref().is_some_and(|facts| match &facts.content {
        Content::Text(bytes) | Content::Binary(bytes) => bytes.starts_with(b"#!") || bytes.starts_with(b"\x7fELF"),
        Content::Other(kind) => *kind == Kind::Elf,
        _ => false,
    })
}

/// Whether a file is one line that reads like the target of a symbolic link.
pub(super) fn is_link(item: &Item) -> bool {
    item.facts.as_ref().is_some_and(|facts| matches!(facts.content, Content::Other(Kind::SymlinkText)))
}

/// The patterns that hold for a context. BuildKit and buildah prefer a file that is named after the Dockerfile.
fn ignore(case: &Case, root: &str, dockerfile: &str) -> Ignore {
    let names = [format!("{dockerfile}.dockerignore"), format!("{root}.dockerignore")];
    let text = |name: &String| {
        let item = case.items().find(|(_, item)| item.name == *name)?.1;
        match &item.facts.as_ref()?.content {
            Content::Text(bytes) => Some(Ignore::parse(&String::from_utf8_lossy(bytes))),
            _ => None,
        }
    };
    names.iter().find_map(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_links_text_names_its_target_from_where_it_lies() {
        let text = |text: &str| Digest::sha256(text.as_bytes());
        assert!(is_link_text("link.txt", &text("hello.txt"), "hello.txt"));
        assert!(is_link_text("d/x", &text("../hello.txt"), "hello.txt"));
        assert!(is_link_text("d/x", &text("./y"), "d/y"));
        assert!(is_link_text("a/b/x", &text("../c/y"), "a/c/y"));
        assert!(!is_link_text("d/x", &text("hello.txt"), "hello.txt"));
    }

    #[test]
    fn sources_are_cleaned() {
        assert_eq!(["./a//b/", "/", ".", "d/"].map(clean), ["a/b", "", "", "d"]);
        assert_eq!(roots("x/y/Dockerfile"), ["", "x/y/"]);
        assert_eq!(roots("Dockerfile"), [""]);
    }
}
