//! Rebuilds driven as the page and the command line drive them: sources in, passes, a report.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::fixtures;
use common::sources::Sources;
use layerproof::report::model::{Check, Report, Verdict};
use layerproof::session::Session;
use layerproof::session::protocol::Artefact;
use std::path::Path;

/// A session that has read the files, and their bytes.
fn opened(files: &[&Path]) -> (Session, Sources) {
    let (mut session, mut sources) = (Session::new(), Sources::in_pieces(100_000));
    files.iter().for_each(|path| sources.open_file(&mut session, path));
    (session, sources)
}

/// A session that has read the files and done every pass that it asked for.
fn session(files: &[&Path]) -> Session {
    let (mut session, sources) = opened(files);
    session.rebuild_comparable();
    sources.pass_all(&mut session);
    session
}

fn of_kind<'a>(report: &'a Report, kind: &str) -> Vec<&'a Check> {
    report.checks.iter().filter(|check| check.kind == kind).collect()
}

fn verdicts(report: &Report, kind: &str) -> Vec<Verdict> {
    of_kind(report, kind).iter().map(|check| check.verdict).collect()
}

/// Tarball, Dockerfile, config and manifest of every BuildKit: proved from end to end.
#[test]
fn the_whole_chain_of_every_buildkit() {
    for (case, tarball) in [("local-busybox", "busybox.tar.xz"), ("local-nasty", "rootfs.tar.gz")] {
        let Some(folder) = fixtures(&format!("rebuild/{case}")) else { return };
        let mut builders: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        builders.retain(|path| path.is_dir() && path.to_str().unwrap().contains("buildkit"));
        for builder in builders {
            let epoch_without_rewrite = case == "local-nasty" && builder.to_str().unwrap().contains("SOURCE_DATE_EPOCH");
            let files =
                [folder.join(tarball), folder.join("Dockerfile"), builder.join("config.json"), builder.join("manifest.json")];
            // One case has a build argument, which nobody gives: the history or the config's build information shows it.
            let session = session(&files.each_ref().map(|path| path.as_path()));
            let report = session.report();
            let layers = verdicts(&report, "layer-rebuild");
            if epoch_without_rewrite {
                // The config's times are the epoch, so nothing says when the directories without an entry were made.
                assert_eq!(layers, [Verdict::Unknown, Verdict::Unknown], "{}", builder.display());
                continue;
            }
            // Each layer uncompressed and as it is stored; the WORKDIR of the second case makes one of its own.
            let expected = if case == "local-nasty" { 4 } else { 2 };
            assert_eq!(layers, vec![Verdict::Proved; expected], "{}", builder.display());
            assert_eq!(verdicts(&report, "config-rebuild"), [Verdict::Proved], "{}", builder.display());
            assert_eq!(verdicts(&report, "manifest-rebuild"), [Verdict::Proved], "{}", builder.display());
            assert_is_read_again(&session.save(Artefact::OciLayout).unwrap().bytes);
            // The edges between the documents hold for what was built as for what is at hand.
            assert_eq!(verdicts(&report, "diff-id"), vec![Verdict::Proved; expected / 2], "{}", builder.display());
            assert!(verdicts(&report, "descriptor").iter().all(|verdict| *verdict == Verdict::Proved), "{}", builder.display());
        }
    }
}

/// Tarball, Dockerfile, the epoch that the build was given, and the manifest's digest: nothing that a registry holds. Everything
/// in between is written again, and what was written can be saved as an image.
#[test]
fn a_manifest_from_nothing() {
    let builders =
        ["buildkit-0.21.1-go1.24-SDE-1600000005-rewrite-timestamp", "buildkit-HEAD-go1.26-SDE-1600000005-rewrite-timestamp"];
    for (case, tarball, layers) in [("local-busybox", "busybox.tar.xz", 1), ("local-nasty", "rootfs.tar.gz", 2)] {
        let Some(folder) = fixtures(&format!("rebuild/{case}")) else { return };
        for builder in builders {
            let expected = std::fs::read(folder.join(builder).join("manifest.json")).unwrap();
            let config = std::fs::read(folder.join(builder).join("config.json")).unwrap();
            let digest = layerproof::digest::Digest::sha256(&expected);
            let (mut session, sources) = opened(&[&folder.join(tarball), &folder.join("Dockerfile")]);
            set_argument(&mut session);
            argument(&mut session, "SOURCE_DATE_EPOCH", "1600000005");
            session.claim(&digest.to_string());
            session.rebuild_comparable();
            sources.pass_all(&mut session);
            let report = session.report();
            assert_eq!(verdicts(&report, "manifest-rebuild"), [Verdict::Proved], "{case} {builder}");
            assert_eq!(verdicts(&report, "layer-rebuild"), vec![Verdict::Proved; layers], "{case} {builder}");
            assert_eq!(verdicts(&report, "digest-claim"), [Verdict::Proved], "{case} {builder}");
            assert_eq!(session.save(Artefact::Manifest).unwrap().bytes, expected);
            assert_eq!(session.save(Artefact::Config).unwrap().bytes, config);
            assert_eq!(session.save_layers().len(), layers);
        }
    }
}

