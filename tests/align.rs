//! Single situations in which a Dockerfile and a history meet, each small enough to be read.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use layerproof::order::Map;

use layerproof::align::{Alignment, Context, FileAtHand, Outcome, ProvedHash, Relation, align};
use layerproof::dockerfile::{self, Dockerfile};
use layerproof::history::{Hint, History, read};
use layerproof::recipe::Family;

const HEX: &str = "7a476cb06d734a7cf35c7acf58937f7d4713199ed2d8537378dfaf3af01d224c";

fn file(text: &str) -> Dockerfile {
    dockerfile::parse(text.as_bytes(), &dockerfile::Limits::default()).unwrap()
}

/// Entries as `text`, or `text|comment`; a leading `-` says that the entry has no layer.
fn history(entries: &[&str]) -> History {
    let entries: Vec<serde_json::Value> = entries
        .iter()
        .map(|entry| {
            let (empty, entry) = entry.strip_prefix('-').map_or((false, *entry), |entry| (true, entry));
            let (text, comment) = entry.split_once("||").unwrap_or((entry, ""));
            let mut value = serde_json::json!({"created": "2024-01-01T00:00:00Z", "created_by": text, "empty_layer": empty});
            if !comment.is_empty() {
                value["comment"] = comment.into();
            }
            value
        })
        .collect();
    let config = serde_json::json!({
        "architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": []}, "history": entries
    });
    read(config.to_string().as_bytes(), Hint::default()).unwrap()
}

fn best(text: &str, entries: &[&str], context: &Context<'_>) -> Alignment {
    align(&file(text), &history(entries), context).remove(0)
}

fn relations(alignment: &Alignment) -> Vec<Relation> {
    alignment.rows.iter().map(|row| row.relation).collect()
}

fn why(alignment: &Alignment) -> Vec<&'static str> {
    alignment.rows.iter().map(|row| row.why.code).collect()
}

const UBUNTU: &str = "FROM scratch\nARG RELEASE\nARG LAUNCHPAD_BUILD_ARCH\n\
    LABEL org.opencontainers.image.version=22.04\nADD ubuntu-*-oci-$LAUNCHPAD_BUILD_ARCH-root.tar.gz /\nCMD [\"/bin/bash\"]\n";

fn ubuntu_history() -> Vec<String> {
    vec![
        "-/bin/sh -c #(nop)  ARG RELEASE".into(),
        "-/bin/sh -c #(nop)  ARG LAUNCHPAD_BUILD_ARCH".into(),
        "-/bin/sh -c #(nop)  LABEL org.opencontainers.image.version=22.04".into(),
        format!("/bin/sh -c #(nop) ADD file:{HEX} in / "),
        "-/bin/sh -c #(nop)  CMD [\"/bin/bash\"]".into(),
    ]
}

fn ubuntu(context: &Context<'_>) -> Alignment {
    let entries = ubuntu_history();
    best(UBUNTU, &entries.iter().map(String::as_str).collect::<Vec<_>>(), context)
}

#[test]
fn an_argument_is_found_out_from_the_name_of_a_file() {
    let files = ["ubuntu-jammy-oci-amd64-root.tar.gz", "SHA256SUMS"];
    let files = files.map(|name| FileAtHand { name: name.to_owned(), digest: None }).to_vec();
    let alignment = ubuntu(&Context { files, ..Context::default() });
    assert_eq!(alignment.outcome, Outcome::Agrees);
    let inferred: Vec<_> =
        alignment.inferred.iter().map(|each| (each.name.as_str(), each.value.as_str(), each.from.code)).collect();
    assert_eq!(inferred, [("LAUNCHPAD_BUILD_ARCH", "amd64", "align.from-file")]);
    assert_eq!(alignment.rows[3].why.code, "align.hash-open");
}

#[test]
fn files_that_say_different_things_say_nothing() {
    let files = ["ubuntu-jammy-oci-amd64-root.tar.gz", "ubuntu-jammy-oci-arm64-root.tar.gz"];
    let files = files.map(|name| FileAtHand { name: name.to_owned(), digest: None }).to_vec();
    assert!(ubuntu(&Context { files, ..Context::default() }).inferred.is_empty());
}

#[test]
fn a_recomputed_hash_is_said_and_that_of_another_file_contradicts() {
    let proved = |path: &str| ProvedHash { path: path.to_owned(), kind: "file:".to_owned(), hex: HEX.to_owned(), named: true };
    let with = |path: &str| ubuntu(&Context { add_hashes: vec![proved(path)], ..Context::default() });
    let same = with("ubuntu-jammy-oci--root.tar.gz");
    assert_eq!((same.rows[3].relation, same.rows[3].why.code, same.rows[3].proved), (Relation::Exact, "align.hash-proved", true));
    let other = with("debian.tar.gz");
    assert_eq!((other.outcome, other.rows[3].why.code), (Outcome::Contradicted, "align.hash-of-other-file"));
}

