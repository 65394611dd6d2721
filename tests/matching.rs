//! What a history leaves open, and what it does not: builders' special ways, orders, records of several images.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::evidence::give;
use layerproof::align::{Alignment, Context, Outcome, Relation, align};
use layerproof::dockerfile::{self, Dockerfile};
use layerproof::history::{self, Direction, Hint, History, OrderSource};
use layerproof::session::Session;
use layerproof::session::protocol::{Request, Response, Setting};

fn file(text: &str) -> Dockerfile {
    dockerfile::parse(text.as_bytes(), &dockerfile::Limits::default()).unwrap()
}

fn read(text: &str) -> History {
    history::read(text.as_bytes(), Hint::default()).unwrap()
}

/// A config with these entries: `-` in front for one without a layer.
fn config(more: &str, author: &str, comment: &str, entries: &[&str]) -> String {
    let entry = |text: &&str| {
        let (empty, text) = text.strip_prefix('-').map_or((false, *text), |text| (true, text));
        serde_json::json!({"created": "2024-01-01T00:00:00Z", "created_by": text, "empty_layer": empty, "author": author, "comment": comment})
    };
    let entries: Vec<serde_json::Value> = entries.iter().map(entry).collect();
    let history = serde_json::to_string(&entries).unwrap();
    format!(
        "{{\"architecture\":\"amd64\",\"os\":\"linux\",{more}\"rootfs\":{{\"type\":\"layers\",\"diff_ids\":[]}},\"history\":{history}}}"
    )
}

fn best(text: &str, history: &History, base: Option<&History>) -> Alignment {
    align(&file(text), history, &Context { base, ..Context::default() }).remove(0)
}

fn kaniko(entries: &[&str]) -> History {
    read(&config("", "kaniko", "", entries))
}

fn buildkit(entries: &[&str]) -> History {
    read(&config("", "", "buildkit.dockerfile.v0", entries))
}

fn buildah(entries: &[&str]) -> History {
    read(&config("", "", "FROM docker.io/library/base:1", entries))
}

fn classic(version: &str, entries: &[&str]) -> History {
    read(&config(&format!("\"docker_version\":\"{version}\","), "", "", entries))
}

#[test]
fn a_single_snapshot_of_kaniko_decides_nothing() {
    let text = "FROM scratch\nCOPY a /a\nRUN make\nCMD [\"x\"]\n";
    let single = best(text, &kaniko(&["CMD [\"x\"]"]), None);
    assert_eq!((single.outcome, single.said.code), (Outcome::Unknown, "align.single-snapshot"));
    let relations: Vec<_> = single.rows.iter().map(|row| (row.relation, row.entry)).collect();
    assert_eq!(relations, [(Relation::Explained, None), (Relation::Explained, None), (Relation::Equivalent, Some(0))]);
    // Another last line is another Dockerfile; two entries are no single snapshot.
    assert_eq!(best(text, &kaniko(&["CMD [\"y\"]"]), None).outcome, Outcome::Contradicted);
    assert_eq!(best(text, &kaniko(&["COPY b /b", "CMD [\"x\"]"]), None).outcome, Outcome::Contradicted);
    // What the usual way explains is explained by it.
    assert_eq!(best("FROM scratch\nCOPY a /a\n", &kaniko(&["COPY a /a"]), None).outcome, Outcome::Agrees);
}

#[test]
fn buildahs_notes_behind_a_text_are_no_difference() {
    let hex = "ab".repeat(32);
    let text = "FROM base:1\nRUN --mount=type=bind,source=x,target=/x cat /x\nCMD [\"a\"]\n";
    let run = "/bin/sh -c --mount=type=bind,source=x,target=/x cat /x";
    let outcome = |run: &str, command: &str| best(text, &buildah(&[run, command]), None).outcome;
    let command = "-/bin/sh -c #(nop) CMD [\"a\"]";
    assert_eq!(outcome(run, command), Outcome::Agrees);
    assert_eq!(outcome(&format!("{run}:sha256:{hex}"), command), Outcome::Agrees);
    assert_eq!(outcome(&format!("{run}:sha256:{hex}|force-mtime=0"), &format!("{command}|force-mtime=0")), Outcome::Agrees);
    // One mount leaves one hash, and what is not buildah's note is part of the command.
    assert_eq!(outcome(&format!("{run}:sha256:{hex}:sha256:{hex}"), command), Outcome::Contradicted);
    assert_eq!(outcome(&format!("{run}; true"), command), Outcome::Contradicted);
    assert_eq!(outcome(&format!("{run}x:sha256:{hex}"), command), Outcome::Contradicted);
}

