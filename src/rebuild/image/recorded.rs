//! Configs and manifests that real builders wrote, in the fixtures.

use super::*;
use crate::digest::{DiffId, Digest};
use crate::dockerfile::{self, BuildArguments, Dockerfile};
use crate::rebuild::fixtures;
use crate::recipe::{Os, Program, StageChoice, Values};
use serde_json::Value;
use std::path::Path;

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn dockerfile(folder: &Path) -> Dockerfile {
    let bytes = std::fs::read(folder.join("Dockerfile")).unwrap();
    dockerfile::parse(&bytes, &dockerfile::Limits::default()).unwrap()
}

/// Times and layers of a recorded config.
fn known(config: &Value) -> Known {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let layers = config["history"].as_array().unwrap().iter().filter(|entry| entry["empty_layer"] != true);
    let diff_ids = config["rootfs"]["diff_ids"].as_array().unwrap();
    Known {
        architecture: text(&config["architecture"]),
        os: text(&config["os"]),
        variant: None,
        times: layers.map(|entry| text(&entry["created"])).collect(),
        diff_ids: diff_ids.iter().map(|digest| DiffId(digest.as_str().unwrap().parse().unwrap())).collect(),
    }
}

fn candidates(file: &Dockerfile, arguments: &[(&str, &str)], known: &Known) -> Vec<ConfigCandidate> {
    let values = arguments.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let given = BuildArguments { values, ..BuildArguments::default() };
    let globals = file.globals(&given).unwrap();
    let program = Program::of(file, StageChoice::Last, &globals).unwrap().unwrap();
    configs(&program, &Values { given: &given, open: &[], os: Os::Unix }, known)
}

/// Every BuildKit folder below `folder`: its config is among the candidates, and so is its manifest.
fn every_buildkit(folder: &str, arguments: &[(&str, &str)]) -> usize {
    let Some(folder) = fixtures::path(folder) else { return 0 };
    let file = dockerfile(&folder);
    let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.is_dir() && path.to_str().unwrap().contains("buildkit"));
    for path in &names {
        let (config, expected) = (json(&path.join("config.json")), json(&path.join("expected.json")));
        let all = candidates(&file, arguments, &known(&config));
        let found = all.iter().find(|candidate| expected["image_id"] == candidate.image_id().to_string());
        let found = found.unwrap_or_else(|| panic!("{}\n{}\n{}", path.display(), config, all[0].document));
        check_manifest(path, &expected, &found.document);
    }
    names.len()
}

fn check_manifest(path: &Path, expected: &Value, config: &str) {
    let epoch = path.to_str().unwrap().contains("rewrite-timestamp").then_some(1_600_000_005);
    let layers = (0..).map_while(|number| expected.get(format!("layer{number}"))).map(|layer| {
        let blob = Blob::new(layer["digest"].as_str().unwrap().parse().unwrap(), layer["size"].as_u64().unwrap());
        epoch.map_or(blob.clone(), |epoch| blob.rewritten(epoch))
    });
    let manifest = ImageManifest {
        config: Blob::new(Digest::sha256(config.as_bytes()), config.len() as u64),
        layers: layers.collect(),
        annotations: Default::default(),
    };
    let written = ManifestForm::ALL.map(|form| manifest.write(form));
    let found = written.iter().any(|text| expected["manifest_digest"] == Digest::sha256(text.as_bytes()).to_string());
    assert!(found, "{}\n{}", path.display(), written[0]);
}

#[test]
fn busybox_by_every_buildkit() {
    assert!(matches!(every_buildkit("rebuild/local-busybox", &[]), 0 | 8));
}

#[test]
fn every_instruction_by_every_buildkit() {
    assert!(matches!(every_buildkit("rebuild/local-nasty", &[("RELEASE", "jammy")]), 0 | 9));
}

#[test]
fn classic_manifests_are_written_for_a_given_config() {
    for case in ["local-busybox", "local-nasty"] {
        for builder in ["dockerd-20.10.24-debian-vfs-classic", "dockerd-23.0.6-go1.27-classic", "dockerd-28.5.2-go1.27-classic"] {
            let Some(path) = fixtures::path(&format!("rebuild/{case}/{builder}")) else { return };
            let config = std::fs::read_to_string(path.join("config.json")).unwrap();
            check_manifest(&path, &json(&path.join("expected.json")), &config);
        }
    }
}

#[test]
fn hello_world_of_the_official_builder() {
    let Some(path) = fixtures::path("rebuild/hello-world-official-2025-08") else { return };
    let (config, expected) = (json(&path.join("config.json")), json(&path.join("expected.json")));
    let all = candidates(&dockerfile(&path), &[], &known(&config));
    let found = all.iter().find(|candidate| expected["config_digest"] == candidate.image_id().to_string()).unwrap();
    assert!(!found.args_escaped && found.document.len() == 547);
    let recorded = json(&path.join("manifest.json"));
    let manifest = ImageManifest {
        config: Blob::new(found.image_id().0, found.document.len() as u64),
        layers: vec![Blob::new(expected["layer_digest"].as_str().unwrap().parse().unwrap(), 2380)],
        annotations: recorded["annotations"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned()))
            .collect(),
    };
    let digest = Digest::sha256(manifest.write(ManifestForm::BuildKit).as_bytes());
    assert_eq!(expected["manifest_digest"], digest.to_string());
}
