use super::{BaseImage, Expected, Family, Layer, Os, Program, RECIPES, Recipe, Recorded, StageChoice, Text, Values};
use crate::dockerfile::{BuildArguments, Dockerfile};
use crate::order::Gather;

/// The history that one builder would write for a Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The builder.
    pub recipe: &'static Recipe,
    /// Other versions that write the same for this file.
    pub same: Vec<&'static Recipe>,
    /// The image whose entries come first; `None` for scratch.
    pub base: Option<String>,
    /// One line for each step, oldest first.
    pub lines: Vec<ExplainedLine>,
}

/// What becomes of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedLine {
    /// Index of the instruction in the file.
    pub instruction: usize,
    /// It is run as an ONBUILD trigger.
    pub trigger: bool,
    /// The text of the history entry, with `file:<hash>` where a hash of content stands; `None` if nothing is recorded.
    pub created_by: Option<String>,
    /// Whether the entry is always there.
    pub recorded: Recorded,
    /// Whether a layer belongs to it.
    pub layer: Layer,
    /// What of the instruction is not recorded.
    pub blind: Vec<crate::finding::Said>,
}

/// The history that each builder would write; builders that write the same stand together. Empty if there is no such stage or
/// its FROM cannot be expanded.
pub fn explain(file: &Dockerfile, target: Option<&str>, arguments: &BuildArguments) -> Vec<Explained> {
    let globals = file.globals(arguments).unwrap_or_default();
    let choice = target.map_or(StageChoice::Last, StageChoice::Target);
    let Ok(Some(program)) = Program::of(file, choice, &globals) else { return Vec::new() };
    let windows = arguments.target_platform.as_deref().is_some_and(|platform| platform.starts_with("windows"));
    let values = Values { given: arguments, open: &[], os: if windows { Os::Windows } else { Os::Unix } };
    let base = match &program.base {
        BaseImage::Scratch => None,
        BaseImage::Image(name) => Some(name.clone()),
    };
    let mut explained: Vec<Explained> = Vec::new();
    for recipe in RECIPES {
        let lines = lines(&program, &recipe.write(&program, &super::Base::default(), &values));
        match explained.iter_mut().find(|known| known.recipe.family == recipe.family && known.lines == lines) {
            Some(known) => known.same.push(recipe),
            None => explained.push(Explained { recipe, same: Vec::new(), base: base.clone(), lines }),
        }
    }
    explained
}

fn lines(program: &Program<'_>, expected: &[Expected]) -> Vec<ExplainedLine> {
    let line = |(step, expected): (&super::Step<'_>, &Expected)| ExplainedLine {
        instruction: step.index,
        trigger: step.origin != super::StepOrigin::Own,
        created_by: expected.texts.first().map(shown),
        recorded: expected.recorded,
        layer: expected.layer,
        blind: expected.blind.clone(),
    };
    program.steps.iter().zip(expected).map(line).list()
}

fn shown(text: &Text) -> String {
    let hash = match &text.hole {
        Some((sources, _)) if sources.address.is_some() => "<hash>",
        Some((sources, _)) if sources.file => "file:<hash>",
        Some((sources, _)) if sources.multi => "multi:<hash>",
        _ => "dir:<hash>",
    };
    text.filled(hash)
}

impl Explained {
    /// The builders in words, newest versions first.
    pub fn builders(&self) -> Vec<&'static str> {
        std::iter::once(self.recipe).chain(self.same.iter().copied()).map(|recipe| recipe.versions).list()
    }

    /// The program that writes this history.
    pub fn family(&self) -> Family {
        self.recipe.family
    }
}