#[test]
fn an_argument_has_one_value_in_all_rows() {
    let text = "FROM scratch\nARG V=1\nLABEL a=$V\nLABEL b=$V\n";
    let arg = "-ARG V=1||buildkit.dockerfile.v0";
    let label = |name: &str, value: u32| format!("-LABEL {name}={value}||buildkit.dockerfile.v0");
    let outcome = |a: u32, b: u32| best(text, &[arg, &label("a", a), &label("b", b)], &Context::default()).outcome;
    assert_eq!(outcome(1, 1), Outcome::Agrees);
    assert_eq!(outcome(2, 2), Outcome::Agrees, "up to 0.13 the ARG line has the default whatever was passed");
    assert_eq!(outcome(1, 2), Outcome::Contradicted);
}

#[test]
fn a_variable_that_nobody_sets_is_empty_and_no_wildcard() {
    let text = "FROM scratch\nLABEL a=x$NOBODY\n";
    assert_eq!(best(text, &["-/bin/sh -c #(nop)  LABEL a=x"], &Context::default()).outcome, Outcome::Agrees);
    assert_eq!(best(text, &["-/bin/sh -c #(nop)  LABEL a=xyz"], &Context::default()).outcome, Outcome::Contradicted);
}

#[test]
fn build_arguments_that_are_given_are_not_looked_up() {
    let text = "FROM scratch\nARG V\nLABEL a=$V\n";
    let entries = ["-ARG V=2||buildkit.dockerfile.v0", "-LABEL a=2||buildkit.dockerfile.v0"];
    let given = |value: &str| Context { build_args: Map::from([("V".to_owned(), value.to_owned())]), ..Context::default() };
    let right = best(text, &entries, &given("2"));
    assert_eq!(relations(&right), [Relation::Exact, Relation::Exact]);
    assert!(right.inferred.is_empty());
    assert_eq!(best(text, &entries, &given("3")).outcome, Outcome::Contradicted);
}

#[test]
fn platform_arguments_are_found_out_too() {
    let text = "FROM scratch\nARG TARGETARCH\nCOPY app-$TARGETARCH /app\n";
    let entries = ["-ARG TARGETARCH=arm64||buildkit.dockerfile.v0", "COPY app-arm64 /app # buildkit||buildkit.dockerfile.v0"];
    let found = best(text, &entries, &Context::default());
    assert_eq!((found.outcome, found.inferred[0].value.as_str()), (Outcome::Agrees, "arm64"));
    let known = best(text, &entries, &Context { platform: Some("linux/arm64".to_owned()), ..Context::default() });
    assert_eq!(relations(&known), [Relation::Exact, Relation::Exact]);
    let other = best(text, &entries, &Context { platform: Some("linux/amd64".to_owned()), ..Context::default() });
    assert_ne!(relations(&other), [Relation::Exact, Relation::Exact]);
}

#[test]
fn a_classic_base_below_buildkit_hands_on_its_variables() {
    let text = "FROM golang\nENV PATH=$GOPATH/bin:$PATH\nWORKDIR src\nRUN make\n";
    let entries = [
        "/bin/sh -c #(nop) ADD file:00 in / ",
        "-/bin/sh -c #(nop)  ENV GOPATH=/go",
        "-/bin/sh -c #(nop)  ENV PATH=/usr/bin",
        "-/bin/sh -c #(nop) WORKDIR /go",
        "-/bin/sh -c #(nop)  SHELL [/bin/bash -ec]",
        "-ENV PATH=/go/bin:/usr/bin||buildkit.dockerfile.v0",
        "WORKDIR /go/src||buildkit.dockerfile.v0",
        "RUN /bin/bash -ec make # buildkit||buildkit.dockerfile.v0",
    ];
    let alignment = best(text, &entries, &Context::default());
    assert_eq!((alignment.outcome, alignment.base_entries, alignment.family), (Outcome::Agrees, 5, Some(Family::BuildKit)));
}