/// One second of the epoch wrong: nothing is proved.
#[test]
fn a_manifest_with_another_epoch_is_not_reached() {
    let Some(folder) = fixtures("rebuild/local-busybox") else { return };
    let manifest = std::fs::read(folder.join("buildkit-0.21.1-go1.24-SDE-1600000005-rewrite-timestamp/manifest.json")).unwrap();
    let (mut session, sources) = opened(&[&folder.join("busybox.tar.xz"), &folder.join("Dockerfile")]);
    argument(&mut session, "SOURCE_DATE_EPOCH", "1600000006");
    session.claim(&layerproof::digest::Digest::sha256(&manifest).to_string());
    session.rebuild_comparable();
    sources.pass_all(&mut session);
    assert!(session.report().checks.iter().all(|check| check.verdict != Verdict::Proved));
}

fn argument(session: &mut Session, key: &str, value: &str) {
    use layerproof::session::protocol::Setting;
    session.set(&Setting::BuildArg { key: key.to_owned(), value: Some(value.to_owned()) }).unwrap();
}

fn set_argument(session: &mut Session) {
    argument(session, "RELEASE", "jammy");
}

/// The classic builder: layer and manifest are proved, the config is taken over, and that is said.
#[test]
fn the_classic_builder() {
    let Some(folder) = fixtures("rebuild/local-busybox") else { return };
    for builder in ["dockerd-20.10.24-debian-vfs-classic", "dockerd-23.0.6-go1.27-classic", "dockerd-28.5.2-go1.27-classic"] {
        let builder = folder.join(builder);
        let files = [
            folder.join("busybox.tar.xz"),
            folder.join("Dockerfile"),
            builder.join("config.json"),
            builder.join("manifest.json"),
        ];
        let report = session(&files.each_ref().map(|path| path.as_path())).report();
        assert_eq!(verdicts(&report, "layer-rebuild"), [Verdict::Proved, Verdict::Proved]);
        assert_eq!(verdicts(&report, "config-rebuild"), [Verdict::Unknown]);
        assert_eq!(verdicts(&report, "manifest-rebuild"), [Verdict::Proved]);
    }
}

/// A file of a checkout: its time is searched from the commit's time on, five days of seconds.
#[test]
fn hello_world_with_its_checkout() {
    let Some(folder) = fixtures("rebuild/hello-world-official-2025-08") else { return };
    let files = ["hello", "Dockerfile", "config.json", "manifest.json"].map(|name| folder.join(name));
    let session = session(&files.each_ref().map(|path| path.as_path()));
    let report = session.report();
    for kind in ["config-rebuild", "manifest-rebuild"] {
        assert_eq!(verdicts(&report, kind), [Verdict::Proved], "{kind}");
    }
    let layers = of_kind(&report, "layer-rebuild");
    assert!(layers.len() == 2 && layers.iter().all(|check| check.verdict == Verdict::Proved));
    assert_eq!(session.save(Artefact::Layer).unwrap().bytes, std::fs::read(folder.join("layer.tar.gz")).unwrap());
    assert_eq!(session.save(Artefact::Manifest).unwrap().bytes, std::fs::read(folder.join("manifest.json")).unwrap());
}

/// From tarball, Dockerfile and a digest that somebody typed, nothing else.
#[test]
fn a_typed_digest_is_reached_from_nothing() {
    let Some(folder) = fixtures("rebuild/local-busybox") else { return };
    let files = [folder.join("busybox.tar.xz"), folder.join("Dockerfile")];
    let (mut session, sources) = opened(&files.each_ref().map(|path| path.as_path()));
    // The stored layer of BuildKit 0.21.1, from its manifest.
    session.claim("sha256:5ca8f8a2792a859374d08678326ca8f7bd382a6fbd48c9bcee97a74fea9501c6");
    session.rebuild_comparable();
    sources.pass_all(&mut session);
    assert_eq!(verdicts(&session.report(), "layer-rebuild"), [Verdict::Proved]);
    assert_is_read_again(&session.save(Artefact::OciLayout).unwrap().bytes);
}

