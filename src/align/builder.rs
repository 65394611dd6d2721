//! Which builder: by the marks it leaves.

use super::prepare::{Entry, Prepared};
use crate::dockerfile::Keyword;
use crate::finding::Said;
use crate::history::{Builder, Sign};
use crate::order::Gather;
use crate::recipe::{Family, Program, Recipe};

/// All builders, the commonest first: among equals the first one names the builder.
const ALL: [Family; 4] = [Family::Classic, Family::BuildKit, Family::Buildah, Family::Kaniko];

/// The builders that may have written the newest entry; all but kaniko if none may.
///
/// kaniko records so little that it would explain nearly everything, so it needs a mark of its own.
pub(super) fn families(history: &Prepared<'_>, program: &Program<'_>) -> Vec<Family> {
    let only_triggers = program.steps.iter().all(|step| step.instruction.keyword == Keyword::Onbuild);
    if only_triggers && history.entries.last().is_some_and(|entry| entry.keyword != Keyword::Onbuild) {
        // BuildKit records no ONBUILD, so all entries are the base image's, whoever built that.
        return vec![Family::BuildKit];
    }
    let kaniko = history.entries.is_empty() || history.entries.iter().any(|entry| is_kaniko(entry, history));
    let known = ALL.into_iter().filter(|family| *family != Family::Kaniko || kaniko);
    let likely: Vec<Family> =
        known.filter(|family| history.entries.last().is_none_or(|entry| may_be(entry, *family, history))).list();
    if likely.is_empty() { ALL[..3].to_vec() } else { likely }
}

/// kaniko signs as author; where the export has no authors, only kaniko leaves a bare RUN, COPY or ADD without BuildKit's end.
fn is_kaniko(entry: &Entry<'_>, history: &Prepared<'_>) -> bool {
    let has = |sign| entry.signs.contains(&sign);
    let exported = history.history.entries.iter().any(|entry| entry.author.is_some());
    let copies = matches!(entry.keyword, Keyword::Copy | Keyword::Add | Keyword::Run) && entry.source.is_none();
    let bare = has(Sign::BareInstruction) && copies && !has(Sign::BuildkitSuffix) && !has(Sign::BuildkitComment);
    let without_authors = !exported && !history.history.fidelity.prefix_stripped && !entry.raw.truncated;
    has(Sign::KanikoAuthor) || without_authors && bare
}

/// As many of the newest entries as the program has steps.
fn own<'p, 'h>(history: &'p Prepared<'h>, program: &Program<'_>) -> &'p [Entry<'h>] {
    let count = program.steps.len().min(history.len());
    &history.entries[history.len() - count..]
}

/// Whether this builder may have written this entry.
fn may_be(entry: &Entry<'_>, family: Family, history: &Prepared<'_>) -> bool {
    let has = |sign| entry.signs.contains(&sign);
    let buildkit = [Sign::BuildkitComment, Sign::BuildkitSuffix, Sign::BuildkitExporter].into_iter().any(has);
    let nop = has(Sign::NopOneBlank) || has(Sign::NopTwoBlanks);
    let stripped = history.history.fidelity.prefix_stripped;
    match family {
        Family::BuildKit => buildkit || !(nop || has(Sign::KanikoAuthor) || has(Sign::ShellFirst) && !stripped),
        Family::Classic => !buildkit && !has(Sign::KanikoAuthor) && !has(Sign::FromComment),
        Family::Buildah => !buildkit && !has(Sign::KanikoAuthor) && !has(Sign::NopTwoBlanks),
        Family::Kaniko => !buildkit && !nop && (has(Sign::KanikoAuthor) || entry.raw.author.is_none() && !has(Sign::ShellFirst)),
    }
}

/// Whether any of the newest entries is written as this builder writes, whatever it says.
pub(super) fn is_recognised(history: &Prepared<'_>, program: &Program<'_>, family: Family) -> bool {
    let builder = match family {
        Family::Classic => Builder::Classic,
        Family::BuildKit => Builder::BuildKit,
        Family::Buildah => Builder::Buildah,
        Family::Kaniko => Builder::Kaniko,
    };
    let marks = [Sign::NopOneBlank, Sign::NopTwoBlanks, Sign::ShellFirst, Sign::BareInstruction, Sign::RunThenShell];
    let written = |entry: &Entry<'_>| {
        entry.builder == Some(builder) || entry.builder.is_none() && marks.iter().any(|sign| entry.signs.contains(sign))
    };
    own(history, program).iter().any(written)
}

/// The recipes of the versions that the config names, where it names one of them; all otherwise.
pub(super) fn narrowed(history: &Prepared<'_>, recipes: Vec<&'static Recipe>) -> Vec<&'static Recipe> {
    let named = history.history.marks.docker_version.as_deref().and_then(release);
    let Some(named) = named else { return recipes };
    let fits: Vec<&'static Recipe> = recipes.iter().copied().filter(|recipe| recipe.is_of_docker(named)).list();
    if fits.is_empty() { recipes } else { fits }
}

/// The first two numbers of a version: `20.10.12` is (20, 10).
fn release(version: &str) -> Option<(u16, u16)> {
    let mut numbers = version.trim_start_matches('v').split(['.', '-', '+', '~']).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// Why this builder is named.
pub(super) fn reasons(history: &Prepared<'_>, program: &Program<'_>, recipes: &[&'static Recipe]) -> Vec<Said> {
    let Some(first) = recipes.first() else { return vec![Said::new("align.builder-none")] };
    let mut said = vec![Said::new("align.builder").with("versions", first.versions)];
    if let Some(last) = recipes.last().filter(|_| recipes.len() > 1) {
        said = vec![Said::new("align.builder-range").with("newest", first.versions).with("oldest", last.versions)];
    }
    let own = own(history, program);
    for (sign, code) in SIGNS {
        let count = own.iter().filter(|entry| entry.signs.contains(sign)).count();
        if count > 0 && fits(*sign, first.family) {
            said.push(Said::new(code).with("count", count).with("of", own.len()));
        }
    }
    if let Some(version) = history.history.marks.docker_version.as_ref().filter(|version| !version.is_empty()) {
        said.push(Said::new("align.sign-docker-version").with("version", crate::finding::visible(version.as_bytes())));
    }
    said
}

const SIGNS: &[(Sign, &str)] = &[
    (Sign::BuildkitComment, "align.sign-buildkit-comment"),
    (Sign::BuildkitSuffix, "align.sign-buildkit-suffix"),
    (Sign::FromComment, "align.sign-from-comment"),
    (Sign::NopTwoBlanks, "align.sign-two-blanks"),
    (Sign::KanikoAuthor, "align.sign-kaniko-author"),
];

fn fits(sign: Sign, family: Family) -> bool {
    match sign {
        Sign::BuildkitComment | Sign::BuildkitSuffix => family == Family::BuildKit,
        Sign::FromComment => family == Family::Buildah,
        Sign::NopTwoBlanks => family == Family::Classic,
        Sign::KanikoAuthor => family == Family::Kaniko,
        _ => false,
    }
}
