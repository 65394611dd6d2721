use crate::order::Map;
use std::ops::Range;

use super::{Command, Dockerfile, Environment, ExpandError, Instruction, Lexer, Origin, Variable};

/// A build stage: a FROM and the instructions up to the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its number, from 0.
    pub index: usize,
    /// Index of its FROM among the instructions.
    pub from: usize,
    /// Indexes of its own instructions, without the FROM.
    pub instructions: Range<usize>,
    /// The name behind `AS`, in lower case: that is how stages are looked up.
    pub name: Option<String>,
    /// The image as written; see [`Dockerfile::base`] for what it means.
    pub image: String,
    /// `--platform` as written.
    pub platform: Option<String>,
}

/// What a stage begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// `scratch`: nothing.
    Scratch,
    /// An earlier stage of the same file.
    Stage(usize),
    /// An image, variables expanded.
    Image(String),
}

/// A target stage with the stages that it inherits from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// What the oldest stage begins with; never [`Base::Stage`].
    pub base: Base,
    /// Numbers of the stages, oldest first; the last one is the target.
    pub stages: Vec<usize>,
}

/// What `COPY --from` and `RUN --mount=from=` point at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CopyFrom {
    /// A stage of this file.
    Stage(usize),
    /// A number that no stage of this file has.
    NoSuchStage(u64),
    /// An image or a named build context.
    Image(String),
}

impl Dockerfile {
    /// The stage that `--target` would choose: by name in any case, else by number. The last of several with one name.
    pub fn target(&self, name_or_number: &str) -> Option<&Stage> {
        let named = self.named(name_or_number).last().copied();
        self.stages.get(named.or_else(|| name_or_number.parse().ok())?)
    }

    /// The instructions of a stage, each with its index in [`Dockerfile::instructions`].
    pub fn stage_instructions(&self, stage: &Stage) -> impl Iterator<Item = (usize, &Instruction)> {
        let range = stage.instructions.clone();
        range.clone().zip(self.instructions.get(range).unwrap_or_default())
    }

    /// Values of the ARGs before the first FROM, over the automatic platform arguments; a build argument wins over the default.
    ///
    /// # Errors
    /// A default that cannot be expanded, with the index of its instruction.
    pub fn globals(&self, arguments: &BuildArguments) -> Result<Globals, (usize, ExpandError)> {
        let mut globals = Globals::platform(arguments);
        let first = self.stages.first().map_or(self.instructions.len(), |stage| stage.from);
        for (index, instruction) in self.instructions[..first].iter().enumerate() {
            let Command::Arg(list) = &instruction.command else { continue };
            for argument in list {
                let default = argument.default.as_deref();
                let value = match (arguments.values.get(&argument.name), default) {
                    (Some(given), _) => Some((given.clone(), Origin::BuildArgument(index))),
                    (None, None) => None,
                    (None, Some(default)) => {
                        let value = Lexer::new(self.escape).word(default, &globals).map_err(|error| (index, error))?;
                        Some((value.text, Origin::Global(index)))
                    }
                };
                if let Some(value) = value {
                    globals.values.insert(argument.name.clone(), value);
                }
            }
        }
        Ok(globals)
    }

    /// What a stage begins with.
    ///
    /// # Errors
    /// The image name cannot be expanded, or it expands to nothing (`dockerfile.empty-base`).
    pub fn base(&self, stage: &Stage, globals: &dyn Environment) -> Result<Base, ExpandError> {
        let image = Lexer::new(self.escape).word(&stage.image, globals)?.text;
        if image.is_empty() {
            return Err(ExpandError::new("dockerfile.empty-base").with("image", &stage.image));
        }
        match self.named_before(&image, stage.index) {
            Some(earlier) => Ok(Base::Stage(earlier)),
            None if image == "scratch" => Ok(Base::Scratch),
            None => Ok(Base::Image(image)),
        }
    }

    /// A stage with all stages that it inherits from.
    ///
    /// # Errors
    /// As [`Dockerfile::base`], for any of the stages.
    pub fn chain(&self, target: &Stage, globals: &dyn Environment) -> Result<Chain, ExpandError> {
        let mut stages = vec![target.index];
        let mut base = self.base(target, globals)?;
        // A base is always an earlier stage, so the numbers fall and the loop ends.
        while let Base::Stage(index) = base {
            stages.push(index);
            base = self.base(&self.stages[index], globals)?;
        }
        stages.reverse();
        Ok(Chain { base, stages })
    }

    /// Numbers of the stages with this name in any case, ascending.
    fn named(&self, name: &str) -> &[usize] {
        self.names.get(&name.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// The last stage with this name before the stage with this number.
    fn named_before(&self, name: &str, before: usize) -> Option<usize> {
        let numbers = self.named(name);
        let earlier = numbers.partition_point(|number| *number < before);
        numbers[..earlier].last().copied()
    }

    /// What `--from=text` of an instruction in `stage` points at. Variables are not expanded there.
    pub fn copy_from(&self, stage: &Stage, text: &str) -> CopyFrom {
        if let Ok(number) = text.parse::<u64>() {
            let known = usize::try_from(number).ok().filter(|number| *number < self.stages.len());
            return known.map_or(CopyFrom::NoSuchStage(number), CopyFrom::Stage);
        }
        // BuildKit also finds stages that come later, as long as no circle arises.
        let later = || self.named(text).last().copied();
        match self.named_before(text, stage.index).or_else(later) {
            Some(index) => CopyFrom::Stage(index),
            None => CopyFrom::Image(text.to_owned()),
        }
    }
}

/// What the person says about the build: `--build-arg` and the platforms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildArguments {
    /// Values of `--build-arg`.
    pub values: Map<String, String>,
    /// Platform of the image, for example `linux/arm64/v8`; sets `TARGETPLATFORM` and its parts when known.
    pub target_platform: Option<String>,
    /// Platform of the machine that builds; sets `BUILDPLATFORM` and its parts when known.
    pub build_platform: Option<String>,
    /// The name of the target stage; sets `TARGETSTAGE` when known.
    pub target_stage: Option<String>,
}

/// The variables that FROM lines see, and that an ARG without a default takes over into its stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Globals {
    values: Map<String, (String, Origin)>,
}

