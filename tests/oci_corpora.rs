//! Real layouts, archives, lists and library files through the whole way: bytes in, report out.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests may stop at the first surprise

mod common;

use common::evidence::{Given, contradictions, count, give};
use layerproof::report::model::Verdict;
use std::path::{Path, PathBuf};

fn folders(root: &Path, marker: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|folder| folder.join(marker).exists()).collect();
    found.sort();
    found
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

#[test]
fn every_edge_of_the_busybox_images_is_proved() {
    let Some(root) = common::fixtures("official/rootfs") else { return };
    let layouts = folders(&root, "index.json");
    assert!(layouts.len() >= 3);
    for folder in layouts {
        let report = Given::new().folder(&folder).report();
        assert_eq!(contradictions(&report), Vec::<String>::new(), "{folder:?}");
        assert_eq!(count(&report, "descriptor", Verdict::Proved), 3, "{folder:?}");
        assert_eq!(count(&report, "descriptor", Verdict::Unknown), 0, "{folder:?}");
        assert_eq!(count(&report, "diff-id", Verdict::Proved), 1, "{folder:?}");
        assert_eq!(count(&report, "platform", Verdict::Agrees), 1, "{folder:?}");
        assert_eq!(count(&report, "history-layers", Verdict::Agrees), 1, "{folder:?}");
    }
}

#[test]
fn layouts_without_their_layer_are_proved_down_to_the_config() {
    let Some(root) = common::fixtures("official/oci") else { return };
    let layouts = folders(&root, "image-config.json");
    assert!(layouts.len() >= 18);
    for folder in layouts {
        let report = Given::new().folder(&folder).report();
        assert_eq!(contradictions(&report), Vec::<String>::new(), "{folder:?}");
        assert_eq!(count(&report, "descriptor", Verdict::Proved), 2, "{folder:?}");
        assert_eq!(count(&report, "descriptor", Verdict::Unknown), 1, "{folder:?}");
        assert_eq!(count(&report, "diff-id", Verdict::Unknown), 1, "{folder:?}");
    }
}

#[test]
fn debian_index_alone_proves_manifest_and_config() {
    let Some(root) = common::fixtures("official/debian-2024-12/amd64") else { return };
    for suite in folders(&root, "oci/index.json") {
        let report = Given::new().file(&suite.join("oci/index.json")).report();
        assert_eq!(contradictions(&report), Vec::<String>::new(), "{suite:?}");
        assert_eq!(count(&report, "descriptor", Verdict::Proved), 2, "{suite:?}");
        // Config and manifest both ask for the layer. The repository that an annotation names is in the one command.
        let layers: Vec<&str> =
            report.next.iter().filter(|next| next.bring.starts_with("Layer 1,")).map(|next| next.command.as_str()).collect();
        assert!(matches!(layers[..], [command] if command.starts_with("crane blob amd64/debian@sha256:")), "{layers:?}");
        // The whole folder says the same once more, and its manifest.json finds the config without the missing links.
        let report = Given::new().folder(&suite.join("oci")).report();
        assert_eq!(contradictions(&report), Vec::<String>::new(), "{suite:?}");
        assert_eq!(count(&report, "descriptor", Verdict::Proved), 3, "{suite:?}");
    }
}

/// The puzzle that started the project: the digest that `--digests` prints is none of those in the repository.
#[test]
fn the_index_digest_and_the_manifest_digest_are_told_apart() {
    let Some(root) = common::fixtures("official/debian-2024-12/amd64/bookworm-slim/oci/index.json") else { return };
    let Some(record) = common::fixtures("official/ubuntu-22.04/ubuntu-22.04.json") else { return };
    let record: serde_json::Value = serde_json::from_slice(&read(&record)).unwrap();
    let index = record["index_digest"].as_str().unwrap();
    let index_json: serde_json::Value = serde_json::from_slice(&read(&root)).unwrap();
    let manifest = index_json["manifests"][0]["digest"].as_str().unwrap().to_owned();
    let report = Given::new().file(&root).claim(&format!("debian@{index}")).claim(&manifest).report();
    let claims: Vec<_> = report.checks.iter().filter(|check| check.kind == "digest-claim").collect();
    assert_eq!(claims.len(), 2);
    let unknown = claims.iter().find(|check| check.verdict == Verdict::Unknown).unwrap();
    assert!(unknown.text.contains(index) && unknown.details.iter().any(|detail| detail.text.contains(&manifest)), "{unknown:?}");
    let proved = claims.iter().find(|check| check.verdict == Verdict::Proved).unwrap();
    assert!(proved.text.contains("image manifest"), "{proved:?}");
    assert!(proved.details.iter().any(|detail| detail.code == "digest-claim.why-in-index"), "{proved:?}");
}

