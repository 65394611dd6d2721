//! What each builder writes into the history for a Dockerfile, by version.
//!
//! A [`Recipe`] is one builder and the versions of it that write alike. Given a [`Program`] (the instructions that a target
//! stage runs, its base included by name) and [`Values`] (build arguments), [`Recipe::write`] yields for every step the text,
//! whether a layer belongs to it, and what of the instruction the builder does *not* record. The same is used forwards:
//! [`explain()`] is the history that each builder would write.
//!
//! Two parts of a text cannot be known from a Dockerfile: the hash of copied content (a hole, see [`Text`]) and build arguments
//! that somebody passed (see [`Values::open`]).

pub mod add_hash;
mod base;
mod buildah;
pub mod buildah_hash;
mod buildkit;
mod classic;
mod explain;
mod glob;
mod go;
pub(crate) mod go_tar;
mod program;
mod state;
mod table;
mod text;
mod workdir;

use crate::order::Gather;
pub use base::{Base, Shape, read_base, shape};
pub use explain::{Explained, ExplainedLine, explain};
pub use glob::Glob;
pub use program::{BaseImage, Program, StageChoice, Step, StepOrigin};
pub use state::{Os, Values};
pub use table::RECIPES;
pub use text::{Expected, Layer, Recorded, Source, Sources, Tail, Text};

pub(crate) use classic::{command, health_test, port_range};
pub(crate) use state::State;
pub(crate) use workdir::join as join_workdir;

/// A builder's way of writing. See [`Recipe::family`] for which builder, [`Recipe::versions`] for which versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    /// Stable name, for example `buildkit-0.25`.
    pub id: &'static str,
    /// Which program.
    pub family: Family,
    /// Which versions of it, in words: "BuildKit 0.25 to 0.29 (Docker 28.5 to 29.6)".
    pub versions: &'static str,
    rules: Rules,
}

/// Programs that build Dockerfiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// The builder inside dockerd.
    Classic,
    /// BuildKit's Dockerfile front end.
    BuildKit,
    /// buildah and `podman build`.
    Buildah,
    /// kaniko.
    Kaniko,
}

impl Family {
    /// The name reports use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::BuildKit => "buildkit",
            Self::Buildah => "buildah",
            Self::Kaniko => "kaniko",
        }
    }
}

/// A line that no builder known here can read: what it would have left is not known.
pub(crate) fn unreadable(instruction: &crate::dockerfile::Instruction) -> Expected {
    let keyword = instruction.original.split_whitespace().next().unwrap_or_default();
    let shown = crate::finding::visible(keyword.as_bytes());
    let said = crate::finding::Said::new("recipe.unreadable").with("keyword", shown);
    Expected { recorded: Recorded::Never, blind: vec![said], ..Expected::default() }
}

/// What differs between versions of one builder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rules {
    Classic(classic::Rules),
    BuildKit(buildkit::Rules),
    Buildah(buildah::Rules),
    Kaniko,
}

impl Recipe {
    /// Whether the classic builder of a docker release, by its first two numbers, writes like this.
    pub fn is_of_docker(&self, release: (u16, u16)) -> bool {
        table::CLASSIC_SINCE.iter().rfind(|(since, _)| *since <= release).is_some_and(|(_, id)| *id == self.id)
    }

    /// What this builder writes for every step of `program`, in the order of its steps.
    pub fn write(&self, program: &Program<'_>, base: &Base, values: &Values<'_>) -> Vec<Expected> {
        let mut state = State::new(self.family, program, base, values);
        program.steps.iter().map(|step| self.step(&mut state, step)).list()
    }

    /// Writes one step and lets it act on the state, in the order in which the builders do both.
    fn step(&self, state: &mut State<'_>, step: &Step<'_>) -> Expected {
        state.enter(step);
        match self.rules {
            Rules::Classic(rules) => classic::write(&rules, state, step.instruction),
            Rules::BuildKit(rules) => buildkit::write(&rules, state, step.instruction),
            Rules::Buildah(rules) => buildah::write(&rules, state, step.instruction),
            Rules::Kaniko => buildah::write_kaniko(state, step.instruction),
        }
    }
}