#[test]
fn triggers_that_buildkit_hides_are_known_from_the_base_images_config_only() {
    let base = ["COPY root / # buildkit", "-CMD [\"sh\"]"];
    let child = [&base[..], &["RUN /bin/sh -c make # buildkit", "COPY a /a # buildkit"]].concat();
    let text = "FROM base\nCOPY a /a\n";
    let with = |more: &str| {
        let base = read(&config(more, "", "buildkit.dockerfile.v0", &base));
        let alignment = best(text, &buildkit(&child), Some(&base));
        (alignment.outcome, alignment.rows[2].why.code)
    };
    assert_eq!(with(""), (Outcome::Unknown, "align.hidden-trigger"));
    assert_eq!(with("\"config\":{\"OnBuild\":[\"RUN make\"]},"), (Outcome::Agrees, "align.trigger"));
    assert_eq!(with("\"config\":{\"OnBuild\":[\"RUN other\"]},").0, Outcome::Contradicted);
    assert_eq!(with("\"config\":{},"), (Outcome::Contradicted, "align.extra"));
    // An entry behind a line of the Dockerfile is no trigger.
    let late = [&base[..], &["COPY a /a # buildkit", "RUN /bin/sh -c make # buildkit"]].concat();
    let base = read(&config("", "", "buildkit.dockerfile.v0", &base));
    assert_eq!(best(text, &buildkit(&late), Some(&base)).outcome, Outcome::Contradicted);
}

#[test]
fn a_line_that_no_builder_reads_leaves_the_whole_open() {
    let alignment = best("FROM scratch\nFETCH x\nCOPY a /a\n", &buildkit(&["COPY a /a # buildkit"]), None);
    assert_eq!(alignment.outcome, Outcome::Unknown);
    assert_eq!((alignment.rows[0].why.code, alignment.rows[0].relation), ("recipe.unreadable", Relation::Explained));
}

#[test]
fn the_version_in_the_config_narrows_the_builders() {
    let entries = ["/bin/sh -c #(nop) COPY file:0000000000000000000000000000000000000000000000000000000000000000 in / "];
    let newest = |version: &str| best("FROM scratch\nCOPY a /\n", &classic(version, &entries), None).recipes[0].id;
    assert_eq!(newest("20.10.12"), "classic-17.10");
    assert_eq!(newest("18.06.1-ce"), "classic-17.10");
    assert_eq!(newest("24.0.7"), "classic-24");
    assert_eq!(newest("1.13.1"), "classic-1.13");
    assert_eq!(newest("unknown"), "classic-29");
    // 1.10 writes no blank behind the destination, so the version is not believed.
    assert_eq!(newest("1.10.3"), "classic-29");
}

