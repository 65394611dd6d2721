//! Layers that real builders made, in the fixtures.

use super::*;
use crate::digest::{DiffId, Digest};
use crate::rebuild::fixtures;
use crate::rebuild::gzip::{Generation, GzipEncoder};
use crate::rebuild::tree::{Diff, Tree, TreeLimits, Unpack};
use serde_json::Value;

fn diff_id(text: &Value) -> DiffId {
    DiffId(text.as_str().unwrap().parse().unwrap())
}

/// A tree of one file that an instruction copied, with the time of an unknown checkout.
fn copied(name: &[u8], mode: u32, content: &[u8]) -> Tree {
    let mut unpack = Unpack::on_nothing(TreeLimits::default());
    unpack.begin_file(b"/", name, Some(mode), (0, 0)).unwrap();
    unpack.data(content).unwrap();
    unpack.finish().unwrap()
}

/// The same window for both clocks.
fn times(window: Window) -> Times {
    Times { built: window, checked_out: window }
}

fn found(profile: Profile, time: BuildTime) -> Searched {
    Searched::Found(Found { profile, diff: Diff::Touched, time })
}

fn tree(path: &str) -> Option<Tree> {
    Some(fixtures::unpack(&fixtures::decompressed(&fixtures::path(path)?)).unwrap())
}

/// The compressed layer of a profile.
fn layer(tree: &Tree, profile: Profile, time: Option<BuildTime>, generation: Generation) -> (Digest, u64) {
    let (mut encoder, mut out) = (GzipEncoder::new(generation), Vec::new());
    write_layer(tree, (profile, Diff::Touched), time, |piece| encoder.write(piece, &mut out));
    encoder.finish(&mut out);
    (Digest::sha256(&out), out.len() as u64)
}

#[test]
fn published_alpine_layers() {
    let Some(path) = fixtures::path("official/published-layers.json") else { return };
    let published: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    for record in published["layers"].as_array().unwrap() {
        let file = record["rootfs"].as_str().unwrap();
        let version = file.split('-').nth(2).unwrap();
        let tree = tree(&format!("official/rootfs/alpine-{version}/{file}")).unwrap();
        let candidates = candidates(&tree, &Profile::all(&[]));
        let found: Vec<_> =
            candidates.iter().filter(|candidate| candidate.diff_id == Some(diff_id(&record["diff_id"]))).collect();
        assert!(found.iter().any(|candidate| candidate.profile == Profile::TYPE_BITS), "{file}");
        let (digest, size) = layer(&tree, Profile::TYPE_BITS, None, Generation::Legacy);
        assert_eq!(
            (record["layer_digest"].as_str().unwrap(), &record["layer_size"]),
            (&*digest.to_string(), &size.into()),
            "{file}"
        );
    }
}

/// Every builder of a folder of `rebuild/`, with the profile that it must be and the generation that compressed it.
fn builders(folder: &str) -> Vec<(String, Profile, Option<Generation>, Value)> {
    let mut names: Vec<String> = std::fs::read_dir(fixtures::path(folder).unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut builders = Vec::new();
    for name in names.iter().filter(|name| !name.contains('.') || name.contains("-")) {
        let Some(path) = fixtures::path(&format!("{folder}/{name}/expected.json")) else { continue };
        let expected: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let profile = match name {
            name if name.starts_with("buildah") => Profile::BUILDAH,
            name if name.contains("20.10.24-debian") => Profile::DEBIAN,
            name if name.contains("23.0.6") => Profile::TYPE_BITS,
            name if name.contains("rewrite-timestamp") => Profile::rewritten(1_600_000_005),
            name if name.starts_with("kaniko") => continue,
            _ => Profile::PLAIN,
        };
        let generation = match name {
            name if name.contains("go1.27") => Some(Generation::Modern),
            name if name.starts_with("buildah") => None,
            _ => Some(Generation::Legacy),
        };
        builders.push((name.clone(), profile, generation, expected));
    }
    builders
}

#[test]
fn busybox_in_every_builder() {
    let Some(tree) = tree("rebuild/local-busybox/busybox.tar.xz") else { return };
    let builders = builders("rebuild/local-busybox");
    assert_eq!(builders.len(), 13);
    for (name, profile, generation, expected) in builders {
        let candidates = candidates(&tree, &Profile::all(&[1_600_000_005]));
        let candidate = candidates.iter().find(|candidate| candidate.profile == profile).unwrap();
        assert_eq!(candidate.diff_id, Some(diff_id(&expected["layer0"]["diff_id"])), "{name}");
        assert_eq!(expected["layer0"]["tar_size"], candidate.size);
        if let Some(generation) = generation {
            let (digest, size) = layer(&tree, profile, None, generation);
            assert_eq!(expected["layer0"]["digest"], digest.to_string(), "{name}");
            assert_eq!(expected["layer0"]["size"], size, "{name}");
        }
    }
}

#[test]
fn a_tarball_with_everything_in_every_builder() {
    let Some(tree) = tree("rebuild/local-nasty/rootfs.tar.gz") else { return };
    let builders = builders("rebuild/local-nasty");
    assert_eq!(builders.len(), 15);
    for (name, profile, generation, expected) in builders.iter().filter(|builder| builder.1 != Profile::BUILDAH) {
        let wanted = diff_id(&expected["layer0"]["diff_id"]);
        let second = expected["implied_dir_mtime"].as_i64().unwrap();
        let time = if profile.latest.is_some() {
            let candidate = candidates(&tree, &[*profile]).remove(0);
            assert_eq!(candidate.diff_id, Some(wanted), "{name}");
            None
        } else {
            let window = Window { from: second + 1, before: 3, after: 1 };
            let (searched, _) = search(&tree, &Profile::all(&[]), wanted, times(window), 1 << 30);
            assert_eq!(searched, found(*profile, BuildTime::at(second)), "{name}");
            Some(BuildTime::at(second))
        };
        let (digest, size) = layer(&tree, *profile, time, generation.unwrap());
        assert_eq!(expected["layer0"]["digest"], digest.to_string(), "{name}");
        assert_eq!(expected["layer0"]["size"], size, "{name}");
    }
}

#[test]
fn buildah_makes_one_layer_of_the_whole_build() {
    let Some(path) = fixtures::path("rebuild/local-nasty/rootfs.tar.gz") else { return };
    let tree = fixtures::unpack_with(&fixtures::decompressed(&path), |unpack| unpack.directory(b"/opt/newdir", (0, 0)).unwrap())
        .unwrap();
    let (_, _, _, expected) = builders("rebuild/local-nasty").remove(0);
    let second = expected["implied_dir_mtime"].as_i64().unwrap();
    let window = Window { from: second, before: 0, after: 0 };
    let (searched, _) = search(&tree, &Profile::all(&[]), diff_id(&expected["layer0"]["diff_id"]), times(window), 1 << 30);
    assert_eq!(searched, found(Profile::BUILDAH, BuildTime::at(second)));
}

#[test]
fn cirros_with_its_devices() {
    let Some(path) = fixtures::path("official/rootfs/cirros-0.5.2") else { return };
    let file =
        std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.extension().is_some()).unwrap();
    let tree = fixtures::unpack(&fixtures::decompressed(&file)).unwrap();
    let meta = fixtures::path("official/pairs/cirros__0.5.2__amd64/meta.json").unwrap();
    let meta: Value = serde_json::from_slice(&std::fs::read(meta).unwrap()).unwrap();
    let (digest, size) = layer(&tree, Profile::TYPE_BITS, None, Generation::Legacy);
    assert_eq!(meta["layers"][0]["digest"], digest.to_string());
    assert_eq!(meta["layers"][0]["size"], size);
}

