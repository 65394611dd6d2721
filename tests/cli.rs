//! The command line as a person uses it: exit codes, forms of the report, standard input, folders. Everything it reads is made
//! here, in a folder of its own that the test removes.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod common;

use common::sources::Sources;
use common::tarball::Tarball;
use layerproof::digest::Digest;
use layerproof::session::Session;
use layerproof::session::protocol::ExportFormat;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder that is gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("layerproof-cli-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    /// Runs the program in the folder.
    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_layerproof")).current_dir(&self.0).args(arguments).output().unwrap()
    }

    fn code(&self, arguments: &[&str]) -> i32 {
        self.run(arguments).status.code().unwrap()
    }

    fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_slice(&self.run(&[arguments, &["--format", "json"]].concat()).stdout).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// The `CREATED BY` texts of a history, as a person pastes them.
fn history(command: &str) -> String {
    let hash = "01".repeat(32);
    format!("/bin/sh -c #(nop)  CMD [\"{command}\"]\n/bin/sh -c #(nop) ADD file:{hash} in / \n")
}

const DOCKERFILE: &str = "FROM scratch\nADD rootfs.tar.gz /\nCMD [\"sh\"]\n";

fn digest(digit: char) -> String {
    format!("sha256:{}", digit.to_string().repeat(64))
}

#[test]
fn the_exit_code_is_the_verdict() {
    let folder = Folder::new("exit");
    folder.put("Dockerfile", DOCKERFILE).put("same.txt", history("sh")).put("other.txt", history("ash"));
    folder.put("cut.tar.gz", [0x1F, 0x8B, 8, 0]).put("claims.txt", format!("ubuntu@{}\n", digest('a')));
    for (code, arguments) in [
        (0, &["Dockerfile", "same.txt"][..]),
        (1, &["Dockerfile", "other.txt"]),
        (2, &["Dockerfile", "same.txt", "cut.tar.gz"]),
        (1, &["Dockerfile", "other.txt", "cut.tar.gz"]),
        (1, &["Dockerfile", "same.txt", "--claim", &digest('b')]),
        (1, &["Dockerfile", "same.txt", "--claim", "3b418d7b466a"]),
        (1, &["Dockerfile", "same.txt", "--claim", "no digest"]),
        // A file that only mentions a digest asks nothing.
        (0, &["Dockerfile", "same.txt", "claims.txt"]),
        (1, &["claims.txt", "--claim", &digest('a')]),
        (2, &["absent.txt"]),
        (2, &["--limit", "nothing=1", "Dockerfile"]),
        (2, &[]),
    ] {
        assert_eq!(folder.code(&[&["check"], arguments].concat()), code, "{arguments:?}");
    }
}

#[test]
fn a_wrong_usage_says_what_is_wrong_and_gives_no_report() {
    let folder = Folder::new("usage");
    for (arguments, said) in [
        (&["check", "absent.txt"][..], "absent.txt"),
        (&["check"], "nothing to read"),
        (&["check", "--limit", "nothing=1"], "nothing"),
        (&["check", "--as-of", "yesterday", "x"], "yesterday"),
    ] {
        let output = folder.run(arguments);
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(said), "{arguments:?}: {text}");
    }
}

#[test]
fn the_report_is_the_same_however_the_inputs_are_ordered_and_given() {
    let folder = Folder::new("order");
    folder.put("Dockerfile", DOCKERFILE).put("history.txt", history("sh"));
    let report = folder.json(&["check", "Dockerfile", "history.txt"]);
    assert_eq!(report["schema"], "layerproof.report/1");
    assert_eq!(report, folder.json(&["check", "history.txt", "Dockerfile"]));
    let mut checks = report["checks"].as_array().unwrap().iter();
    assert!(checks.any(|check| check["kind"] == "dockerfile-history" && check["verdict"] == "agrees"), "{report}");
    let absolute = folder.0.join("Dockerfile");
    assert_eq!(report, folder.json(&["check", absolute.to_str().unwrap(), "history.txt"]), "no paths in a report");
}

