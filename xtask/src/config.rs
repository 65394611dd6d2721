//! `wasm-pack.toml`: what the build makes and how large it may be.

use crate::tools::{Outcome, Trouble, read, root};
use toml::de::{DeTable, DeValue};

/// The build's configuration.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Config {
    /// Cargo profile of every module.
    pub(crate) profile: String,
    /// CPU features that every module may use.
    pub(crate) target_features: Vec<String>,
    /// The modules, the main one first.
    pub(crate) modules: Vec<Module>,
    /// Artefacts to make: `site`, `single`, `npm`.
    pub(crate) artefacts: Vec<String>,
    /// Budget in bytes, compressed by brotli, of all that a visit without signatures loads.
    pub(crate) visit_budget: i64,
    /// What a visit is meant to cost.
    pub(crate) visit_goal: i64,
}

/// One WebAssembly module.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Module {
    /// What the page calls it.
    pub(crate) name: String,
    /// The crate that it is made from.
    pub(crate) package: String,
    /// Features of that crate; its default features are off.
    pub(crate) features: Vec<String>,
    /// Budget in bytes, compressed by brotli: the build fails above it.
    pub(crate) budget: i64,
    /// The size that it is meant to have, in the same bytes; above it the build says so.
    pub(crate) goal: i64,
    /// Budget of all its parts that are loaded when they are called.
    pub(crate) parts_budget: i64,
    /// Whether it waits until it is needed: it does not count for a visit, and the single file carries it last.
    pub(crate) on_demand: bool,
}

const FILE: &str = "wasm-pack.toml";

/// Reads the file in the checkout.
pub(crate) fn load() -> Outcome<Config> {
    let bytes = read(&root().join(FILE))?;
    parse(&String::from_utf8_lossy(&bytes)).map_err(|why| Trouble::new(format!("{FILE}: {why}")))
}

fn parse(text: &str) -> Result<Config, String> {
    let document = DeTable::parse(text).map_err(|why| why.to_string())?;
    let document = document.get_ref();
    let (cargo, page) = (table(document, "cargo")?, table(document, "page")?);
    let modules = array(document, "module")?.iter().map(|value| module(value.get_ref())).collect::<Result<Vec<_>, _>>()?;
    if modules.is_empty() {
        return Err("no [[module]]".into());
    }
    Ok(Config {
        profile: string(cargo, "profile")?,
        target_features: strings(cargo, "target-features")?,
        modules,
        artefacts: strings(page, "artefacts")?,
        visit_budget: bytes(page, "visit-budget")?,
        visit_goal: bytes(page, "visit-goal")?,
    })
}

fn module(value: &DeValue) -> Result<Module, String> {
    let table = value.as_table().ok_or("[[module]] is no table")?;
    Ok(Module {
        name: string(table, "name")?,
        package: string(table, "package")?,
        features: strings(table, "features")?,
        budget: bytes(table, "budget")?,
        goal: bytes(table, "goal")?,
        parts_budget: bytes(table, "parts-budget")?,
        on_demand: table.get("on-demand").and_then(|value| value.get_ref().as_bool()).unwrap_or(false),
    })
}

fn value<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Result<&'t DeValue<'i>, String> {
    table.get(key).map(|value| value.get_ref()).ok_or_else(|| format!("“{key}” is missing"))
}

fn table<'t, 'i>(parent: &'t DeTable<'i>, key: &str) -> Result<&'t DeTable<'i>, String> {
    value(parent, key)?.as_table().ok_or_else(|| format!("“{key}” is no table"))
}

fn array<'t, 'i>(parent: &'t DeTable<'i>, key: &str) -> Result<&'t toml::de::DeArray<'i>, String> {
    value(parent, key)?.as_array().ok_or_else(|| format!("“{key}” is no list"))
}

fn string(parent: &DeTable, key: &str) -> Result<String, String> {
    value(parent, key)?.as_str().map(str::to_string).ok_or_else(|| format!("“{key}” is no text"))
}

fn strings(parent: &DeTable, key: &str) -> Result<Vec<String>, String> {
    let each = |value: &toml::Spanned<DeValue>| value.get_ref().as_str().map(str::to_string);
    array(parent, key)?.iter().map(each).collect::<Option<_>>().ok_or_else(|| format!("“{key}” holds something else than texts"))
}

fn bytes(parent: &DeTable, key: &str) -> Result<i64, String> {
    let number = value(parent, key)?.as_integer().ok_or_else(|| format!("“{key}” is no number"))?;
    i64::from_str_radix(number.as_str(), number.radix()).map_err(|why| format!("“{key}”: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_configuration_is_read() {
        let config = load().unwrap();
        assert_eq!(config.modules[0].name, "layerproof");
        assert!(config.modules[0].goal <= 250_000 && config.visit_goal <= 350_000, "the promised sizes");
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(parse("[cargo]\nprofile = 'page'\n[page]\n").unwrap_err(), "“module” is missing");
        assert!(parse("[[module]]\nname = 3").unwrap_err().contains("cargo"));
        assert!(parse("=").is_err());
    }
}
