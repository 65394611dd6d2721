//! What a report costs over many of one thing: `cargo bench --bench scaling [-- COUNT]`. Each case is judged with half as many
//! and with all of them; twice the work for twice as much is near 2, a loop over all inside a loop over all is near 4.
#![allow(clippy::unwrap_used)]

use layerproof::digest::Digest;
use layerproof::session::Session;
use std::time::Instant;

/// Files of a case: name and content.
type Files = Vec<(String, Vec<u8>)>;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn main() {
    let count = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(8000);
    let only = std::env::args().nth(2);
    let cases: &[(&str, fn(usize) -> Files)] = &[
        ("attestations that an index lists", listed_attestations),
        ("attestations in an image archive", attestations),
        ("manifests as data of an index", embedded),
        ("images of a docker save archive", saved),
        ("layers of an image", layers),
        ("claims", claims),
        ("files of a folder and their list", listed_files),
        ("files of a folder and a Dockerfile", context),
        ("entries of two archives", entries),
    ];
    for (name, make) in cases {
        if only.as_deref().is_some_and(|only| !name.contains(only)) {
            continue;
        }
        let [half, whole] = [count / 2, count].map(|count| judge(&make(count)));
        println!("{name:40} {count:6}: {:8.3} s, {:4.1} of the time for half as many", whole, whole / half);
    }
}

fn judge(files: &Files) -> f64 {
    let start = Instant::now();
    let mut session = Session::new();
    for (name, bytes) in files {
        let source = session.open(name, Some(bytes.len() as u64));
        session.push(source, bytes);
        session.close(source);
    }
    let read = start.elapsed().as_secs_f64();
    session.needs();
    let needs = start.elapsed().as_secs_f64() - read;
    let report = session.report();
    let whole = start.elapsed().as_secs_f64();
    if std::env::var_os("VERBOSE").is_some() {
        let counts = report.summary.counts;
        println!("    read {read:.3} s, needs {needs:.3} s, report {:.3} s; {counts:?}", whole - needs - read);
    }
    whole
}

fn blob(number: usize) -> Digest {
    Digest::sha256(format!("blob {number}").as_bytes())
}

fn attestation_entry(digest: &Digest, size: usize, subject: &Digest) -> String {
    format!(
        r#"{{"mediaType":"{MANIFEST}","digest":"{digest}","size":{size},"platform":{{"os":"unknown","architecture":"unknown"}},"annotations":{{"vnd.docker.reference.digest":"{subject}","vnd.docker.reference.type":"attestation-manifest"}}}}"#
    )
}

fn image_entry(digest: &Digest, size: usize) -> String {
    format!(
        r#"{{"mediaType":"{MANIFEST}","digest":"{digest}","size":{size},"platform":{{"os":"linux","architecture":"amd64"}}}}"#
    )
}

fn index(entries: &[String]) -> Vec<u8> {
    let media_type = "application/vnd.oci.image.index.v1+json";
    format!(r#"{{"schemaVersion":2,"mediaType":"{media_type}","manifests":[{}]}}"#, entries.join(",")).into_bytes()
}

fn manifest(config: &Digest, layers: impl IntoIterator<Item = Digest>) -> Vec<u8> {
    let layer =
        |digest: Digest| format!(r#"{{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{digest}","size":1}}"#);
    let layers: Vec<String> = layers.into_iter().map(layer).collect();
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{config}","size":1}},"layers":[{}]}}"#,
        layers.join(",")
    )
    .into_bytes()
}

fn listed_attestations(count: usize) -> Files {
    let subject = blob(count);
    let entries = (0..count).map(|number| attestation_entry(&blob(number), 1, &subject)).chain([image_entry(&subject, 1)]);
    vec![("index.json".to_owned(), index(&entries.collect::<Vec<_>>()))]
}

fn archive(parts: impl IntoIterator<Item = (String, Vec<u8>)>) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in parts {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, &bytes[..]).unwrap();
    }
    builder.into_inner().unwrap()
}

fn part(bytes: Vec<u8>) -> (String, Vec<u8>) {
    (format!("blobs/sha256/{}", Digest::sha256(&bytes).hex()), bytes)
}