#[test]
fn standard_input_is_evidence() {
    let folder = Folder::new("stdin");
    folder.put("Dockerfile", DOCKERFILE);
    let mut child = Command::new(env!("CARGO_BIN_EXE_layerproof"))
        .current_dir(&folder.0)
        .args(["check", "Dockerfile", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(history("ash").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
}

/// The record of an image's steps on a web page, and texts of BuildKit's without its marks, show nothing that tells them from prose.
#[test]
fn lines_are_a_history_if_a_person_says_so() {
    let folder = Folder::new("lines");
    folder.put("Dockerfile", "FROM scratch\nRUN make\nENTRYPOINT [\"/a\"]\n").put("steps.txt", "ENTRYPOINT [\"/a\"]\nRUN make\n");
    assert_eq!(folder.code(&["check", "Dockerfile", "steps.txt"]), 2);
    let unread = String::from_utf8(folder.run(&["check", "Dockerfile", "steps.txt"]).stdout).unwrap();
    assert!(unread.contains("--history-lines FILE"), "{unread}");
    let report = folder.json(&["check", "Dockerfile", "--history-lines", "steps.txt"]);
    let kinds: Vec<&str> = report["evidence"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["dockerfile", "history"]);
    assert_eq!(report["alignments"][0]["verdict"], "agrees", "{report}");
    folder.put("other.txt", "ENTRYPOINT [\"/a\"]\nRUN make all\n");
    assert_eq!(folder.code(&["check", "Dockerfile", "--history-lines", "other.txt"]), 1);
    assert_eq!(folder.code(&["check", "--history-lines", "absent.txt"]), 2);
}

#[test]
fn whatever_is_at_hand_the_report_says_what_to_bring() {
    let folder = Folder::new("next");
    folder.put("Dockerfile", DOCKERFILE).put("same.txt", history("sh")).put("rootfs.tar", rootfs());
    for (arguments, expected) in [
        (&["Dockerfile"][..], &["docker image history --no-trunc", "podman history --no-trunc"][..]),
        (&["same.txt"], &["The Dockerfile", "docker-library/official-images/HEAD/library/NAME", "docker save IMAGE"]),
        (&["Dockerfile", "same.txt"], &["rootfs.tar.gz, as it lay", "official-images/HEAD/library/NAME", "docker save IMAGE"]),
        (&["rootfs.tar"], &["docker save IMAGE"]),
        (&["Dockerfile", "same.txt", "rootfs.tar"], &["docker save IMAGE"]),
    ] {
        let next = folder.json(&[&["check"], arguments].concat())["next"].to_string();
        for command in expected {
            assert!(next.contains(command), "{arguments:?}: {next}");
        }
        assert_eq!(next.contains("history --no-trunc"), arguments == ["Dockerfile"], "{next}");
    }
}

#[test]
fn every_form_of_the_report_says_the_verdict() {
    let folder = Folder::new("forms");
    folder.put("Dockerfile", DOCKERFILE).put("other.txt", history("ash"));
    for (form, said) in
        [("text", "[Contradicted]"), ("markdown", "Contradicted"), ("html", "Contradicted"), ("json", "contradicted")]
    {
        let output = folder.run(&["check", "Dockerfile", "other.txt", "--format", form]);
        assert!(String::from_utf8(output.stdout).unwrap().contains(said), "{form}");
    }
}

#[test]
fn names_never_steer_the_terminal() {
    let folder = Folder::new("names");
    folder.put("a\u{1b}[31mb.txt", "FROM scratch\nRUN \u{202e}x\n");
    let text = folder.run(&["check", "a\u{1b}[31mb.txt"]).stdout;
    assert!(!text.contains(&0x1B) && !String::from_utf8(text).unwrap().contains('\u{202e}'));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_opened_and_links_are_followed_inside_a_folder_only() {
    let folder = Folder::new("links");
    folder.put("secret/Dockerfile", DOCKERFILE).put("context/history.txt", history("ash"));
    std::os::unix::fs::symlink("../secret/Dockerfile", folder.0.join("context/Dockerfile")).unwrap();
    std::os::unix::fs::symlink(".", folder.0.join("context/loop")).unwrap();
    let names: Vec<String> = evidence_names(&folder.json(&["check", "context"]));
    assert!(names.iter().any(|name| name.contains("history.txt")), "{names:?}");
    assert!(!folder.json(&["check", "context"])["evidence"].to_string().contains("\"dockerfile\""), "{names:?}");
    assert_eq!(folder.code(&["check", "/dev/null"]), 2);
}

fn evidence_names(report: &serde_json::Value) -> Vec<String> {
    report["evidence"].as_array().unwrap().iter().map(|evidence| evidence["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn digest_names_every_digest_of_a_file() {
    let folder = Folder::new("digest");
    folder.put("rootfs.tar", rootfs());
    let text = String::from_utf8(folder.run(&["digest", "rootfs.tar"]).stdout).unwrap();
    assert!(text.contains(&layerproof::digest::Digest::sha256(&rootfs()).to_string()) && text.contains("diff_id"), "{text}");
}

#[test]
fn explain_writes_what_each_builder_would() {
    let folder = Folder::new("explain");
    folder.put("Dockerfile", DOCKERFILE);
    let all = String::from_utf8(folder.run(&["explain", "Dockerfile"]).stdout).unwrap();
    assert!(all.contains("/bin/sh -c #(nop)  CMD [\"sh\"]") && all.contains("CMD [\"sh\"]") && all.contains("kaniko"), "{all}");
    let one = String::from_utf8(folder.run(&["explain", "Dockerfile", "--builder", "buildkit"]).stdout).unwrap();
    assert!(!one.contains("#(nop)"), "{one}");
}

#[test]
fn rebuild_writes_a_layout_that_check_proves_and_never_writes_over_a_file() {
    let folder = Folder::new("rebuild");
    folder.put("Dockerfile", "FROM scratch\nADD rootfs.tar /\nCMD [\"sh\"]\n").put("rootfs.tar", rootfs());
    let written = folder.run(&["rebuild", "Dockerfile", "rootfs.tar", "--out", "out"]);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let files = listing(&folder.0.join("out"));
    assert!(files.iter().any(|name| name.contains("layer")), "{files:?}");
    let again = folder.run(&["rebuild", "Dockerfile", "rootfs.tar", "--out", "out"]);
    assert_eq!(listing(&folder.0.join("out")), files, "{}", String::from_utf8_lossy(&again.stderr));
}

/// A `docker save` of two large layers, one of them compressed.
fn large_image() -> Vec<u8> {
    let noise = |seed: u32| -> Vec<u8> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        (0..9 << 20).map(|_| next()).collect()
    };
    let layer = |seed| Tarball::new().file("etc/noise", &noise(seed)).file("etc/small", b"small\n").end();
    let (first, second) = (layer(1), layer(2));
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&second).unwrap();
    let (first_id, second_id) = (Digest::sha256(&first), Digest::sha256(&second));
    let config = format!(
        r#"{{"architecture":"amd64","os":"linux","config":{{}},"rootfs":{{"type":"layers","diff_ids":["{first_id}","{second_id}"]}},
        "history":[{{"created_by":"COPY a / # buildkit"}},{{"created_by":"COPY b / # buildkit"}}]}}"#
    );
    let name = format!("{}.json", Digest::sha256(config.as_bytes()).hex());
    let manifest = format!(r#"[{{"Config":"{name}","RepoTags":["large:1"],"Layers":["a/layer.tar","b/layer.tar"]}}]"#);
    let archive = Tarball::new().file("a/layer.tar", &first).file("b/layer.tar", &encoder.finish().unwrap());
    archive.file(&name, config.as_bytes()).file("manifest.json", manifest.as_bytes()).end()
}

#[test]
fn what_threads_find_together_is_what_one_finds() {
    let folder = Folder::new("threads");
    let whole = large_image();
    let mut flipped = whole.clone();
    let quarter = whole.len() / 4;
    flipped[quarter] ^= 1;
    let cut = whole[..whole.len() / 2].to_vec();
    for (bytes, code) in [(whole, 0), (flipped, 1), (cut, 2)] {
        folder.put("large.tar", &bytes);
        let mut session = Session::new();
        let mut sources = Sources::in_pieces(1 << 20);
        sources.open(&mut session, "large.tar", bytes);
        sources.pass_all(&mut session);
        let one: serde_json::Value = serde_json::from_str(&session.export(ExportFormat::Json).text).unwrap();
        assert_eq!(folder.json(&["check", "large.tar"]), one);
        assert_eq!(folder.code(&["check", "large.tar"]), code);
    }
}

fn rootfs() -> Vec<u8> {
    let folder = |tarball: Tarball, name: &[u8]| tarball.entry(name, b'5', b"");
    let tarball = folder(Tarball::new(), b"etc/").file("etc/os-release", b"ID=test\n");
    folder(tarball, b"bin/").file("bin/sh", b"#!").end()
}

fn listing(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