impl Globals {
    /// Only the automatic arguments, as far as they are known.
    pub fn platform(arguments: &BuildArguments) -> Self {
        let mut values = Map::new();
        let mut set = |name: String, value: &str| {
            let value = arguments.values.get(&name).map_or(value, String::as_str).to_owned();
            values.insert(name, (value, Origin::Platform));
        };
        for (prefix, platform) in [("BUILD", &arguments.build_platform), ("TARGET", &arguments.target_platform)] {
            let Some(platform) = platform else { continue };
            let mut parts = platform.splitn(3, '/');
            set(format!("{prefix}PLATFORM"), platform);
            for part in ["OS", "ARCH", "VARIANT"] {
                set(format!("{prefix}{part}"), parts.next().unwrap_or_default());
            }
            set(format!("{prefix}OSVERSION"), "");
        }
        if let Some(stage) = &arguments.target_stage {
            set("TARGETSTAGE".to_owned(), stage);
        }
        Self { values }
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, Origin)> {
        self.values.iter().map(|(name, (value, origin))| (name.as_str(), value.as_str(), *origin))
    }
}

impl Environment for Globals {
    fn variable(&self, name: &str) -> Option<Variable<'_>> {
        self.values.get(name).map(|(value, origin)| Variable { value, origin: *origin })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, Nothing, parse};
    use super::*;

    fn read(text: &str) -> Dockerfile {
        parse(text.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
    }

    const STAGES: &str =
        "ARG TAG=1\nFROM base:$TAG AS One\nRUN a\nFROM scratch AS two\nFROM one\nCOPY --from=two x /\nFROM 2 AS three\n";

    #[test]
    fn targets_are_found_by_name_in_any_case_and_by_number() {
        let file = read(STAGES);
        let index = |name: &str| file.target(name).map(|stage| stage.index);
        assert_eq!(
            [index("ONE"), index("three"), index("2"), index("4"), index("four")],
            [Some(0), Some(3), Some(2), None, None]
        );
    }

    #[test]
    fn stages_inherit_by_name_only() {
        let file = read(STAGES);
        let globals = file.globals(&BuildArguments::default()).unwrap_or_else(|(_, error)| panic!("{}", error.code));
        let chain = |index: usize| file.chain(&file.stages[index], &globals);
        assert_eq!(chain(2), Ok(Chain { base: Base::Image("base:1".to_owned()), stages: vec![0, 2] }));
        assert_eq!(chain(1), Ok(Chain { base: Base::Scratch, stages: vec![1] }));
        assert_eq!(chain(3), Ok(Chain { base: Base::Image("2".to_owned()), stages: vec![3] }));
    }

    #[test]
    fn copies_come_from_stages_or_images() {
        let file = read(STAGES);
        let from = |text: &str| file.copy_from(&file.stages[2], text);
        assert_eq!([from("TWO"), from("0")], [CopyFrom::Stage(1), CopyFrom::Stage(0)]);
        assert_eq!([from("three"), from("9")], [CopyFrom::Stage(3), CopyFrom::NoSuchStage(9)]);
        assert_eq!(from("alpine:3"), CopyFrom::Image("alpine:3".to_owned()));
    }

    #[test]
    fn the_nearest_earlier_stage_of_a_name_is_the_base() {
        let file = read("FROM a AS x\nFROM x AS x\nFROM x\n");
        assert_eq!(file.chain(&file.stages[2], &Nothing).map(|chain| chain.stages), Ok(vec![0, 1, 2]));
        assert_eq!(file.findings[0].code, "dockerfile.stage-name-repeated");
    }

    #[test]
    fn build_arguments_and_platforms_reach_from() {
        let file = read("ARG TAG=${TARGETARCH}-x\nARG REPO\nFROM $REPO:$TAG\n");
        let mut given = BuildArguments { target_platform: Some("linux/arm/v7".to_owned()), ..BuildArguments::default() };
        given.values.insert("REPO".to_owned(), "r".to_owned());
        let globals = file.globals(&given).unwrap_or_else(|(_, error)| panic!("{}", error.code));
        assert_eq!(file.base(&file.stages[0], &globals), Ok(Base::Image("r:arm-x".to_owned())));
        let variant = globals.variable("TARGETVARIANT").map(|variable| (variable.value, variable.origin));
        assert_eq!(variant, Some(("v7", Origin::Platform)));
        let empty = read("FROM $NONE\n");
        assert_eq!(empty.base(&empty.stages[0], &Nothing).map_err(|error| error.code), Err("dockerfile.empty-base"));
    }

    #[test]
    fn a_global_that_cannot_be_expanded_is_named() {
        let file = read("ARG A=1\nARG B=${A:?x}${C?y}\nFROM a\n");
        let error = file.globals(&BuildArguments::default()).map_err(|(index, error)| (index, error.code));
        assert_eq!(error, Err((1, "dockerfile.variable-required")));
    }
}
