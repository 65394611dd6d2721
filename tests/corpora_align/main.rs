//! Recorded histories of real builders and published images, laid beside their Dockerfiles. One line per corpus is printed.
//! Without the fixtures every test says that it is skipped.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
mod mutants;

use std::collections::{BTreeMap, BTreeSet};

use common::{bad_rows, builders, fixtures, official, show};
use layerproof::align::{Context, Outcome, align};

#[test]
fn every_builder_aligns_with_its_own_history() {
    let Some(fixtures) = fixtures() else { return };
    let (mut exports, mut bad, mut need_flags, mut ties) = (0, Vec::new(), Vec::new(), 0);
    let mut empty = BTreeSet::new();
    for pair in builders(&fixtures) {
        for (export, history) in &pair.exports {
            exports += 1;
            let label = format!("{}/{export}", pair.label());
            let mut alignment = align(&pair.file, history, &Context::default()).remove(0);
            if !bad_rows(&alignment).is_empty() && !pair.flags.is_empty() {
                need_flags.push(label.clone());
                let context = Context { build_args: pair.flags.clone().into_iter().collect(), ..Context::default() };
                alignment = align(&pair.file, history, &context).remove(0);
            }
            ties += usize::from(alignment.tie);
            if alignment.outcome == Outcome::Unknown && bad_rows(&alignment).is_empty() {
                empty.insert(pair.label());
            } else if alignment.outcome != Outcome::Agrees {
                bad.push(label.clone());
                println!("  {label}");
                show(&pair.file, history, &alignment);
            }
        }
    }
    println!(
        "corpus builders/align: {exports} exports, {} not aligned, {} with a choice, {} needed build arguments {need_flags:?}",
        bad.len(),
        ties,
        need_flags.len()
    );
    println!("  nothing of the Dockerfile is recorded: {}", empty.into_iter().collect::<Vec<_>>().join(" "));
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn every_instruction_of_the_published_images_is_aligned() {
    let Some(fixtures) = fixtures() else { return };
    let (mut instructions, mut aligned, mut wrong) = (0, 0, Vec::new());
    let pairs = official(&fixtures);
    for pair in &pairs {
        for (export, history) in &pair.exports {
            let alignment = align(&pair.file, history, &Context::default()).remove(0);
            let own = alignment.rows.iter().filter(|row| row.instruction.is_some());
            instructions += own.clone().count();
            aligned += own.filter(|row| !row.relation.is_bad()).count();
            let bad = bad_rows(&alignment).len() as u64;
            let base = pair.base_entries.is_none_or(|entries| entries == alignment.base_entries);
            if bad != pair.mismatches || !base || (bad == 0) != (alignment.outcome == Outcome::Agrees) {
                println!(
                    "  {} {export}: {bad} rows do not fit, base {} of {:?}",
                    pair.label(),
                    alignment.base_entries,
                    pair.base_entries
                );
                show(&pair.file, history, &alignment);
                wrong.push(pair.label());
            }
        }
    }
    println!(
        "corpus official/align: {} images, {aligned} of {instructions} instructions aligned (original and repo-info texts)",
        pairs.len()
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Prints how long the longest inputs take; a benchmark belongs elsewhere, so nothing is asserted about time.
#[test]
fn the_longest_inputs_are_timed() {
    let Some(fixtures) = fixtures() else { return };
    let mut pairs: Vec<common::Pair> = official(&fixtures).into_iter().chain(builders(&fixtures)).collect();
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.file.instructions.len() * pair.history().entries.len()));
    for pair in pairs.iter().take(3) {
        let other = common::parse(&[&pair.text[..], b"\nRUN something else\n"].concat()).unwrap();
        let times: Vec<String> = [&pair.file, &other]
            .iter()
            .map(|file| {
                // The least of several runs: what the machine does besides is not meant.
                let runs = (0..5).map(|_| {
                    let start = std::time::Instant::now();
                    let outcome = pair.best(file, &Context::default()).outcome;
                    (start.elapsed().as_secs_f64() * 1000.0, outcome)
                });
                let (least, outcome) = runs.min_by(|one, other| one.0.total_cmp(&other.0)).unwrap();
                format!("{least:.1} ms ({outcome:?})")
            })
            .collect();
        println!(
            "corpus align/time: {} instructions, {} entries: {}",
            pair.file.instructions.len(),
            pair.history().entries.len(),
            times.join(", one line more: ")
        );
    }
}

/// A text without its content hashes: those bind content that the matcher does not have here.
fn without_hashes(text: &str) -> String {
    text.split(' ')
        .map(
            |word| {
                if word.len() >= 64 && word[word.len() - 64..].bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    "HASH"
                } else {
                    word
                }
            },
        )
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn no_dockerfile_aligns_with_the_history_of_another() {
    let Some(fixtures) = fixtures() else { return };
    let all = builders(&fixtures);
    let base = |builder: &str| {
        all.iter().find(|pair| pair.case == "from-only" && pair.builder == builder).map(|pair| pair.history().clone())
    };
    let (mut compared, mut equal, mut tails, mut wrong) = (0, BTreeMap::new(), 0, Vec::new());
    let mut unchanged = BTreeSet::new();
    for ours in &all {
        let base = base(&ours.builder);
        for theirs in all.iter().filter(|theirs| theirs.builder == ours.builder && theirs.case != ours.case) {
            compared += 1;
            // Without the base image's history a longer history may have the same end, and that is all the Dockerfile says.
            tails += usize::from(theirs.best(&ours.file, &Context::default()).outcome == Outcome::Agrees);
            let context = Context { base: base.as_ref(), ..Context::default() };
            if theirs.best(&ours.file, &context).outcome != Outcome::Agrees {
                continue;
            }
            let texts = |pair: &common::Pair| {
                pair.history().entries.iter().map(|entry| without_hashes(&entry.created_by)).collect::<Vec<_>>()
            };
            if ours.builder.starts_with("kaniko") {
                // kaniko leaves out steps that changed no file, and says nothing about which ones.
                unchanged.insert(format!("{} on {}", ours.case, theirs.case));
            } else if texts(ours) == texts(theirs) {
                let names = if ours.case < theirs.case { (&ours.case, &theirs.case) } else { (&theirs.case, &ours.case) };
                equal.entry(format!("{} = {}", names.0, names.1)).or_insert_with(BTreeSet::new).insert(&ours.builder);
            } else {
                wrong.push(format!("{} on {}", ours.label(), theirs.label()));
                println!("  {} on {}", ours.label(), theirs.label());
                show(&ours.file, theirs.history(), &theirs.best(&ours.file, &context));
            }
        }
    }
    println!(
        "corpus builders/others: {compared} pairs that do not belong together, {} of them recorded alike, {tails} with the same end",
        equal.len()
    );
    for (names, builders) in &equal {
        println!("  recorded alike: {names} ({} builders)", builders.len());
    }
    println!("  kaniko may have left out what the other lacks: {}", unchanged.into_iter().collect::<Vec<_>>().join(", "));
    assert!(wrong.is_empty(), "{wrong:#?}");
}