#[test]
fn the_base_images_own_history_finds_a_line_that_was_removed() {
    let text = "FROM base\nRUN b\n";
    let entries = [
        "-CMD [\"sh\"]||buildkit.dockerfile.v0",
        "RUN /bin/sh -c a # buildkit||buildkit.dockerfile.v0",
        "RUN /bin/sh -c b # buildkit||buildkit.dockerfile.v0",
    ];
    let unchecked = best(text, &entries, &Context::default());
    assert_eq!(unchecked.outcome, Outcome::Agrees, "{unchecked:#?}");
    let base = history(&entries[..1]);
    let checked = best(text, &entries, &Context { base: Some(&base), ..Context::default() });
    assert_eq!((checked.outcome, checked.base_checked), (Outcome::Contradicted, true));
    assert_eq!(relations(&checked), [Relation::Base, Relation::Extra, Relation::Exact]);
    let whole = history(&entries[..2]);
    let right = best(text, &entries, &Context { base: Some(&whole), ..Context::default() });
    assert_eq!((right.outcome, right.base_entries), (Outcome::Agrees, 2));
}

#[test]
fn triggers_of_the_base_and_of_a_stage_are_explained() {
    let base =
        ["/bin/sh -c #(nop) ADD file:00 in / ", "-/bin/sh -c #(nop)  ONBUILD ENV A=1", "-/bin/sh -c #(nop)  ONBUILD RUN make $A"];
    let entries =
        [base[0], base[1], base[2], "-/bin/sh -c #(nop)  ENV A=1", "/bin/sh -c make $A", "-/bin/sh -c #(nop)  LABEL a=1"];
    let base = history(&base);
    let alignment = best("FROM onbuild\nLABEL a=$A\n", &entries, &Context { base: Some(&base), ..Context::default() });
    assert_eq!(alignment.outcome, Outcome::Agrees);
    assert_eq!(why(&alignment)[3..5], ["align.trigger", "align.trigger"]);
    let text = "FROM scratch AS a\nONBUILD LABEL x=y\nFROM a\nCMD [\"b\"]\n";
    let own = best(
        text,
        &["-/bin/sh -c #(nop)  ONBUILD LABEL x=y", "-/bin/sh -c #(nop)  LABEL x=y", "-/bin/sh -c #(nop)  CMD [\"b\"]"],
        &Context::default(),
    );
    assert_eq!((own.outcome, why(&own)[1]), (Outcome::Agrees, "align.trigger"));
    let buildkit = ["-LABEL x=y||buildkit.dockerfile.v0", "-CMD [\"b\"]||buildkit.dockerfile.v0"];
    let own = best(text, &buildkit, &Context::default());
    assert_eq!((own.outcome, why(&own)[0]), (Outcome::Agrees, "recipe.buildkit-onbuild"));
}

#[test]
fn an_inherited_stage_comes_first_and_another_target_is_found() {
    let text = "FROM scratch AS a\nENV A=1\nFROM a AS b\nENV B=$A\nFROM b\nCMD [\"x\"]\n";
    let entries =
        ["-ENV A=1||buildkit.dockerfile.v0", "-ENV B=1||buildkit.dockerfile.v0", "-CMD [\"x\"]||buildkit.dockerfile.v0"];
    let whole = best(text, &entries, &Context::default());
    assert_eq!((whole.outcome, whole.stage.as_str(), whole.rows.len()), (Outcome::Agrees, "2", 3));
    let all = align(&file(text), &history(&entries[..2]), &Context::default());
    assert_eq!((all[0].outcome, all[0].stage.as_str()), (Outcome::Agrees, "b"));
    assert_eq!(all[1].outcome, Outcome::Contradicted);
    let chosen = best(text, &entries[..2], &Context { target: Some("B".to_owned()), ..Context::default() });
    assert_eq!(chosen.outcome, Outcome::Agrees);
    assert_eq!(
        best(text, &entries, &Context { target: Some("nope".to_owned()), ..Context::default() }).said.code,
        "align.no-stage"
    );
}

#[test]
fn buildah_names_its_base() {
    let entries = ["/bin/sh -c #(nop) ADD file:00 in / ", "-/bin/sh -c #(nop) LABEL a=\"b c\"||FROM localhost/base:1"];
    let outcome = |from: &str| best(&format!("FROM {from}\nLABEL a=\"b c\"\n"), &entries, &Context::default());
    assert_eq!(outcome("base:1").outcome, Outcome::Agrees);
    assert_eq!((outcome("base:2").outcome, outcome("base:2").said.code), (Outcome::Contradicted, "align.other-base"));
    assert_eq!(outcome("other:1").outcome, Outcome::Contradicted);
}