#[test]
fn archives_of_other_projects_are_read_and_their_oddities_named() {
    let Some(root) = common::fixtures("images") else { return };
    let mut odd = Vec::new();
    for path in common::evidence::files(&root).iter().filter(|path| path.extension().is_some_and(|extension| extension == "tar"))
    {
        let report = Given::new().file(path).report();
        assert!(report.evidence.iter().all(|evidence| evidence.error.is_none()), "{path:?} {:?}", report.evidence);
        if !contradictions(&report).is_empty() {
            odd.push(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    odd.sort();
    // One config is called by another digest than its own; one layer has a tar after the end of the tar (eStargz's index).
    assert_eq!(odd, ["source_image_with_empty_layer_history.tar", "test-oci-estargz-image.tar"]);
}

#[test]
fn attestations_belong_to_their_image_or_not() {
    let Some(root) = common::fixtures("trust/attestation") else { return };
    for (name, agrees, contradicted) in [
        ("artifact-v1.tar", 2, 0),
        ("legacy-v02-and-sbom.tar", 3, 0),
        ("subject-of-another-image.tar", 1, 1),
        ("reference-digest-of-nothing.tar", 0, 3),
    ] {
        let report = Given::new().file(&root.join(name)).report();
        assert_eq!(count(&report, "attestation", Verdict::Agrees), agrees, "{name}");
        assert_eq!(count(&report, "attestation", Verdict::Contradicted), contradicted, "{name}");
        assert_eq!(count(&report, "descriptor", Verdict::Contradicted), 0, "{name}");
    }
}

#[test]
fn library_files_meet_the_layouts_that_they_pin() {
    let Some(root) = common::fixtures("official") else { return };
    let report = Given::new()
        .file(&root.join("library/library/debian"))
        .file(&root.join("debian-2024-12/amd64/bookworm-slim/oci/index.json"))
        .report();
    assert_eq!(count(&report, "library-file", Verdict::Agrees), 1);
    let listing = report.checks.iter().find(|check| check.kind == "library-file" && check.verdict == Verdict::Unknown).unwrap();
    assert!(listing.details.iter().any(|detail| detail.code == "library-file.oci-import"));
    assert!(report.next.iter().any(|next| next.command.starts_with("curl -fsSLO https://raw.githubusercontent.com/")));
}

/// What a list says about the files of the fixtures, line by line (facts about four checkers are in its RESULTS.tsv).
#[test]
fn checksum_lines_are_judged() {
    let Some(root) = common::fixtures("trust/checksum-lines") else { return };
    let ambiguous = ["05", "06", "13", "53", "55", "56", "57", "69", "70"];
    let by_other_hash = ["29", "46", "72", "76"];
    let no_list = ["21", "28", "36", "44", "45", "47", "60", "62", "63", "71", "75"];
    for number in 1..=79 {
        let id = format!("{number:02}");
        let report = Given::new().file(&root.join(format!("{id}.txt"))).file(&root.join("named-files.tar")).report();
        let loudest =
            report.checks.iter().filter(|check| check.kind == "checksum-list" && check.subject.contains(&format!("{id}.txt")));
        let verdicts: Vec<Verdict> = loudest.map(|check| check.verdict).collect();
        let wanted = match id.as_str() {
            id if no_list.contains(&id) => {
                assert!(verdicts.is_empty(), "{id} {verdicts:?}");
                continue;
            }
            id if ambiguous.contains(&id) => Verdict::Ambiguous,
            id if by_other_hash.contains(&id) => Verdict::Unknown,
            "79" => Verdict::Contradicted,
            _ => Verdict::Proved,
        };
        assert!(verdicts.contains(&wanted), "{id} {verdicts:?}");
        assert!(id == "15" || verdicts.iter().all(|verdict| *verdict == wanted), "{id} {verdicts:?}");
    }
}

#[test]
fn a_forged_line_is_in_no_proved_row() {
    let Some(root) = common::fixtures("trust/clearsign-hostile") else { return };
    let rootfs = root.join("../signatures/rootfs.tar");
    for name in ["h-hdr.clear", "h-two.clear", "h-twoforged.clear", "h-bom.clear", "h-nul.clear", "h-dashhdr.clear"] {
        let report = Given::new().file(&root.join(name)).file(&rootfs).report();
        assert!(count(&report, "checksum-list", Verdict::Ambiguous) > 0, "{name}");
    }
    let good = read(&root.join("../signatures/SHA256SUMS.ed25519.clear"));
    let forged = "00".repeat(32);
    for outside in [format!("{forged}  rootfs.tar\n"), format!("{}  rootfs.tar\n", sha256_hex(&read(&rootfs)))] {
        for text in [[outside.as_bytes(), &good].concat(), [&good, outside.as_bytes()].concat()] {
            let report = Given::new().bytes("SHA256SUMS", &text).file(&rootfs).report();
            assert!(count(&report, "checksum-list", Verdict::Ambiguous) > 0, "{outside}");
            let proved = report.checks.iter().filter(|check| check.kind == "checksum-list" && check.verdict == Verdict::Proved);
            assert_eq!(proved.count(), 1, "only the signed line");
        }
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    layerproof::digest::Digest::sha256(bytes).hex()
}

#[test]
fn documents_of_a_builder_are_joined() {
    let Some(root) = common::fixtures("builders/add-file/out/docker28-buildkit") else { return };
    let mut session = layerproof::session::Session::new();
    for name in ["inspect.json", "config.json"] {
        give(&mut session, name, &read(&root.join(name)));
    }
    let report = session.report();
    let id = report.checks.iter().find(|check| check.kind == "digest-claim").unwrap();
    assert_eq!(id.verdict, Verdict::Proved, "{id:?}");
    assert!(id.text.contains("image ID"), "{id:?}");
}