#[test]
fn a_copied_file_of_a_checkout() {
    let Some(path) = fixtures::path("rebuild/hello-world-official-2025-08/hello") else { return };
    let read = |name: &str| std::fs::read(path.with_file_name(name)).unwrap();
    let expected: Value = serde_json::from_slice(&read("expected.json")).unwrap();
    let tree = copied(b"hello", 0o755, &read("hello"));
    assert_eq!(candidates(&tree, &[Profile::PLAIN])[0].diff_id, None);
    let second = expected["file_mtime"].as_i64().unwrap();
    // The whole way from SOURCE_DATE_EPOCH takes five days of seconds; a part of it is enough here.
    let window = Window { from: second - 2000, before: 0, after: 2000 };
    let (searched, _) = search(&tree, &Profile::all(&[]), diff_id(&expected["diff_id"]), times(window), 1 << 30);
    let time = BuildTime { checked_out: Some(second), ..BuildTime::at(second) };
    assert_eq!(searched, found(Profile::PLAIN, time));
    let (digest, size) = layer(&tree, Profile::PLAIN, Some(time), Generation::Legacy);
    assert_eq!((digest.to_string(), size), (expected["layer_digest"].as_str().unwrap().to_owned(), 2380));
}

/// A changed tarball never gives the layer of the unchanged one, in no profile.
#[test]
fn mutants_do_not_reproduce() {
    let Some(path) = fixtures::path("rebuild/local-busybox/busybox.tar.xz") else { return };
    let tarball = fixtures::decompressed(&path);
    let all = |tarball: &[u8]| {
        let tree = fixtures::unpack(tarball).unwrap();
        candidates(&tree, &Profile::all(&[])).into_iter().filter_map(|candidate| candidate.diff_id).collect::<Vec<_>>()
    };
    let original = all(&tarball);
    let headers: Vec<usize> = fixtures::headers(&tarball);
    let of_type = |flag: u8| headers.iter().copied().filter(|at| tarball[at + 156] == flag).collect::<Vec<_>>();
    let (file, link) = (of_type(b'0')[0], of_type(b'1')[0]);
    // Of a shared file only the last link's header counts; a directory has its own.
    let directory = *of_type(b'5').last().unwrap();
    let edits = [
        ("content", file + 512 + 100, 1),
        ("mode", directory + 106, 1),
        ("owner", directory + 114, 1),
        ("mtime", directory + 146, 1),
        ("name", link, 2),
        ("type", link + 156, 3),
    ];
    for (what, at, flip) in edits {
        let mut mutant = tarball.clone();
        mutant[at] ^= flip;
        fixtures::sum(&mut mutant, headers.iter().copied().rfind(|header| *header <= at).unwrap());
        assert!(all(&mutant).iter().all(|diff_id| !original.contains(diff_id)), "{what}");
    }
    let mut dropped = tarball.clone();
    dropped.drain(link..link + 512);
    assert!(all(&dropped).iter().all(|diff_id| !original.contains(diff_id)), "dropped link");
}
