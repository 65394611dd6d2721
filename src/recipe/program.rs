use crate::dockerfile::{self, Command, Dockerfile, ExpandError, Globals, Instruction, Stage};

/// The instructions that a target stage runs, oldest first, and the image it begins with.
#[derive(Debug, Clone)]
pub struct Program<'a> {
    /// The file.
    pub file: &'a Dockerfile,
    /// The target stage.
    pub stage: &'a Stage,
    /// The image that the oldest stage begins with.
    pub base: BaseImage,
    /// The steps of all stages in between, the target's last.
    pub steps: Vec<Step<'a>>,
}

/// What the oldest stage begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaseImage {
    /// Nothing: no history entry comes before the first step.
    Scratch,
    /// An image by name, variables expanded; its history entries come first.
    Image(String),
}

/// One instruction that is run.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// Its index in the file; for a trigger, the index of its ONBUILD.
    pub index: usize,
    /// The instruction; for a trigger, the one behind ONBUILD.
    pub instruction: &'a Instruction,
    /// Why it is run.
    pub origin: StepOrigin,
    /// Number of the stage that runs it.
    pub stage: usize,
}

/// Why a step is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepOrigin {
    /// It stands in a stage of the file.
    Own,
    /// The stage begins with one that has this ONBUILD.
    Trigger,
    /// The base image has this ONBUILD.
    BaseTrigger,
}

/// Which stage to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageChoice<'a> {
    /// The last one, which a build without `--target` makes.
    Last,
    /// The one that `--target` names, by name or number.
    Target(&'a str),
    /// The one with this number.
    Number(usize),
}

impl StageChoice<'_> {
    fn of<'f>(&self, file: &'f Dockerfile) -> Option<&'f Stage> {
        match self {
            Self::Last => file.stages.last(),
            Self::Target(name) => file.target(name),
            Self::Number(number) => file.stages.get(*number),
        }
    }
}

impl<'a> Program<'a> {
    /// Follows the file up to the chosen stage; `None` if there is no such stage.
    ///
    /// # Errors
    /// A FROM line whose image cannot be expanded.
    pub fn of(file: &'a Dockerfile, choice: StageChoice<'_>, globals: &Globals) -> Result<Option<Self>, ExpandError> {
        let Some(stage) = choice.of(file) else { return Ok(None) };
        let chain = file.chain(stage, globals)?;
        let base = match chain.base {
            dockerfile::Base::Image(name) => BaseImage::Image(name),
            dockerfile::Base::Scratch | dockerfile::Base::Stage(_) => BaseImage::Scratch,
        };
        Ok(Some(Self { file, stage, base, steps: steps(file, &chain.stages) }))
    }

    /// The chosen stage alone, on the image as written: for a FROM line whose image nobody knows.
    pub fn unresolved(file: &'a Dockerfile, choice: StageChoice<'_>) -> Option<Self> {
        let stage = choice.of(file)?;
        let base = BaseImage::Image(stage.image.clone());
        Some(Self { file, stage, base, steps: steps(file, &[stage.index]) })
    }

    /// How reports name the target stage: its name, or its number.
    pub fn stage_label(&self) -> String {
        self.stage.name.clone().unwrap_or_else(|| self.stage.index.to_string())
    }
}

fn steps<'a>(file: &'a Dockerfile, stages: &[usize]) -> Vec<Step<'a>> {
    let mut steps: Vec<Step<'a>> = Vec::new();
    let mut triggers: Vec<Step<'a>> = Vec::new();
    for number in stages {
        let Some(stage) = file.stages.get(*number) else { continue };
        steps.extend(triggers.drain(..).map(|step| Step { stage: *number, ..step }));
        for (index, instruction) in file.stage_instructions(stage) {
            steps.push(Step { index, instruction, origin: StepOrigin::Own, stage: *number });
            if let Command::Onbuild(trigger) = &instruction.command {
                triggers.push(Step { index, instruction: &trigger.instruction, origin: StepOrigin::Trigger, stage: *number });
            }
        }
    }
    steps
}
