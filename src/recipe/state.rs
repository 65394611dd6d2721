use crate::order::{Gather, Map};

use super::workdir;
use super::{Base, Family, Program, Step};
use crate::dockerfile::{BuildArguments, Environment, Expanded, Globals, Instruction, Lexer, Precedence, Scope, Variable};

/// Which rules for shells and paths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Os {
    /// Linux and other systems with slashes.
    #[default]
    Unix,
    /// Windows.
    Windows,
}

/// Docker's PATH for an image that sets none (moby, `DefaultPathEnv`).
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const DEFAULT_PATH_WINDOWS: &str = "c:\\Windows\\System32;c:\\Windows";

/// Everything that is said about one build beside the file and its base image.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a> {
    /// Build arguments and platforms.
    pub given: &'a BuildArguments,
    /// Arguments of which nobody knows whether and with what value they were passed: their values become marks (see
    /// [`Values::mark`]) that a matcher can look up in a recorded text.
    pub open: &'a [String],
    /// Shell and path rules.
    pub os: Os,
}

/// First of the characters that stand for unknown values: private use, so no real text contains them. A matcher refuses to use
/// marks on texts that do.
const FIRST_MARK: u32 = 0xf_0000;
/// How many arguments can be open at once.
const MARKS: usize = 256;
/// Stands for the number of build arguments where it depends on unknown values (buildah counts words).
pub(crate) const COUNT_MARK: char = '\u{f_ffff}';

impl Values<'_> {
    /// The mark of the open argument with this position.
    pub fn mark(position: usize) -> Option<char> {
        (position < MARKS).then(|| char::from_u32(FIRST_MARK + position as u32)).flatten()
    }

    /// The position of the open argument whose mark this is.
    pub fn marked(letter: char) -> Option<usize> {
        let position = u32::from(letter).checked_sub(FIRST_MARK)? as usize;
        (position < MARKS).then_some(position)
    }

    /// Whether this character stands for the number of build arguments.
    pub fn is_count(letter: char) -> bool {
        letter == COUNT_MARK
    }

    /// Whether a text contains a mark.
    pub fn has_marks(text: &str) -> bool {
        // Marks are in plane 15, whose characters begin with this byte in UTF-8.
        text.as_bytes().contains(&0xf3) && text.chars().any(|letter| Self::marked(letter).is_some() || letter == COUNT_MARK)
    }

    /// The build arguments with a mark for each open one.
    fn with_marks(&self) -> BuildArguments {
        let mut given = self.given.clone();
        for (position, name) in self.open.iter().enumerate() {
            if let Some(mark) = Self::mark(position) {
                given.values.insert(name.clone(), mark.to_string());
            }
        }
        given
    }
}

/// What a build knows when it comes to a step.
#[derive(Debug, Clone)]
pub(crate) struct State<'a> {
    pub(crate) shell: Vec<String>,
    pub(crate) workdir: String,
    pub(crate) os: Os,
    /// Names of ARG in the order of their lines, repeated ones repeated.
    pub(crate) declared: Vec<String>,
    pub(crate) scope: Scope,
    family: Family,
    stage: usize,
    index: usize,
    lexer: Lexer,
    globals: Globals,
    given: BuildArguments,
    /// Names of ARG that words looked up since the step was entered.
    used: Vec<String>,
    file: &'a crate::dockerfile::Dockerfile,
}

impl<'a> State<'a> {
    pub(crate) fn new(family: Family, program: &Program<'a>, base: &Base, values: &Values<'_>) -> Self {
        let (precedence, file) = (precedence(family), program.file);
        let given = values.with_marks();
        let mut env: Map<&str, &str> = base.env.iter().map(|(name, value)| (name.as_str(), value.as_str())).gather();
        env.entry("PATH").or_insert(if values.os == Os::Windows { DEFAULT_PATH_WINDOWS } else { DEFAULT_PATH });
        let shell = base.shell.clone().unwrap_or_else(|| default_shell(values.os));
        Self {
            shell,
            workdir: base.workdir.clone().unwrap_or_else(|| workdir::root(values.os).to_owned()),
            os: values.os,
            declared: Vec::new(),
            scope: Scope::new(file.escape, precedence, env),
            family,
            stage: program.steps.first().map_or(0, |step| step.stage),
            index: 0,
            lexer: Lexer::new(file.escape),
            globals: file.globals(&given).unwrap_or_default(),
            given,
            used: Vec::new(),
            file,
        }
    }

