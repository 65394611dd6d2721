//! Check `platform`: the platform that an index claims for an image against the one that the image's config claims.

use super::edges::{end, print_bytes, references};
use super::{Check, Kind, Verdict};
use crate::case::Case;
use crate::finding::Said;
use crate::oci::{Config, Content};
use crate::order::Gather;

/// One check for each entry of an index that claims a platform and whose manifest is at hand.
pub(super) fn run(case: &Case) -> Vec<Check> {
    references(case)
        .into_iter()
        .filter_map(|reference| {
            let claimed = reference.descriptor.platform.as_ref().filter(|platform| !platform.is_unknown())?;
            let manifest = reference.target?;
            let Content::Manifest(view) = &case.item(manifest).document()?.content else { return None };
            let from = end(case, reference.holder);
            let config = case.resolve(case.outermost(manifest), view.config.as_ref()?);
            let Some((id, config)) = config.and_then(|id| Some((id, config_of(case, id)?))) else {
                let said = Said::new("platform.no-config").with("claimed", claimed);
                return Some(Check::new(Kind::Platform, Verdict::Unknown, from, said).to(end(case, manifest)));
            };
            let (verdict, code) = match claimed.agrees_with(&config.platform) {
                true => (Verdict::Agrees, "platform.equal"),
                false => (Verdict::Contradicted, "platform.differs"),
            };
            let said = Said::new(code).with("claimed", claimed).with("found", &config.platform);
            let check = Check::new(Kind::Platform, verdict, from, said).to(end(case, id));
            Some(check.repeat(format!("{} | jq -c '[.os, .architecture, .variant]'", print_bytes(case, id))))
        })
        .list()
}

fn config_of(case: &Case, id: crate::case::ItemId) -> Option<&Config> {
    match &case.item(id).document()?.content {
        Content::Config(config) => Some(config),
        _ => None,
    }
}
