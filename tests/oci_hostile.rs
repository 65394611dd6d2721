//! Generated archives and documents: the rows D, O and J of the list of hostile inputs, and every flipped byte of a small layout.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests may stop at the first surprise

mod common;

use common::evidence::{Given, contradictions, count};
use layerproof::digest::Digest;
use layerproof::report::model::{Report, Verdict};

/// A tar archive of these entries (name, content), in this order. A content that begins with `->` is a symbolic link.
fn tar(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        match content.strip_prefix(b"->") {
            Some(target) => {
                header.set_entry_type(tar::EntryType::Symlink);
                header.set_size(0);
                builder.append_link(&mut header, name, std::str::from_utf8(target).unwrap()).unwrap();
            }
            None => {
                header.set_size(content.len() as u64);
                builder.append_data(&mut header, name, *content).unwrap();
            }
        }
    }
    builder.into_inner().unwrap()
}

/// An image of one layer.
struct Image {
    layer: Vec<u8>,
    config: String,
    manifest: String,
}

fn digest(bytes: &[u8]) -> String {
    Digest::sha256(bytes).to_string()
}

fn hex(bytes: &[u8]) -> String {
    Digest::sha256(bytes).hex()
}

fn blob(bytes: &[u8]) -> String {
    format!("blobs/sha256/{}", hex(bytes))
}

fn image(file: &str) -> Image {
    let layer = tar(&[("etc/hostname", file.as_bytes())]);
    let config = config(&[&layer], 1);
    let manifest = manifest(&config, &layer);
    Image { layer, config, manifest }
}

fn config(layers: &[&[u8]], history: usize) -> String {
    let diff_ids: Vec<String> = layers.iter().map(|layer| format!("\"{}\"", digest(layer))).collect();
    let history = vec![r#"{"created_by":"ADD file in / "}"#; history].join(",");
    format!(
        r#"{{"architecture":"amd64","os":"linux","config":{{}},"rootfs":{{"type":"layers","diff_ids":[{}]}},"history":[{history}]}}"#,
        diff_ids.join(",")
    )
}

fn descriptor(media_type: &str, bytes: &[u8]) -> String {
    format!(r#"{{"mediaType":"{media_type}","digest":"{}","size":{}}}"#, digest(bytes), bytes.len())
}

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn manifest(config: &str, layer: &[u8]) -> String {
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{},"layers":[{}]}}"#,
        descriptor("application/vnd.oci.image.config.v1+json", config.as_bytes()),
        descriptor("application/vnd.oci.image.layer.v1.tar", layer)
    )
}

fn index(entries: &[String]) -> String {
    format!(r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{}]}}"#, entries.join(","))
}

