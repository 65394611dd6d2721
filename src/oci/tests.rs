//! Generated documents of every kind, the rows O and J of the project's list of hostile inputs, and the recorded documents.

use super::*;
use crate::digest::Digest;
use crate::json::Limits;
use std::path::PathBuf;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

fn doc(text: &str) -> Document {
    read(text.as_bytes(), &Limits::default()).unwrap()
}

fn descriptor(media_type: &str, blob: &str) -> String {
    format!(r#"{{"mediaType":"{media_type}","digest":"{}","size":{}}}"#, Digest::sha256(blob.as_bytes()), blob.len())
}

fn codes(document: &Document) -> Vec<&'static str> {
    document.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn every_kind_is_recognised() {
    let id = "a".repeat(64);
    let digest = Digest::sha256(b"");
    for (text, kind) in [
        (r#"{"schemaVersion":2,"manifests":[]}"#.into(), DocumentKind::Index),
        (
            r#"{"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","manifests":[]}"#.into(),
            DocumentKind::ManifestList,
        ),
        (format!(r#"{{"schemaVersion":2,"config":{},"layers":[]}}"#, descriptor(CONFIG, "{}")), DocumentKind::Manifest),
        (r#"{"schemaVersion":1,"fsLayers":[],"history":[]}"#.into(), DocumentKind::Schema1),
        (r#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#.into(), DocumentKind::Config),
        (r#"[{"Config":"c.json","RepoTags":["a:b"],"Layers":[]}]"#.into(), DocumentKind::DockerSave),
        (format!(r#"{{"a/b":{{"latest":"{id}"}}}}"#), DocumentKind::Repositories),
        (format!(r#"{{"id":"{id}","created":"x"}}"#), DocumentKind::LegacyLayer),
        (r#"{"imageLayoutVersion":"1.0.0"}"#.into(), DocumentKind::OciLayout),
        (format!(r#"[{{"Id":"{digest}","RepoTags":[],"RootFS":{{"Layers":[]}}}}]"#), DocumentKind::DockerInspect),
        (format!(r#"{{"Name":"x","Digest":"{digest}","RepoTags":[],"Layers":[]}}"#), DocumentKind::SkopeoInspect),
        (r#"{"Ref":"x","Descriptor":{},"SchemaV2Manifest":{}}"#.into(), DocumentKind::ManifestInspect),
        (r#"[{"Id":"x","Created":1,"CreatedBy":"RUN x","Tags":null}]"#.into(), DocumentKind::History),
        (r#"{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"p"}"#.into(), DocumentKind::Statement),
        (r#"{"SLSA":{"buildDefinition":{}}}"#.into(), DocumentKind::Provenance),
        (r#"{"payloadType":"x","payload":"e30=","signatures":[]}"#.into(), DocumentKind::Envelope),
        (r#"{"critical":{"image":{}}}"#.into(), DocumentKind::SimpleSigning),
        (r#"{"spdxVersion":"SPDX-2.3"}"#.into(), DocumentKind::Sbom),
    ] {
        assert_eq!(doc(&text).kind, Some(kind), "{text}");
    }
    for text in ["{}", "[]", "null", "[1]", r#"{"a":1}"#, "\"x\"", r#"{"a":{}}"#] {
        assert_eq!(doc(text).kind, None, "{text}");
    }
}

#[test]
fn a_document_that_is_manifest_and_index_is_ambiguous_and_both_views_are_there() {
    for media_type in [MANIFEST, INDEX, ""] {
        let text = format!(
            r#"{{"schemaVersion":2,"mediaType":"{media_type}","config":{},"layers":[],"manifests":[{}]}}"#,
            descriptor(CONFIG, "{}"),
            descriptor(MANIFEST, "x")
        );
        let document = doc(&text);
        assert_eq!(document.ambiguities().map(|finding| finding.code).collect::<Vec<_>>(), ["oci.manifest-and-index"]);
        assert_eq!(matches!(document.content, Content::Manifest(_)), media_type == MANIFEST);
        assert!(document.other.is_some());
        assert_eq!(document.descriptors().len(), 2);
    }
}

#[test]
fn media_types_that_lie_are_seen() {
    let document =
        doc(&format!(r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{},"layers":[]}}"#, descriptor(CONFIG, "{}")));
    let named = |media_type: &str| doc(&format!(r#"{{"manifests":[{}]}}"#, descriptor(media_type, "x"))).descriptors()[0].clone();
    assert_eq!(document.fits(&named(MANIFEST)), Some(true));
    for lie in
        [INDEX, CONFIG, "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.manifesu.v1+json"]
    {
        assert_eq!(document.fits(&named(lie)), Some(false), "{lie}");
    }
    assert_eq!(document.fits(&named("application/vnd.oci.image.layer.v1.tar")), Some(false));
    assert!(!document.contradicts_itself());
    assert!(doc(r#"{"mediaType":"application/vnd.oci.image.indey.v1+json","manifests":[]}"#).contradicts_itself());
    assert_eq!(doc("{}").fits(&named("application/vnd.example+json")), None);
}

#[test]
fn a_reindented_copy_has_the_same_content_and_another_digest() {
    let original = doc(r#"{"schemaVersion":2,"manifests":[],"annotations":{"a":"<b>"}}"#);
    let copy = doc("{\n \"annotations\": {\"a\": \"\\u003cb\\u003e\"},\n \"manifests\": [],\n \"schemaVersion\": 2\n}\n");
    assert!(copy.is_copy_of(&original) && !original.is_copy_of(&original));
    assert!(!doc(r#"{"schemaVersion":2,"manifests":[]}"#).is_copy_of(&original));
}

#[test]
fn one_bad_descriptor_does_not_hide_the_others() {
    let good = descriptor(MANIFEST, "x");
    let bad = good.replace("sha256:", "sha256:../../");
    let document = doc(&format!(r#"{{"schemaVersion":2,"manifests":[{bad},{good},7]}}"#));
    assert_eq!(document.descriptors().len(), 1);
    assert_eq!(document.errors.iter().map(|error| error.code).collect::<Vec<_>>(), ["oci.digest", "oci.field-type"]);
    assert_eq!(document.errors[0].at.as_ref().and_then(|at| at.inside.as_deref()), Some("/manifests/0/digest"));
}

#[test]
fn versions_that_go_refuses_are_findings() {
    assert_eq!(codes(&doc(r#"{"schemaVersion":2.0,"manifests":[]}"#)), ["oci.not-an-integer"]);
    assert_eq!(codes(&doc(r#"{"schemaVersion":3,"manifests":[]}"#)), ["oci.schema-version"]);
    assert_eq!(codes(&doc(r#"{"imageLayoutVersion":"9.9.9"}"#)), ["oci.layout-version"]);
    assert!(codes(&doc(r#"{"imageLayoutVersion":"1.0.0"}"#)).is_empty());
}

#[test]
fn config_fields_and_chain_ids() {
    let (a, b) = (Digest::sha256(b"a"), Digest::sha256(b"b"));
    let document = doc(&format!(
        r#"{{"architecture":"arm","os":"linux","variant":"v7","created":"2024-01-01T00:00:00Z","config":{{"Env":["A=1"],"Cmd":null,
        "Labels":{{"Foo":"1","foo":"2"}}}},"rootfs":{{"type":"layers","diff_ids":["{a}","{b}"]}},
        "history":[{{"created_by":"ADD x"}},{{"created_by":"CMD","empty_layer":true}},{{}}]}}"#
    ));
    assert!(document.findings.is_empty() && document.errors.is_empty(), "{:?} {:?}", document.findings, document.errors);
    let Content::Config(config) = &document.content else { panic!("no config") };
    assert_eq!(config.platform.to_string(), "linux/arm/v7");
    assert_eq!(config.layers_in_history(), Some(2));
    assert_eq!((config.config.env.as_deref(), config.config.cmd.as_deref()), (Some(&["A=1".to_owned()][..]), None));
    assert_eq!(config.config.labels.len(), 2);
    let chain = config.chain_ids();
    assert_eq!(chain[0].0, a);
    assert_eq!(chain[1].0, Digest::sha256(format!("{a} {b}").as_bytes()));
    let history = config.history.as_ref().unwrap();
    let span = history[0].span.unwrap();
    assert_eq!(&document.bytes[span.start..span.end], br#"{"created_by":"ADD x"}"#);
}

#[test]
fn attestations_of_both_shapes() {
    let subject = Digest::sha256(b"image");
    let layer = descriptor("application/vnd.in-toto+json", "s");
    let legacy = doc(&format!(r#"{{"schemaVersion":2,"config":{},"layers":[{layer}]}}"#, descriptor(CONFIG, "{}")));
    let artifact = doc(&format!(
        r#"{{"schemaVersion":2,"artifactType":"application/vnd.docker.attestation.manifest.v1+json","config":{},"layers":[{layer}],
        "subject":{}}}"#,
        descriptor("application/vnd.oci.empty.v1+json", "{}"),
        descriptor(MANIFEST, "image")
    ));
    let role = |document: &Document| match &document.content {
        Content::Manifest(manifest) => manifest.role(),
        other => panic!("{other:?}"),
    };
    assert_eq!((role(&legacy), role(&artifact)), (ManifestRole::AttestationImage, ManifestRole::AttestationArtifact));
    let index = doc(&format!(
        r#"{{"manifests":[{},{{"mediaType":"{MANIFEST}","digest":"{}","size":1,"platform":{{"os":"unknown","architecture":"unknown"}},
        "annotations":{{"vnd.docker.reference.type":"attestation-manifest","vnd.docker.reference.digest":"{subject}"}}}}]}}"#,
        descriptor(MANIFEST, "image"),
        Digest::sha256(b"x")
    ));
    let Content::Index(index) = &index.content else { panic!("no index") };
    assert_eq!(index.images().count(), 1);
    assert_eq!(index.manifests[1].attests().unwrap().subject, Some(Ok(DigestRef::Known(subject))));
}

#[test]
fn provenance_gives_the_dockerfile_and_the_lines_of_each_layer() {
    let statement = doc(
        r#"{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v1","subject":[{"name":"pkg:docker/x",
        "digest":{"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","gitoid":"?"}}],"predicate":{"buildDefinition":
        {"buildType":"b","externalParameters":{"request":{"args":{"build-arg:V":"1","target":"t"}}},"resolvedDependencies":
        [{"uri":"pkg:docker/alpine@3","digest":{"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}]},
        "runDetails":{"metadata":{"buildkit_metadata":{"source":{"infos":[{"filename":"Dockerfile","data":"RlJPTSBzY3JhdGNoCg=="}],
        "locations":{"step0":{"locations":[{"ranges":[{"start":{"line":2},"end":{"line":3}}]}]}}},"layers":{"step0:0":[[{"mediaType":"m",
        "digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0}]]}}}}}}"#,
    );
    assert!(statement.errors.is_empty(), "{:?}", statement.errors);
    let Content::Statement(statement) = &statement.content else { panic!("no statement") };
    assert_eq!(statement.subjects[0].digests, [Digest::sha256(b"")]);
    let provenance = statement.provenance.as_ref().unwrap();
    assert_eq!(provenance.sources[0].data, b"FROM scratch\n");
    assert_eq!(provenance.build_args.get("V").unwrap(), "1");
    assert_eq!(provenance.target.as_deref(), Some("t"));
    assert_eq!(provenance.steps[0].lines, [(2, 3)]);
    assert_eq!(provenance.steps[0].layers.len(), 1);
    assert_eq!(provenance.materials[0].digests, [Digest::sha256(b"")]);
}

#[test]
fn an_envelope_signs_type_and_payload() {
    let envelope = doc(r#"{"payloadType":"t","payload":"aGk","signatures":[{"keyid":"k","sig":"-_8="}]}"#);
    let Content::Envelope(envelope) = &envelope.content else { panic!("no envelope") };
    assert_eq!(envelope.signed_bytes(), b"DSSEv1 1 t 2 hi");
    assert_eq!(envelope.signatures[0].signature, [0xfb, 0xff]);
}

fn fixtures() -> Option<PathBuf> {
    let root = std::env::var_os("LAYERPROOF_FIXTURES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"), PathBuf::from);
    if !root.is_dir() {
        println!("skipped: fixtures absent");
        return None;
    }
    Some(root)
}

fn json_files(folder: PathBuf, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            json_files(path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// Each of the real oci-import layouts of debian: `index.json` holds the manifest, the manifest holds the config.
#[test]
fn debian_index_alone_holds_manifest_and_config() {
    let Some(root) = fixtures() else { return };
    let mut files = Vec::new();
    json_files(root.join("official/debian-2024-12"), &mut files);
    let mut chains = 0;
    for path in files.iter().filter(|path| path.file_name().is_some_and(|name| name == "index.json")) {
        let index = read(&std::fs::read(path).unwrap(), &Limits::default()).unwrap();
        let Content::Index(view) = &index.content else { panic!("{path:?}") };
        let [entry] = &view.manifests[..] else { panic!("{path:?}") };
        assert_eq!(entry.data_matches(), Some(true), "{path:?}");
        let manifest = read(entry.data.as_ref().unwrap(), &Limits::default()).unwrap();
        assert_eq!((Some(&manifest.digest), manifest.fits(entry)), (entry.digest.known(), Some(true)));
        let Content::Manifest(view) = &manifest.content else { panic!("{path:?}") };
        let named = view.config.as_ref().unwrap();
        assert_eq!(named.data_matches(), Some(true), "{path:?}");
        let config = read(named.data.as_ref().unwrap(), &Limits::default()).unwrap();
        let Content::Config(inner) = &config.content else { panic!("{path:?}") };
        assert_eq!((inner.diff_ids.len(), view.layers.len()), (1, 1));
        assert!(entry.platform.as_ref().is_none_or(|platform| platform.agrees_with(&inner.platform)));
        chains += 1;
    }
    assert!(chains > 0);
}

/// Every recorded document of builders, layouts and attestations is read without an error and without a finding that accuses.
#[test]
fn recorded_documents_are_read() {
    let Some(root) = fixtures() else { return };
    let mut files = Vec::new();
    json_files(root.join("official/oci"), &mut files);
    json_files(root.join("builders"), &mut files);
    let mut seen = std::collections::BTreeMap::new();
    for path in &files {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let wanted = match name {
            "index.json" => DocumentKind::Index,
            "manifest.json" | "image-manifest.json" => DocumentKind::Manifest,
            "config.json" | "image-config.json" => DocumentKind::Config,
            "save-manifest.json" => DocumentKind::DockerSave,
            _ => continue,
        };
        let document = read(&std::fs::read(path).unwrap(), &Limits::default()).unwrap();
        assert_eq!(document.kind, Some(wanted), "{path:?}");
        assert!(document.errors.is_empty(), "{path:?} {:?}", document.errors);
        assert_eq!(document.ambiguities().count(), 0, "{path:?} {:?}", document.findings);
        *seen.entry(wanted).or_insert(0) += 1;
    }
    assert!(seen.len() == 4 && seen.values().all(|count| *count > 4), "{seen:?}");
}