#[test]
fn a_bare_array_is_oldest_first_unless_something_says_otherwise() {
    let array = |entries: &[(&str, &str)]| {
        let entry = |(created, text): &(&str, &str)| match created.is_empty() {
            true => serde_json::json!({"created_by": text}),
            false => serde_json::json!({"created": created, "created_by": text}),
        };
        let text = serde_json::to_string(&entries.iter().map(entry).collect::<Vec<_>>()).unwrap();
        let history = read(&text);
        let codes: Vec<&str> = history.findings.iter().map(|finding| finding.code).collect();
        (history.order.direction, history.order.known_from, codes, history.entries[0].created_by.clone())
    };
    use Direction::{NewestFirst, OldestFirst};
    let (one, two) = ("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z");
    let (cmd, run, add) = ("CMD [\"x\"]", "RUN /bin/sh -c x # buildkit", "/bin/sh -c #(nop) ADD file:00 in / ");
    let expect = |entries: &[(&str, &str)], direction, from, code: &[&str], oldest: &str| {
        assert_eq!(array(entries), (direction, from, code.to_vec(), oldest.to_owned()), "{entries:?}");
    };
    // Without times: a command in front is no sign, a root file system at the end is.
    expect(&[("", cmd), ("", run)], OldestFirst, OrderSource::Format, &["history.order-of-config"], cmd);
    expect(&[("", run), ("", cmd)], OldestFirst, OrderSource::Format, &["history.order-of-config"], run);
    expect(&[("", cmd), ("", run), ("", add)], NewestFirst, OrderSource::Steps, &["history.order-newest"], add);
    // With times they decide, whatever the steps are.
    expect(&[(one, cmd), (two, run)], OldestFirst, OrderSource::Format, &["history.order-of-config"], cmd);
    expect(&[(two, cmd), (one, run)], NewestFirst, OrderSource::Times, &["history.order-newest"], run);
    expect(&[(two, add), (one, cmd)], NewestFirst, OrderSource::Times, &["history.order-newest"], cmd);
    // Equal times say nothing.
    expect(&[(one, cmd), (one, run)], OldestFirst, OrderSource::Format, &["history.order-of-config"], cmd);
}

const RECORD: &str = "## `x:1`\n\n### `x:1` - linux; amd64\n\n```dockerfile\n# Tue, 05 Apr 2022 00:20:19 GMT\nADD file:AA in / \n```\n\n\
    ### `x:1` - linux; arm64 variant v8\n\n```dockerfile\n# Tue, 05 Apr 2022 00:20:19 GMT\nADD file:BB in / \n\
    # Tue, 05 Apr 2022 00:20:20 GMT\nCMD [\"sh\"]\n```\n";

#[test]
fn of_several_images_the_one_that_fits_is_taken_and_the_others_are_named() {
    let record = RECORD.replace("AA", &"a".repeat(64)).replace("BB", &"b".repeat(64));
    let report = |dockerfile: &str| {
        let mut session = Session::new();
        give(&mut session, "record.md", record.as_bytes());
        give(&mut session, "Dockerfile", dockerfile.as_bytes());
        session.report()
    };
    let findings = |report: &layerproof::report::model::Report| {
        let evidence = report.evidence.iter().find(|evidence| evidence.kind == "history").unwrap();
        evidence.findings.iter().map(|finding| (finding.code.clone(), finding.text.clone())).collect::<Vec<_>>()
    };
    let second = report("FROM scratch\nADD root.tar /\nCMD [\"sh\"]\n");
    let (code, text) = findings(&second).remove(0);
    assert_eq!(code, "history.chosen-image");
    assert!(text.contains("linux; arm64 variant v8 is read") && text.contains("Left aside: linux; amd64"), "{text}");
    assert_eq!(second.alignments[0].rows.len(), 2);
    assert_eq!(findings(&report("FROM scratch\nADD root.tar /\n"))[0].0, "history.chosen-image");
    // Nothing to choose by: the first one, and a word about it.
    assert_eq!(findings(&report("FROM scratch\nRUN other\n"))[0].0, "history.several-images");
}

#[test]
fn lines_of_a_text_are_steps_if_a_person_says_so() {
    let mut session = Session::new();
    let source = session.paste("make all\ninstall -d /srv\n");
    let kind = |session: &Session| session.report().evidence[0].kind.clone();
    let offered = |session: &mut Session| match session.handle(&Request::Report, &[]).response {
        Response::Report { sources, .. } => sources[0].may_be_lines,
        other => panic!("{other:?}"),
    };
    assert_ne!(kind(&session), "history");
    assert!(offered(&mut session));
    session.set(&Setting::HistoryLines { source, value: true }).unwrap();
    assert_eq!(kind(&session), "history");
    assert!(!offered(&mut session));
    session.set(&Setting::HistoryLines { source, value: false }).unwrap();
    assert_ne!(kind(&session), "history");
    assert!(offered(&mut session));
    // What shows of itself what it is leaves nothing to say.
    session.remove(source);
    session.paste("FROM scratch\nCMD [\"sh\"]\n");
    assert!(!offered(&mut session));
}