/// What was built can be read again, and every digest in it is right.
fn assert_is_read_again(layout: &[u8]) {
    let mut again = Session::new();
    let source = again.open("image.oci.tar", None);
    again.push(source, layout);
    again.close(source);
    let report = again.report();
    let proved = report.checks.iter().filter(|check| check.verdict == Verdict::Proved).count();
    assert!(proved >= 4, "{:?}", report.checks);
    assert!(report.checks.iter().all(|check| check.verdict != Verdict::Contradicted), "{:?}", report.checks);
}

/// Nothing is built where there is nothing to compare with, unless it is asked for.
#[test]
fn a_tarball_alone_is_rebuilt_only_on_request() {
    let Some(tarball) = fixtures("rebuild/local-busybox/busybox.tar.xz") else { return };
    let session = session(&[&tarball]);
    assert!(of_kind(&session.report(), "layer-rebuild").is_empty());
    let (mut asked, sources) = opened(&[&tarball]);
    asked.rebuild();
    sources.pass_all(&mut asked);
    let report = asked.report();
    let checks = of_kind(&report, "layer-rebuild");
    assert!(checks.len() == 1 && checks[0].verdict == Verdict::Unknown);
    assert!(asked.save(Artefact::Layer).is_ok() && asked.save(Artefact::OciLayout).is_err());
}

/// The tarball of another image is not said to be false: it is not reproduced, and the first difference is named.
#[test]
fn another_tarball_is_unknown() {
    let Some(folder) = fixtures("rebuild/local-nasty") else { return };
    let builder = folder.join("buildkit-0.21.1-go1.24-overlayfs");
    let other = fixtures("rebuild/local-busybox/busybox.tar.xz").unwrap();
    let files = [other.as_path(), &builder.join("config.json"), &builder.join("manifest.json"), &builder.join("layer0.tar.gz")];
    let report = session(&files).report();
    assert_eq!(verdicts(&report, "layer-rebuild"), [Verdict::Unknown]);
    let said: Vec<&str> = of_kind(&report, "layer-rebuild")[0].details.iter().map(|detail| detail.code.as_str()).collect();
    assert!(said.contains(&"layer-rebuild.first-difference"), "{said:?}");
}

/// The real layer at hand, and a tarball in which one mode, one owner, one time or one content is another: the entry and the
/// field are named, with both values.
#[test]
fn the_first_difference_is_named() {
    let Some(folder) = fixtures("rebuild/local-busybox") else { return };
    let builder = folder.join("buildkit-0.21.1-go1.24-overlayfs");
    let (config, manifest) = (builder.join("config.json"), builder.join("manifest.json"));
    let layer = Path::new(env!("CARGO_TARGET_TMPDIR")).join("busybox-layer.tar.gz");
    let original = session(&[&folder.join("busybox.tar.xz"), &config, &manifest]);
    std::fs::write(&layer, original.save(Artefact::Layer).unwrap().bytes).unwrap();
    let packed = std::fs::read(folder.join("busybox.tar.xz")).unwrap();
    let mut tarball = Vec::new();
    std::io::Read::read_to_end(&mut lzma_rust2::XzReader::new(&packed[..], true), &mut tarball).unwrap();
    let headers: Vec<usize> = {
        let mut archive = tar::Archive::new(&tarball[..]);
        archive.entries().unwrap().map(|entry| entry.unwrap().raw_header_position() as usize).collect()
    };
    let directory = *headers.iter().rfind(|at| tarball[**at + 156] == b'5').unwrap();
    let file = *headers.iter().find(|at| tarball[**at + 156] == b'0').unwrap();
    let edits = [
        (directory, 106, "the mode field"),
        (directory, 114, "the user number"),
        (directory, 146, "the time"),
        (file, 612, "the content"),
    ];
    for (header, at, field) in edits {
        let mut mutant = tarball.clone();
        mutant[header + at] ^= 1;
        let block = &mut mutant[header..header + 512];
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("busybox-mutant.tar");
        std::fs::write(&path, &mutant).unwrap();
        let report = session(&[path.as_path(), &config, &manifest, &layer]).report();
        assert_eq!(verdicts(&report, "layer-rebuild"), [Verdict::Unknown], "{field}");
        let checks = of_kind(&report, "layer-rebuild");
        let said = checks[0].details.iter().find(|detail| detail.code == "layer-rebuild.first-difference").unwrap();
        assert!(said.text.contains(field), "{field}: {}", said.text);
    }
}