#[test]
fn squashed_imported_and_foreign_histories_are_recognised() {
    let squashed = [
        "-/bin/sh -c #(nop)  ENV A=1",
        "-/bin/sh -c #(nop) COPY file:7a476cb06d734a7cf35c7acf58937f7d4713199ed2d8537378dfaf3af01d224c in /x ",
        "||create new from sha256:00",
    ];
    let alignment = best("FROM scratch\nENV A=1\nCOPY x /x\n", &squashed, &Context::default());
    assert_eq!((alignment.outcome, *why(&alignment).last().unwrap()), (Outcome::Agrees, "align.squash"));
    let text = "FROM scratch\nADD rootfs.tar.xz /\nCMD [\"bash\"]\n";
    for foreign in ["||Imported from -", "# debian.sh --arch 'amd64' out/ 'bookworm' '@1'||debuerreotype 0.15", "ko build ko://x"]
    {
        let alignment = best(text, &[foreign], &Context::default());
        assert_eq!(
            (alignment.outcome, alignment.family, alignment.said.code),
            (Outcome::Unknown, None, "align.foreign"),
            "{foreign}"
        );
    }
    let exporter = ["-CMD [\"x\"]||buildkit.dockerfile.v0", "mkfile||buildkit.exporter.image.v0"];
    assert_eq!(best("FROM scratch\nCMD [\"x\"]\n", &exporter, &Context::default()).outcome, Outcome::Unknown);
}

#[test]
fn a_base_image_that_needs_an_argument_is_not_in_the_way() {
    let text = "ARG BASE\nFROM ${BASE}\nCMD [\"x\"]\n";
    let entries = ["RUN /bin/sh -c a # buildkit||buildkit.dockerfile.v0", "-CMD [\"x\"]||buildkit.dockerfile.v0"];
    let alignment = best(text, &entries, &Context::default());
    assert_eq!((alignment.outcome, alignment.base_entries), (Outcome::Agrees, 1));
}

#[test]
fn a_value_that_the_export_cut_is_compared_as_far_as_it_goes() {
    let table = "IMAGE          CREATED        CREATED BY                                      SIZE      COMMENT\n\
        aaaaaaaaaaaa   2 months ago   ENV PATH=/usr/local/sbin:/usr/local/bin:/usr…   0B        buildkit.dockerfile.v0\n\
        <missing>      2 months ago   ENV PATH=/usr/local/sbin:/usr/local/bin:/usr…   0B        buildkit.dockerfile.v0\n";
    let history = read(table.as_bytes(), Hint::default()).unwrap();
    let outcome = |text: &str| align(&file(text), &history, &Context::default()).remove(0).outcome;
    assert_eq!(outcome("FROM base\nENV PATH=$PATH:/x\n"), Outcome::Agrees);
    assert_eq!(outcome("FROM base\nENV PATH=/x:$PATH\n"), Outcome::Contradicted);
}

#[test]
fn what_does_not_fit_is_named_once() {
    let entries = [
        "-ENV A=1||buildkit.dockerfile.v0",
        "RUN /bin/sh -c make it # buildkit||buildkit.dockerfile.v0",
        "-CMD [\"x\"]||buildkit.dockerfile.v0",
    ];
    let changed = best("FROM scratch\nENV A=1\nRUN make  it\nCMD [\"x\"]\n", &entries, &Context::default());
    assert_eq!(relations(&changed), [Relation::Exact, Relation::Differs, Relation::Exact]);
    assert_eq!(changed.rows[1].why.args.value("column"), Some("21"));
    let dropped = best("FROM scratch\nENV A=1\nCMD [\"x\"]\n", &entries, &Context::default());
    assert_eq!(relations(&dropped), [Relation::Exact, Relation::Extra, Relation::Exact]);
    let added = best("FROM scratch\nENV A=1\nUSER me\nRUN make it\nCMD [\"x\"]\n", &entries, &Context::default());
    assert_eq!(relations(&added), [Relation::Exact, Relation::Missing, Relation::Exact, Relation::Exact]);
    let nothing = best("FROM scratch\nRUN other\n", &["something that no builder writes"], &Context::default());
    assert_eq!(nothing.outcome, Outcome::Unknown);
}

#[test]
fn a_hostile_pair_ends() {
    let steps: String = (0..300).map(|number| format!("ARG A{number}\nRUN $A{number}\n")).collect();
    let text = format!("FROM base\n{steps}");
    let entries: Vec<String> = (0..300).map(|number| format!("|{number} A1=A2=A3= A2=A1= /bin/sh -c ENV A=1")).collect();
    let alignment = best(&text, &entries.iter().map(String::as_str).collect::<Vec<_>>(), &Context::default());
    assert_ne!(alignment.outcome, Outcome::Agrees);
}
