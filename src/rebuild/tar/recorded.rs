//! Layers that real builders made, in the fixtures.

use super::*;
use crate::digest::{DiffId, Digest};
use crate::rebuild::fixtures;
use crate::rebuild::gzip::{Generation, GzipEncoder};
use crate::rebuild::tree::Tree;
use serde_json::Value;

fn diff_id(text: &Value) -> DiffId {
    DiffId(text.as_str().unwrap().parse().unwrap())
}

fn tree(path: &str) -> Option<Tree> {
    Some(fixtures::unpack(&fixtures::decompressed(&fixtures::path(path)?)).unwrap())
}

/// The compressed layer of a profile.
fn layer(tree: &Tree, profile: Profile, time: Option<BuildTime>, generation: Generation) -> (Digest, u64) {
    let (mut encoder, mut out) = (GzipEncoder::new(generation), Vec::new());
    write_layer(tree, profile, time, |piece| encoder.write(piece, &mut out));
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
            let found = search(&tree, &Profile::all(&[]), wanted, window, 1 << 30);
            assert_eq!(found, Searched::Found { profile: *profile, time: BuildTime::at(second) }, "{name}");
            Some(BuildTime::at(second))
        };
        let (digest, size) = layer(&tree, *profile, time, generation.unwrap());
        assert_eq!(expected["layer0"]["digest"], digest.to_string(), "{name}");
        assert_eq!(expected["layer0"]["size"], size, "{name}");
    }
}