/// An OCI layout whose index is given.
fn layout(image: &Image, index: &str) -> Vec<u8> {
    tar(&[
        ("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#),
        ("index.json", index.as_bytes()),
        (&blob(image.manifest.as_bytes()), image.manifest.as_bytes()),
        (&blob(image.config.as_bytes()), image.config.as_bytes()),
        (&blob(&image.layer), &image.layer),
    ])
}

fn check(bytes: &[u8]) -> Report {
    Given::new().bytes("image.tar", bytes).report()
}

fn errors(report: &Report) -> Vec<String> {
    let inside = report.evidence.iter().flat_map(|evidence| std::iter::once(evidence).chain(&evidence.parts));
    inside.filter_map(|evidence| evidence.error.as_ref().map(|error| error.code.clone())).collect()
}

/// `docker save` as versions before 25 write it.
fn saved(manifest: &str, rest: &[(&str, &[u8])]) -> Vec<u8> {
    tar(&[rest, &[("manifest.json", manifest.as_bytes())]].concat())
}

#[test]
fn a_clean_layout_is_proved() {
    let image = image("good");
    let report = check(&layout(&image, &index(&[descriptor(MANIFEST, image.manifest.as_bytes())])));
    assert_eq!(contradictions(&report), Vec::<String>::new());
    assert_eq!((count(&report, "descriptor", Verdict::Proved), count(&report, "diff-id", Verdict::Proved)), (3, 1));
    assert!(errors(&report).is_empty());
}

#[test]
fn without_layers_the_answer_does_not_speak_of_them() {
    let image = image("good\n");
    let documents =
        || Given::new().bytes("manifest.json", image.manifest.as_bytes()).bytes("config.json", image.config.as_bytes());
    let text = documents().report().summary.text;
    assert!(text.starts_with("The digests of the documents that the manifest names were recomputed here"), "{text}");
    let text = documents().bytes("layer.tar", &image.layer).report().summary.text;
    assert!(text.starts_with("Every digest from the manifest down to those of its layers"), "{text}");
}

#[test]
fn descriptors_that_lie() {
    let image = image("good");
    let entry = descriptor(MANIFEST, image.manifest.as_bytes());
    let size = format!("\"size\":{}", image.manifest.len());
    let with = |entry: &str| check(&layout(&image, &index(&[entry.to_owned()])));
    // O04, O06, O12: size and media type.
    for (from, to) in [
        (size.as_str(), "\"size\":9007199254740993"),
        (&size, "\"size\":1"),
        (MANIFEST, "application/vnd.oci.image.index.v1+json"),
    ] {
        let report = with(&entry.replace(from, to));
        assert_eq!(count(&report, "descriptor", Verdict::Contradicted), 1, "{to}");
    }
    // O05, O09, O10: what is no descriptor is an error.
    let upper = entry.replace(&hex(image.manifest.as_bytes()), &hex(image.manifest.as_bytes()).to_uppercase());
    for (bad, code) in [
        (entry.replace(&size, "\"size\":-1"), "oci.size"),
        (upper, "oci.digest-upper-case"),
        (entry.replace("sha256:", "sha256:../.."), "oci.digest"),
    ] {
        assert_eq!(errors(&with(&bad)), [code], "{bad}");
    }
    // O08: a digest that proves nothing. O07: SHA-512 is recomputed.
    let md5 = entry.replace(&digest(image.manifest.as_bytes()), "md5:d41d8cd98f00b204e9800998ecf8427e");
    assert_eq!(count(&with(&md5), "descriptor", Verdict::Unknown), 1);
    let mut sha512 = layerproof::digest::Hasher::new(layerproof::digest::Algorithm::Sha512);
    sha512.update(image.manifest.as_bytes());
    let entry512 = entry.replace(&digest(image.manifest.as_bytes()), &sha512.digest().to_string());
    assert_eq!(count(&with(&entry512), "descriptor", Verdict::Proved), 3);
    // O14, O15: embedded data.
    let data = |text: &str| entry.replace("\"size\"", &format!("\"data\":\"{text}\",\"size\""));
    assert_eq!(contradictions(&with(&data("e30="))).len(), 1);
    // O18: the index says arm64, the config amd64.
    let platform = entry.replace("\"size\"", r#""platform":{"os":"linux","architecture":"arm64"},"size""#);
    assert_eq!(count(&with(&platform), "platform", Verdict::Contradicted), 1);
    // O19: no image.
    let report = check(&layout(&image, &index(&[])));
    assert!(report.checks.iter().any(|check| check.text.contains("there is no image")));
}

#[test]
fn a_document_that_is_two_things_is_ambiguous() {
    let image = image("good");
    let both = image.manifest.replace("\"schemaVersion\":2", r#""schemaVersion":2,"manifests":[]"#);
    let report = Given::new().bytes("both.json", both.as_bytes()).report();
    assert_eq!(count(&report, "archive-ambiguity", Verdict::Ambiguous), 1);
    let twice = r#"{"architecture":"amd64","os":"linux","os":"windows","rootfs":{"type":"layers","diff_ids":[]}}"#;
    let report = Given::new().bytes("config.json", twice.as_bytes()).report();
    assert_eq!(count(&report, "archive-ambiguity", Verdict::Ambiguous), 1);
}

/// A layout whose image lies below that many indexes.
fn nested(depth: usize) -> Vec<u8> {
    let image = image("good");
    let mut entry = descriptor(MANIFEST, image.manifest.as_bytes());
    let mut entries = vec![("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec())];
    entries.extend([image.manifest.as_bytes(), image.config.as_bytes(), &image.layer].map(|bytes| (blob(bytes), bytes.to_vec())));
    for _ in 1..depth {
        let nested = index(&[entry]);
        entry = descriptor("application/vnd.oci.image.index.v1+json", nested.as_bytes());
        entries.push((blob(nested.as_bytes()), nested.into_bytes()));
    }
    entries.push(("index.json".to_owned(), index(&[entry]).into_bytes()));
    let entries: Vec<(&str, &[u8])> = entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    tar(&entries)
}

#[test]
fn nested_indexes_are_followed_as_deep_as_the_limit_says() {
    let outcome = |report: &Report| [Verdict::Proved, Verdict::Unknown].map(|verdict| count(report, "descriptor", verdict));
    for (depth, expected) in [(1, [3, 0]), (2, [4, 0]), (4, [6, 0]), (5, [3, 1]), (64, [3, 1])] {
        let report = check(&nested(depth));
        assert_eq!(outcome(&report), expected, "{depth}");
        assert_eq!(report.checks.iter().any(|check| check.text.contains("deeper than 4 levels")), depth > 4, "{depth}");
    }
}

#[test]
fn docker_archives_that_trick() {
    let (good, evil) = (image("good"), image("evil"));
    let name = |image: &Image| format!("{}.json", hex(image.config.as_bytes()));
    let list =
        |image: &Image, layer: &str| format!(r#"[{{"Config":"{}","RepoTags":["a:1"],"Layers":["{layer}"]}}]"#, name(image));
    let (good_name, evil_name) = (name(&good), name(&evil));
    let parts: [(&str, &[u8]); 4] = [
        (&good_name, good.config.as_bytes()),
        ("good/layer.tar", &good.layer),
        (&evil_name, evil.config.as_bytes()),
        ("evil/layer.tar", &evil.layer),
    ];
    let clean = saved(&list(&good, "good/layer.tar"), &parts);
    assert_eq!(contradictions(&check(&clean)), Vec::<String>::new());
    // D04, D05: two manifest.json.
    for second in ["manifest.json", "./manifest.json"] {
        let first = list(&good, "good/layer.tar");
        let evil = list(&evil, "evil/layer.tar");
        let report = check(&tar(&[&parts[..], &[("manifest.json", first.as_bytes()), (second, evil.as_bytes())]].concat()));
        assert!(count(&report, "archive-ambiguity", Verdict::Ambiguous) > 0, "{second}");
        assert_eq!(count(&report, "diff-id", Verdict::Proved), 2, "both images are in the report ({second})");
    }
    // D06, D07: keys twice.
    for key in ["Config", "config"] {
        let manifest = list(&good, "good/layer.tar").replace("\"RepoTags\"", &format!("\"{key}\":\"{evil_name}\",\"RepoTags\""));
        assert!(count(&check(&saved(&manifest, &parts)), "archive-ambiguity", Verdict::Ambiguous) > 0, "{key}");
    }
    // D09: the config's name is not its digest. D10: the layer is another one.
    let renamed = list(&good, "good/layer.tar").replace(&good_name, &evil_name);
    let report = check(&saved(&renamed, &[(&evil_name, good.config.as_bytes()), ("good/layer.tar", &good.layer)]));
    assert_eq!(count(&report, "descriptor", Verdict::Contradicted), 1);
    let report = check(&saved(&list(&good, "evil/layer.tar"), &parts));
    assert_eq!(count(&report, "diff-id", Verdict::Contradicted), 1);
    // D08: a layer is missing. D17: a layer too few is listed.
    assert_eq!(count(&check(&saved(&list(&good, "gone/layer.tar"), &parts)), "diff-id", Verdict::Unknown), 1);
    let none = list(&good, "x").replace("\"x\"", "");
    assert_eq!(count(&check(&saved(&none, &parts)), "diff-id", Verdict::Contradicted), 1);
    // D02, D03, D15: names and links that lead outside.
    let outside = check(&saved(&list(&good, "../../../etc/passwd"), &parts));
    assert_eq!(errors(&outside), ["oci.name-outside"]);
    let link = check(&saved(&list(&good, "l"), &[(&good_name, good.config.as_bytes()), ("l", b"->../../etc/passwd")]));
    assert_eq!(count(&link, "diff-id", Verdict::Unknown), 1);
    // D14: a link inside the archive is followed. D12: no image at all.
    let link = check(&saved(
        &list(&good, "l"),
        &[(&good_name, good.config.as_bytes()), ("good/layer.tar", &good.layer), ("l", b"->good/layer.tar")],
    ));
    assert_eq!(count(&link, "diff-id", Verdict::Proved), 1);
    for empty in ["[]", "null"] {
        let report = check(&saved(empty, &parts));
        assert!(report.checks.iter().any(|check| check.text.contains("there is no image")), "{empty}");
    }
}

#[test]
fn layers_that_docker_history_hides_are_loud() {
    let (first, second) = (image("first"), image("second"));
    for (entries, verdict) in
        [(0, Verdict::Contradicted), (1, Verdict::Contradicted), (2, Verdict::Agrees), (3, Verdict::Contradicted)]
    {
        let config = config(&[&first.layer, &second.layer], entries);
        let report = Given::new().bytes("config.json", config.as_bytes()).report();
        assert_eq!(count(&report, "history-layers", verdict), 1, "{entries}");
        let hidden =
            report.checks.iter().flat_map(|check| &check.details).filter(|detail| detail.code == "history-layers.hidden-layer");
        assert_eq!(hidden.count(), 2_usize.saturating_sub(entries), "{entries}");
    }
    let none = config(&[&first.layer], 0).replace(",\"history\":[]", "");
    let report = Given::new().bytes("config.json", none.as_bytes()).report();
    assert_eq!(count(&report, "history-layers", Verdict::Unknown), 1);
}

#[test]
fn json_that_is_none_is_an_error_with_its_place() {
    for (text, code) in [
        (&b"\xEF\xBB\xBF{\"schemaVersion\":2}"[..], "json.byte-order-mark"),
        (b"{\"schemaVersion\":2}}", "json.trailing"),
        (b"{\"a\":1e400}", "json.number-range"),
        (b"{ // no\n}", "json.comment"),
        (b"{\"a\":NaN}", "json.unexpected"),
    ] {
        let report = Given::new().bytes("x.json", text).report();
        assert_eq!(errors(&report), [code], "{text:?}");
        assert!(report.evidence[0].error.as_ref().is_some_and(|error| error.at.is_some() && !error.advice.is_empty()), "{code}");
    }
}

/// People copy documents from tools that indent them.
#[test]
fn a_reindented_copy_is_told_from_the_original() {
    let image = image("good");
    let pretty = |text: &str| serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(text).unwrap()).unwrap();
    // serde_json sorts keys: a copy in another order is recognised beside the original only.
    let manifest_copy = pretty(&image.manifest);
    let report = Given::new().bytes("a.json", image.manifest.as_bytes()).bytes("b.json", manifest_copy.as_bytes()).report();
    assert!(report.checks.iter().any(|check| check.text.contains("re-indented copy")));
    // In the order of the original the very digest is found again.
    let spaced = image.manifest.replace(',', ",\n   ").replace("\":", "\": ");
    let digest = digest(image.manifest.as_bytes());
    let report = Given::new().bytes("copy.json", spaced.as_bytes()).claim(&digest).report();
    assert_eq!(count(&report, "digest-claim", Verdict::Proved), 1);
    let index = index(&[descriptor(MANIFEST, image.manifest.as_bytes())]);
    let report = Given::new().bytes("copy.json", spaced.as_bytes()).bytes("index.json", index.as_bytes()).report();
    assert_eq!(count(&report, "descriptor", Verdict::Proved), 1);
}

/// A flipped byte in a referenced blob, or in a digest, size or media type, never goes unnoticed.
#[test]
fn no_flipped_byte_goes_unnoticed() {
    let image = image("good");
    let entry = descriptor(MANIFEST, image.manifest.as_bytes());
    let index = index(&[entry]);
    let whole = layout(&image, &index);
    let find = |wanted: &[u8]| whole.windows(wanted.len()).position(|window| window == wanted).unwrap();
    let mut bytes: Vec<usize> = Vec::new();
    for blob in [image.manifest.as_bytes(), image.config.as_bytes(), &image.layer[..]] {
        // Of long zero runs in the layer every byte is like its neighbour.
        let start = find(&blob[..blob.len().min(600)]);
        bytes.extend((start..start + blob.len()).step_by(if blob.len() > 1000 { 37 } else { 3 }));
    }
    let at = find(index.as_bytes());
    for field in ["mediaType\":\"", "digest\":\"", "size\":"] {
        for (offset, _) in index.match_indices(field) {
            let value = offset + field.len();
            let end = index[value..].find(['"', ',', '}']).unwrap();
            bytes.extend(at + value..at + value + end);
        }
    }
    for offset in bytes {
        let mut flipped = whole.clone();
        flipped[offset] ^= 1;
        let report = check(&flipped);
        let noticed = !contradictions(&report).is_empty() || !errors(&report).is_empty();
        let byte = char::from(whole[offset]);
        assert!(noticed, "byte {offset} ({byte:?} -> {:?}): {:?}", char::from(flipped[offset]), report.summary);
    }
}
