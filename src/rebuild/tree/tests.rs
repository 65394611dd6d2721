//! Unpacking rules, on small tarballs that are written here.

use super::*;
use crate::rebuild::tree::unpack::{Kind, TreeEntry, Unpack};

fn entry<'a>(name: &'a str, kind: Kind) -> TreeEntry<'a> {
    TreeEntry {
        name: name.as_bytes(),
        kind,
        mode: if kind == Kind::Directory { 0o755 } else { 0o644 },
        uid: 0,
        gid: 0,
        mtime: 100,
        link: b"",
        device: (0, 0),
        xattrs: &[],
    }
}

fn link<'a>(name: &'a str, kind: Kind, target: &'a str) -> TreeEntry<'a> {
    TreeEntry { link: target.as_bytes(), ..entry(name, kind) }
}

fn unpacked(destination: &str, entries: &[TreeEntry<'_>]) -> Result<Tree, Refused> {
    let mut unpack = Unpack::new(destination.as_bytes(), TreeLimits::default());
    for entry in entries {
        unpack.entry(entry).unwrap();
        if entry.kind == Kind::File {
            unpack.data(entry.name).unwrap();
        }
    }
    unpack.finish()
}

/// Each path with its mode, time (`?` when the build gives it) and what it links to.
fn shown(tree: &Tree) -> Vec<String> {
    let line = |item: &Item| {
        let time = match tree.modified(item, false) {
            Modified::At(second) => second.to_string(),
            Modified::WhenBuilt => "?".to_owned(),
            Modified::WhenCheckedOut => "??".to_owned(),
        };
        let content: Vec<u8> = tree.content(item).flatten().copied().collect();
        let mut line = format!("{} {:o} {time}", String::from_utf8_lossy(&item.path), tree.mode(item));
        if !content.is_empty() {
            line += &format!(" {}", String::from_utf8_lossy(&content));
        }
        if let Some(first) = &item.link {
            line += &format!(" = {}", String::from_utf8_lossy(first));
        }
        if let ItemKind::Symlink(target) = &item.kind {
            line += &format!(" -> {}", String::from_utf8_lossy(target));
        }
        line
    };
    tree.list(Diff::Touched).iter().map(line).collect()
}

fn refusal(destination: &str, entries: &[TreeEntry<'_>]) -> &'static str {
    unpacked(destination, entries).map(|tree| shown(&tree)).expect_err("refused").code
}

#[test]
fn directories_merge_and_other_entries_replace() {
    let tree = unpacked(
        "/",
        &[
            entry("a/x", Kind::File),
            TreeEntry { mode: 0o700, mtime: 7, ..entry("a/", Kind::Directory) },
            entry("f", Kind::Directory),
            entry("f/below", Kind::File),
            TreeEntry { mtime: 8, ..entry("f", Kind::File) },
            TreeEntry { mtime: 9, ..entry("/f", Kind::File) },
        ],
    );
    // The directory that became a file hands its time over: it is applied at the end.
    assert_eq!(shown(&tree.unwrap()), ["a/ 700 7", "a/x 644 100 a/x", "f 644 100 /f"]);
}

#[test]
fn order_is_by_name_within_each_directory() {
    let names = ["b-a", "b/x", "b.d/z", "a", "c"];
    let entries: Vec<_> = names.iter().map(|name| entry(name, Kind::File)).collect();
    let paths: Vec<String> =
        shown(&unpacked("/", &entries).unwrap()).iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(paths, ["a", "b/", "b/x", "b-a", "b.d/", "b.d/z", "c"]);
}

#[test]
fn the_last_link_decides_about_the_shared_file() {
    let last = TreeEntry { mode: 0o600, mtime: 5, ..link("a", Kind::HardLink, "z") };
    let tree = unpacked("/", &[entry("z", Kind::File), link("y", Kind::Symlink, "z"), last]).unwrap();
    assert_eq!(shown(&tree), ["a 600 5 z", "y 777 100 -> z", "z 600 5 = a"]);
    // A link to a symbolic link is one; its mode and time stay.
    let tree = unpacked("/", &[link("y", Kind::Symlink, "z"), TreeEntry { mtime: 5, ..link("x", Kind::HardLink, "y") }]);
    assert_eq!(shown(&tree.unwrap()), ["x 777 100 -> z", "y 777 100 = x -> z"]);
    assert_eq!(refusal("/", &[link("a", Kind::HardLink, "nowhere")]), "rebuild.link-target-missing");
    assert_eq!(refusal("/", &[entry("d", Kind::Directory), link("a", Kind::HardLink, "d")]), "rebuild.link-to-directory");
}

#[test]
fn parents_are_found_through_symbolic_links_inside_the_root() {
    let entries = [
        entry("usr/lib", Kind::Directory),
        link("lib", Kind::Symlink, "/usr/lib"),
        link("up", Kind::Symlink, "../../../usr"),
        entry("lib/a", Kind::File),
        entry("up/lib/b", Kind::File),
        entry("up/share/c", Kind::File),
    ];
    let expected = [
        "lib 777 100 -> /usr/lib",
        "up 777 100 -> ../../../usr",
        "usr/ 755 ?",
        "usr/lib/ 755 100",
        "usr/lib/a 644 100 lib/a",
        "usr/lib/b 644 100 up/lib/b",
        "usr/share/ 755 ?",
        "usr/share/c 644 100 up/share/c",
    ];
    assert_eq!(shown(&unpacked("/", &entries).unwrap()), expected);
    assert_eq!(refusal("/", &[link("l", Kind::Symlink, "l"), entry("l/x", Kind::File)]), "rebuild.symlink-loop");
    assert_eq!(refusal("/", &[link("l", Kind::Symlink, "gone"), entry("l/x/y", Kind::File)]), "rebuild.parent-no-directory");
    assert_eq!(refusal("/", &[entry("f", Kind::File), entry("f/x", Kind::File)]), "rebuild.parent-no-directory");
}

#[test]
fn whiteout_names_and_odd_names_are_ordinary() {
    let tree =
        unpacked("/", &[entry("./", Kind::Directory), entry("d/.wh.x", Kind::File), entry("../../e", Kind::File)]).unwrap();
    assert_eq!(shown(&tree), ["d/ 755 ?", "d/.wh.x 644 100 d/.wh.x", "e 644 100 ../../e"]);
    assert_eq!(refusal("/", &[entry(&"n".repeat(256), Kind::File)]), "rebuild.name-too-long");
    assert_eq!(refusal("/", &[entry("x", Kind::Other(b'S'))]), "rebuild.type-refused");
}

#[test]
fn a_destination_is_made_and_not_left() {
    let tree = unpacked("/opt/app", &[entry("./", Kind::Directory), entry("x", Kind::File)]).unwrap();
    assert_eq!(shown(&tree), ["opt/ 755 ?", "opt/app/ 755 ?", "opt/app/x 644 100 x"]);
    assert_eq!(refusal("/opt", &[entry("../x", Kind::File)]), "rebuild.name-outside");
    assert_eq!(refusal("/opt", &[link("x", Kind::Symlink, "../../etc")]), "rebuild.link-outside");
    assert_eq!(refusal("/opt", &[link("x", Kind::HardLink, "../etc")]), "rebuild.link-outside");
}

#[test]
fn owners_drop_capabilities_and_headers_set_them() {
    let capability = [(b"security.capability".to_vec(), vec![1, 0, 0, 2])];
    let with = TreeEntry { xattrs: &capability, ..entry("a", Kind::File) };
    let tree = unpacked("/", &[with, link("b", Kind::HardLink, "a")]).unwrap();
    assert_eq!(tree.xattrs(&tree.list(Diff::Touched)[0]), []);
    let tree =
        unpacked("/", &[entry("a", Kind::File), TreeEntry { xattrs: &capability, ..link("b", Kind::HardLink, "a") }]).unwrap();
    assert_eq!(tree.xattrs(&tree.list(Diff::Touched)[0]), capability);
}

#[test]
fn budgets_hold() {
    let mut unpack = Unpack::new(b"/", TreeLimits { content: 3, nodes: 4 });
    unpack.entry(&entry("a", Kind::File)).unwrap();
    assert_eq!(unpack.data(b"1234").unwrap_err().code, "rebuild.too-large");
    assert_eq!(unpack.entry(&entry("d/e/f/g", Kind::File)).unwrap_err().code, "rebuild.too-many-nodes");
}

/// Symbolic links that lead through each other: short names, long ways.
#[test]
fn long_ways_end_with_the_budget() {
    let mut unpack = Unpack::new(b"/", TreeLimits::default());
    let deep = "d/".repeat(1900);
    unpack.entry(&entry(&deep, Kind::Directory)).unwrap();
    let mut target = format!("/{deep}");
    for number in 0..38 {
        let name = format!("l{number}");
        unpack.entry(&link(&name, Kind::Symlink, &target)).unwrap();
        target = format!("/{name}/{}", "../d/".repeat(800));
    }
    let error = (0..200_000).find_map(|_| unpack.entry(&entry("l37/f", Kind::File)).err()).unwrap();
    assert_eq!(error.code, "rebuild.too-many-nodes");
}
