use std::collections::BTreeMap;

use super::{BuildArguments, Command, Environment, ExpandError, Globals, Instruction, Lexer, Origin, Variable};

/// Which of ENV and ARG wins when both set one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precedence {
    /// The later line wins: BuildKit.
    LaterWins,
    /// ENV wins always: the classic builder, buildah, kaniko.
    EnvWins,
}

/// The variables of a stage at one instruction. [`Scope::apply`] moves behind the instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    escape: char,
    precedence: Precedence,
    env: BTreeMap<String, (String, Origin)>,
    arguments: Vec<Declared>,
    /// Index of each argument by name.
    index: BTreeMap<String, usize>,
}

/// An ARG of the stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// Its value; `None` when neither a build argument, a default nor a global ARG gives one.
    pub value: Option<(String, Origin)>,
    /// Whether the line that declared it last came after the last ENV of the same name.
    newest: bool,
}

impl Scope {
    /// The beginning of a stage on a base image with these ENV entries.
    pub fn new<'a>(escape: char, precedence: Precedence, base_env: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let env = base_env.into_iter().map(|(name, value)| (name.to_owned(), (value.to_owned(), Origin::Base))).collect();
        Self { escape, precedence, env, arguments: Vec::new(), index: BTreeMap::new() }
    }

    /// The beginning of a stage that inherits from this one: ENV stays, ARG too in BuildKit only.
    pub fn inherit(&self) -> Self {
        let mut scope = self.clone();
        if self.precedence == Precedence::EnvWins {
            scope.arguments.clear();
            scope.index.clear();
        }
        scope
    }

    /// The ARGs declared so far, in order of their first declaration.
    pub fn arguments(&self) -> &[Declared] {
        &self.arguments
    }

    /// The ENV entries, by name.
    pub fn env(&self) -> impl Iterator<Item = (&str, &str, Origin)> {
        self.env.iter().map(|(name, (value, origin))| (name.as_str(), value.as_str(), *origin))
    }

    /// Whether ENV (the base image's or a line's) sets this name.
    pub fn is_env(&self, name: &str) -> bool {
        self.env.contains_key(name)
    }

    /// Sets a variable as ENV does.
    pub fn set(&mut self, name: &str, value: &str, origin: Origin) {
        self.env.insert(name.to_owned(), (value.to_owned(), origin));
        if let Some(index) = self.index.get(name) {
            self.arguments[*index].newest = false;
        }
    }

    /// Declares an argument as ARG does.
    pub fn declare(&mut self, name: &str, value: Option<(String, Origin)>) {
        let newest = value.is_some();
        match self.index.get(name) {
            Some(index) => {
                let declared = &mut self.arguments[*index];
                declared.value = value.or_else(|| declared.value.take());
                declared.newest |= newest;
            }
            None => {
                self.index.insert(name.to_owned(), self.arguments.len());
                self.arguments.push(Declared { name: name.to_owned(), value, newest });
            }
        }
    }

    /// Moves behind the instruction with this index: ENV and ARG change the variables, nothing else does.
    ///
    /// # Errors
    /// A word that cannot be expanded; the variables are then as before.
    pub fn apply(
        &mut self,
        index: usize,
        instruction: &Instruction,
        globals: &Globals,
        given: &BuildArguments,
    ) -> Result<(), ExpandError> {
        let lexer = Lexer::new(self.escape);
        match &instruction.command {
            Command::Env(pairs) => {
                let expand = |word: &str| lexer.word(word, self).map(|expanded| expanded.text);
                let pairs = pairs.pairs.iter().map(|(name, value)| Ok((expand(name)?, expand(value)?)));
                let pairs: Vec<(String, String)> = pairs.collect::<Result<_, ExpandError>>()?;
                pairs.iter().for_each(|(name, value)| self.set(name, value, Origin::Env(index)));
            }
            Command::Arg(list) => {
                for argument in list {
                    let value = match (given.values.get(&argument.name), &argument.default) {
                        (Some(value), _) => Some((value.clone(), Origin::BuildArgument(index))),
                        (None, Some(default)) => Some((lexer.word(default, self)?.text, Origin::Default(index))),
                        (None, None) => globals.variable(&argument.name).map(|global| (global.value.to_owned(), global.origin)),
                    };
                    self.declare(&argument.name, value);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

impl Environment for Scope {
    fn variable(&self, name: &str) -> Option<Variable<'_>> {
        let declared = self.index.get(name).map(|index| &self.arguments[*index]);
        let argument = declared.and_then(|declared| declared.value.as_ref().map(|value| (value, declared.newest)));
        let (value, origin) = match (self.env.get(name), argument) {
            (None, None) => return None,
            (None, Some((argument, _))) => argument,
            (Some(_), Some((argument, true))) if self.precedence == Precedence::LaterWins => argument,
            (Some(env), _) => env,
        };
        Some(Variable { value, origin: *origin })
    }
}