fn attestations(count: usize) -> Files {
    let image = manifest(&blob(0), [blob(1)]);
    let subject = Digest::sha256(&image);
    let manifests: Vec<Vec<u8>> = (0..count).map(|number| manifest(&blob(number), [blob(number + 1)])).collect();
    let entry = |bytes: &Vec<u8>| attestation_entry(&Digest::sha256(bytes), bytes.len(), &subject);
    let entries: Vec<String> = manifests.iter().map(entry).chain([image_entry(&subject, image.len())]).collect();
    let layout = ("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec());
    let parts = manifests.into_iter().chain([image]).map(part);
    vec![("image.tar".to_owned(), archive([layout, ("index.json".to_owned(), index(&entries))].into_iter().chain(parts)))]
}

fn embedded(count: usize) -> Files {
    let entry = |number: usize| {
        let bytes = manifest(&blob(number), [blob(number + 1)]);
        let entry = image_entry(&Digest::sha256(&bytes), bytes.len());
        let data = base64(&bytes);
        format!(r#"{},"data":"{data}"}}"#, &entry[..entry.len() - 1])
    };
    vec![("index.json".to_owned(), index(&(0..count).map(entry).collect::<Vec<_>>()))]
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let word = three.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = char::from(LETTERS[(word >> (18 - 6 * place)) as usize & 63]);
            out.push(if place <= three.len() { letter } else { '=' });
        }
    }
    out
}

fn config(diff_ids: &[String]) -> Vec<u8> {
    let history = vec![r#"{"created_by":"COPY a b # buildkit"}"#; diff_ids.len()].join(",");
    format!(
        r#"{{"architecture":"amd64","os":"linux","config":{{}},"rootfs":{{"type":"layers","diff_ids":[{}]}},"history":[{history}]}}"#,
        diff_ids.join(",")
    )
    .into_bytes()
}

fn saved(count: usize) -> Files {
    let mut parts = Vec::new();
    let mut images = Vec::new();
    for number in 0..count {
        let config = config(&[format!(r#""{}""#, blob(number))]);
        let name = format!("{}.json", Digest::sha256(&config).hex());
        images.push(format!(r#"{{"Config":"{name}","RepoTags":["a:{number}"],"Layers":["{}/layer.tar"]}}"#, blob(number).hex()));
        parts.push((name, config));
    }
    let list = format!("[{}]", images.join(",")).into_bytes();
    vec![("image.tar".to_owned(), archive(parts.into_iter().chain([("manifest.json".to_owned(), list)])))]
}

fn layers(count: usize) -> Files {
    let diff_ids: Vec<String> = (0..count).map(|number| format!(r#""{}""#, blob(number))).collect();
    let config = config(&diff_ids);
    let manifest = manifest(&Digest::sha256(&config), (0..count).map(|number| blob(number + count)));
    vec![("config.json".to_owned(), config), ("manifest.json".to_owned(), manifest)]
}

fn claims(count: usize) -> Files {
    let lines: String = (0..count).map(|number| format!("a:{number} {}\n", blob(number))).collect();
    vec![("claims.txt".to_owned(), lines.into_bytes()), listed_attestations(count).remove(0)]
}

fn listed_files(count: usize) -> Files {
    let content = |number: usize| [b"\x7fELF".to_vec(), number.to_le_bytes().to_vec()].concat();
    let mut files: Files = (0..count).map(|number| (format!("folder/file{number}.bin"), content(number))).collect();
    let lines = files.iter().map(|(name, bytes)| format!("{}  {}\n", Digest::sha256(bytes).hex(), &name[7..]));
    let list: String = lines.collect();
    files.push(("folder/SHA256SUMS".to_owned(), list.into_bytes()));
    files
}

fn context(count: usize) -> Files {
    let mut files = listed_files(count);
    files.pop();
    let lines: String = (0..40).map(|number| format!("COPY file{number}.bin /\n")).collect();
    files.push(("folder/Dockerfile".to_owned(), format!("FROM scratch\n{lines}").into_bytes()));
    let diff_ids: Vec<String> = (0..40).map(|number| format!(r#""{}""#, blob(number))).collect();
    files.push(("folder/config.json".to_owned(), config(&diff_ids)));
    files
}

fn entries(count: usize) -> Files {
    let file = |number: usize, text: &str| {
        (format!("usr/lib/part{}/file{number}", number % 100), format!("{text}{number}").into_bytes())
    };
    let tree = |text: &'static str| {
        archive(
            ["bin/a", "etc/a", "var/a"]
                .map(|name| (name.to_owned(), vec![1]))
                .into_iter()
                .chain((0..count).map(move |number| file(number, text))),
        )
    };
    vec![("rootfs.tar".to_owned(), tree("a")), ("layer.tar".to_owned(), tree("b"))]
}
