//! What is rebuilt is taken by the programs that it is for: skopeo, umoci, podman. Each part is skipped where its program is
//! not installed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::fixtures;
use common::sources::Sources;
use layerproof::digest::Digest;
use layerproof::session::Session;
use layerproof::session::protocol::{Artefact, Setting};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The output of a program; `None` (said on the test's output) where it is not installed.
fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let Ok(output) = Command::new(program).args(arguments).output() else {
        println!("skipped: {program} is not installed");
        return None;
    };
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// An image of two layers, rebuilt from its tarball and its Dockerfile; the file, and the digests of manifest and config.
fn rebuilt(into: &Path) -> Option<(String, Digest, Digest)> {
    let case = fixtures("rebuild/local-nasty")?;
    let mut session = Session::new();
    let mut sources = Sources::in_pieces(100_000);
    ["rootfs.tar.gz", "Dockerfile"].iter().for_each(|name| sources.open_file(&mut session, &case.join(name)));
    for (key, value) in [("RELEASE", "jammy"), ("SOURCE_DATE_EPOCH", "1600000005")] {
        session.set(&Setting::BuildArg { key: key.to_owned(), value: Some(value.to_owned()) }).unwrap();
    }
    let builder = case.join("buildkit-HEAD-go1.26-SDE-1600000005-rewrite-timestamp");
    let digest = |name: &str| Digest::sha256(&std::fs::read(builder.join(name)).unwrap());
    session.claim(&digest("manifest.json").to_string());
    session.rebuild_comparable();
    sources.pass_all(&mut session);
    let path = into.join("image.oci.tar");
    std::fs::write(&path, session.save(Artefact::OciLayout).unwrap().bytes).unwrap();
    Some((path.to_str().unwrap().to_owned(), digest("manifest.json"), digest("config.json")))
}

#[test]
fn skopeo_reads_and_converts_it() {
    let folder = folder("rebuild-skopeo");
    let Some((file, manifest, config)) = rebuilt(&folder) else { return };
    let Some(text) = output("skopeo", &["inspect", &format!("oci-archive:{file}")]) else { return };
    let inspected: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(inspected["Digest"], manifest.to_string());
    assert_eq!(inspected["Layers"].as_array().unwrap().len(), 2);
    let layout = folder.join("layout");
    let to = format!("oci:{}:rebuilt", layout.display());
    output("skopeo", &["copy", "--preserve-digests", &format!("oci-archive:{file}"), &to]);
    for digest in [&manifest, &config] {
        let blob = std::fs::read(layout.join("blobs/sha256").join(digest.hex())).unwrap();
        assert_eq!(Digest::sha256(&blob), *digest);
    }
    let archive = folder.join("docker.tar");
    let to = format!("docker-archive:{}:rebuilt:latest", archive.display());
    output("skopeo", &["copy", &format!("oci-archive:{file}"), &to]);
    // The other direction: what `docker load` reads is in the file, too.
    let text = output("skopeo", &["inspect", "--config", "--raw", &format!("docker-archive:{file}")]).unwrap();
    assert_eq!(Digest::sha256(text.as_bytes()), config);
    if output(
        "umoci",
        &["unpack", "--rootless", "--image", &format!("{}:rebuilt", layout.display()), folder.join("bundle").to_str().unwrap()],
    )
    .is_some()
    {
        assert!(folder.join("bundle/rootfs/opt/newdir").is_dir());
    }
}

#[test]
fn podman_loads_it() {
    let folder = folder("rebuild-podman");
    let Some((file, _, config)) = rebuilt(&folder) else { return };
    // podman refuses a state folder of more than 50 characters, however deep this checkout lies.
    let short = std::env::temp_dir().join(format!("layerproof-{}", std::process::id()));
    let (root, state) = (short.join("root"), short.join("state"));
    let storage = ["--root", root.to_str().unwrap(), "--runroot", state.to_str().unwrap(), "--storage-driver", "vfs"];
    if output("podman", &["--version"]).is_none() {
        return;
    }
    let run = |arguments: &[&str]| output("podman", &[&storage, arguments].concat()).unwrap();
    run(&["load", "--quiet", "--input", &file]);
    let images = run(&["images", "--all", "--no-trunc", "--quiet"]);
    assert_eq!(images.trim(), config.to_string());
    drop(std::fs::remove_dir_all(short));
}