    /// Comes to a step.
    pub(crate) fn enter(&mut self, step: &Step<'_>) {
        if step.stage != self.stage {
            self.stage = step.stage;
            self.scope = self.scope.inherit();
            if self.family != Family::BuildKit {
                self.declared.clear();
            }
        }
        self.index = step.index;
        self.used.clear();
    }

    /// The value of a word; one that no builder can expand stands as written.
    pub(crate) fn expand(&mut self, word: &str) -> Expanded {
        let expanded = self.lexer.word(word, &self.scope);
        let expanded =
            expanded.unwrap_or_else(|_| Expanded { text: word.to_owned(), words: vec![word.to_owned()], uses: vec![] });
        for name in expanded.uses.iter().map(|found| &found.name) {
            self.note(name.clone());
        }
        expanded
    }

    /// The value of a word, as a text.
    pub(crate) fn text(&mut self, word: &str) -> String {
        self.expand(word).text
    }

    /// The values of several words, joined by blanks.
    pub(crate) fn texts(&mut self, words: &[String]) -> Vec<String> {
        words.iter().map(|word| self.text(word)).list()
    }

    fn note(&mut self, name: String) {
        let is_argument = self.scope.arguments().iter().any(|declared| declared.name == name) && !self.scope.is_env(&name);
        if is_argument && !self.used.contains(&name) {
            self.used.push(name);
        }
    }

    /// The ARGs declared so far and their values, in order of their first declaration. All of them count as looked up.
    pub(crate) fn arguments(&mut self) -> Vec<(String, Option<String>)> {
        let value = |declared: &crate::dockerfile::Declared| match self.scope.is_env(&declared.name) {
            true => self.scope.variable(&declared.name).map(|variable| variable.value.to_owned()),
            false => declared.value.as_ref().map(|(value, _)| value.clone()),
        };
        let pairs: Vec<(String, Option<String>)> =
            self.scope.arguments().iter().map(|declared| (declared.name.clone(), value(declared))).list();
        self.used.extend(pairs.iter().map(|(name, _)| name.clone()));
        pairs
    }

    /// The shell, joined.
    pub(crate) fn shell_text(&self) -> String {
        self.shell.join(" ")
    }

    /// Lets an instruction act: ENV and ARG on the variables.
    pub(crate) fn apply(&mut self, instruction: &Instruction) {
        if let crate::dockerfile::Command::Arg(list) = &instruction.command {
            self.declared.extend(list.iter().map(|argument| argument.name.clone()));
        }
        // A line that no builder can expand changes nothing.
        let _ = self.scope.apply(self.index, instruction, &self.globals, &self.given);
    }

    /// Takes the names of the arguments that were looked up since the step was entered.
    pub(crate) fn used(&mut self) -> Vec<String> {
        std::mem::take(&mut self.used)
    }

    /// Whether `--from` of the current step names a stage of the file.
    pub(crate) fn is_stage(&self, from: &str) -> bool {
        let stage = self.file.stages.get(self.stage);
        stage.is_some_and(|stage| matches!(self.file.copy_from(stage, from), crate::dockerfile::CopyFrom::Stage(_)))
    }
}

fn precedence(family: Family) -> Precedence {
    match family {
        Family::BuildKit => Precedence::LaterWins,
        Family::Classic | Family::Buildah | Family::Kaniko => Precedence::EnvWins,
    }
}

fn default_shell(os: Os) -> Vec<String> {
    let words: &[&str] = match os {
        Os::Unix => &["/bin/sh", "-c"],
        Os::Windows => &["cmd", "/S", "/C"],
    };
    words.iter().map(|word| (*word).to_owned()).list()
}

/// The variables of a base image by name.
impl Environment for Base {
    fn variable(&self, name: &str) -> Option<Variable<'_>> {
        let found = self.env.iter().find(|(known, _)| known == name)?;
        Some(Variable { value: &found.1, origin: crate::dockerfile::Origin::Base })
    }
}