/// Lines and what the builders' sources and recorded outputs say that each leaves, first classic docker 20.10, then BuildKit 0.25.
#[test]
fn lines_that_are_easily_misread_leave_what_the_builders_write() {
    for (lines, classic_text, buildkit_text) in [
        ("ENV LEGACY a  b", "-/bin/sh -c #(nop)  ENV LEGACY=a  b", "-ENV LEGACY=a  b"),
        ("LABEL z=1 \\\n  a='x y'", "-/bin/sh -c #(nop)  LABEL z=1 a=x y", "-LABEL z=1 a=x y"),
        ("USER  app:app", "-/bin/sh -c #(nop)  USER app:app", "-USER app:app"),
        ("STOPSIGNAL 9", "-/bin/sh -c #(nop)  STOPSIGNAL 9", "-STOPSIGNAL 9"),
        ("VOLUME /a /b", "-/bin/sh -c #(nop)  VOLUME [/a /b]", "-VOLUME [/a /b]"),
        ("VOLUME [\"/a\", \"/b\"]", "-/bin/sh -c #(nop)  VOLUME [/a /b]", "-VOLUME [/a /b]"),
        ("EXPOSE 443 53/udp 80", "-/bin/sh -c #(nop)  EXPOSE 443 53/udp 80", "-EXPOSE [443/tcp 53/udp 80/tcp]"),
        (
            "HEALTHCHECK NONE",
            "-/bin/sh -c #(nop)  HEALTHCHECK &{[\"NONE\"] \"0s\" \"0s\" \"0s\" '\\x00'}",
            "-HEALTHCHECK &{[\"NONE\"] \"0s\" \"0s\" \"0s\" \"0s\" '\\x00'}",
        ),
        ("RUN  echo \\\r\n  # gone\r\n  two", "/bin/sh -c echo   two", "RUN /bin/sh -c echo   two # buildkit"),
    ] {
        let text = format!("FROM scratch\n{lines}\n");
        let old = best(&text, &classic("20.10.7", &[classic_text]), None);
        assert_eq!(old.outcome, Outcome::Agrees, "{lines}: {:#?}", old.rows);
        let new = best(&text, &buildkit(&[buildkit_text]), None);
        assert_eq!(new.outcome, Outcome::Agrees, "{lines}: {:#?}", new.rows);
    }
}

#[test]
fn flags_shells_and_platforms_are_written_as_buildkit_writes_them() {
    let text = "ARG V=1\nFROM base:$V AS a\nARG TARGETARCH\nSHELL [\"/bin/bash\", \"-ec\"]\nRUN --network=none echo $X\n\
        COPY --link --chown=1:1 --chmod=755 a b /d/\nADD --checksum=sha256:00 root-$TARGETARCH.tar /\nWORKDIR x\nWORKDIR ../y\nFROM a\nUSER z\n";
    let entries = |arch: &str| {
        vec![
            "-ARG TARGETARCH=amd64".to_owned(),
            "-SHELL [/bin/bash -ec]".to_owned(),
            "RUN |1 TARGETARCH=amd64 /bin/bash -ec echo $X # buildkit".to_owned(),
            "COPY --chown=1:1 --chmod=755 a b /d/ # buildkit".to_owned(),
            format!("ADD root-{arch}.tar / # buildkit"),
            "WORKDIR /x".to_owned(),
            "WORKDIR /y".to_owned(),
        ]
    };
    let lay = |entries: &[String], target: Option<&str>| {
        let texts: Vec<&str> = entries.iter().map(String::as_str).collect();
        let context =
            Context { target: target.map(str::to_owned), platform: Some("linux/amd64".to_owned()), ..Context::default() };
        align(&file(text), &buildkit(&texts), &context).remove(0)
    };
    assert_eq!(lay(&entries("amd64"), Some("a")).outcome, Outcome::Agrees);
    assert_eq!(lay(&entries("arm64"), Some("a")).outcome, Outcome::Contradicted);
    let whole = [entries("amd64"), vec!["-USER z".to_owned()]].concat();
    assert_eq!(lay(&whole, None).outcome, Outcome::Agrees);
    // Without a target a build of another stage is found, and said.
    let other = lay(&entries("amd64"), None);
    assert_eq!((other.outcome, other.stage.as_str()), (Outcome::Agrees, "a"));
}
