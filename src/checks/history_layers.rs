//! Check `history-layers`: a config's history against its layers. A layer without an entry is one that `docker history` never
//! shows, though it is part of the image.

use super::edges::{end, is_first_copy, print_bytes, short};
use super::{Check, End, Kind, Role, Verdict};
use crate::case::{Case, ItemId};
use crate::finding::Said;
use crate::oci::{Config, Content};

/// Hidden layers that are named one by one.
const SHOWN: usize = 50;

/// One check for each image config.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let configs = case.documents().filter_map(|(id, document)| match &document.content {
        Content::Config(config) if !config.platform.is_unknown() && is_first_copy(case, id) => Some((id, &**config)),
        _ => None,
    });
    configs.map(|(id, config)| compare(case, id, config)).collect()
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
    let to = End::new(Role::History, "history").item(id);
    let jq = "jq '(.rootfs.diff_ids | length), ([.history[] | select(.empty_layer != true)] | length)'";
    let check = Check::new(Kind::HistoryLayers, verdict, from, said).to(to).repeat(format!("{} | {jq}", print_bytes(case, id)));
    hidden(case, config, entries).into_iter().fold(check, Check::detail)
}

/// The layers at the top, which no entry is left for: docker counts entries and layers from the bottom.
fn hidden(case: &Case, config: &Config, entries: usize) -> Vec<Said> {
    let layers = config.diff_ids.iter().enumerate().skip(entries).take(SHOWN);
    layers
        .map(|(index, diff_id)| {
            let said =
                Said::new("history-layers.hidden-layer").with("index", index + 1).with("diff_id", short(&diff_id.to_string()));
            let at_hand = diff_id.known().and_then(|digest| case.by_diff_id(&crate::digest::DiffId(*digest)).first());
            let files = at_hand.and_then(|id| case.item(*id).tar()).map(|tar| tar.count.to_string());
            said.with("files", files.unwrap_or_else(|| "?".to_owned()))
        })
        .collect()
}
