//! Check `history-layers`: a config's history against its layers. A layer without an entry is one that `docker history` never
//! shows, though it is part of the image.

use super::edges::{end, is_first_copy, print_bytes, short};
use super::{Check, End, Kind, Role, Verdict};
use crate::case::{Case, ItemId};
use crate::finding::{Said, visible};
use crate::intake::{EntryKind, TarFacts};
use crate::oci::{Config, Content};
use crate::order::Gather;

/// Hidden layers that are named one by one.
const SHOWN: usize = 50;
/// Files of a hidden layer that are named.
const NAMED: usize = 5;

/// One check for each image config.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let configs = case.documents().filter_map(|(id, document)| match &document.content {
        Content::Config(config) if !config.platform.is_unknown() && is_first_copy(case, id) => Some((id, &**config)),
        _ => None,
    });
    configs.map(|(id, config)| compare(case, id, config)).list()
}

fn compare(case: &Case, id: ItemId, config: &Config) -> Check {
    let layers = config.diff_ids.len();
    let from = end(case, id);
    let Some(entries) = config.layers_in_history() else {
        return Check::new(Kind::HistoryLayers, Verdict::Unknown, from, Said::new("history-layers.none").with("layers", layers));
    };
    let (verdict, code) = match entries.cmp(&layers) {
        std::cmp::Ordering::Equal => (Verdict::Agrees, "history-layers.equal"),
        std::cmp::Ordering::Less => (Verdict::Contradicted, "history-layers.hidden"),
        std::cmp::Ordering::Greater => (Verdict::Contradicted, "history-layers.too-many"),
    };
    let said = Said::new(code).with("layers", layers).with("entries", entries).with("hidden", layers.saturating_sub(entries));
    let to = End { role: Role::History, label: "history".to_owned(), ..from.clone() };
    let jq = "jq '(.rootfs.diff_ids | length), ([.history[] | select(.empty_layer != true)] | length)'";
    let check = Check::new(Kind::HistoryLayers, verdict, from, said).to(to).repeat(format!("{} | {jq}", print_bytes(case, id)));
    hidden(case, config, entries).into_iter().flatten().fold(check, Check::detail)
}

/// The layers at the top, which no entry is left for: docker counts entries and layers from the bottom. For each what it is, and
/// which files are in it.
fn hidden(case: &Case, config: &Config, entries: usize) -> Vec<Vec<Said>> {
    let layers = config.diff_ids.iter().enumerate().skip(entries).take(SHOWN);
    layers
        .map(|(index, diff_id)| {
            let said =
                Said::new("history-layers.hidden-layer").with("index", index + 1).with("diff_id", short(&diff_id.to_string()));
            let at_hand = diff_id.known().and_then(|digest| case.by_diff_id(&crate::digest::DiffId(*digest)).first());
            let tar = at_hand.and_then(|id| case.item(*id).tar());
            let count = tar.map_or_else(|| "?".to_owned(), |tar| tar.count.to_string());
            std::iter::once(said.with("files", count)).chain(tar.and_then(|tar| files(index + 1, tar))).list()
        })
        .list()
}

/// The first files of a layer by name; directories say little.
fn files(layer: usize, tar: &TarFacts) -> Option<Said> {
    let all = tar.entries.iter().filter(|entry| entry.kind != EntryKind::Directory);
    let named: Vec<String> = all.clone().take(NAMED).map(|entry| visible(&entry.clean())).list();
    let more = all.count() - named.len();
    let said = match more {
        _ if named.is_empty() => return None,
        0 => Said::new("history-layers.hidden-files"),
        more => Said::new("history-layers.hidden-files-more").with("more", more),
    };
    Some(said.with("index", layer).with("files", named.join(", ")))
}
