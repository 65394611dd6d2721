use crate::order::Map;
use std::borrow::Cow;

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
    env: Map<String, (String, Origin)>,
    arguments: Vec<Declared>,
    /// Index of each argument by name.
    index: Map<String, usize>,
    ignores_case: bool,
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
        Self { escape, precedence, env, arguments: Vec::new(), index: Map::new(), ignores_case: false }
    }

    /// The same with names in any case: builders that run on Windows read `$path` and `$PATH` as one variable.
    pub fn ignoring_case(mut self) -> Self {
        self.ignores_case = true;
        self.env = std::mem::take(&mut self.env).into_iter().map(|(name, value)| (name.to_uppercase(), value)).collect();
        self
    }

    /// The form of a name under which it is found.
    fn key<'a>(&self, name: &'a str) -> Cow<'a, str> {
        if self.ignores_case { Cow::Owned(name.to_uppercase()) } else { Cow::Borrowed(name) }
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
        self.env.contains_key(&*self.key(name))
    }

    /// Sets a variable as ENV does.
    pub fn set(&mut self, name: &str, value: &str, origin: Origin) {
        let key = self.key(name).into_owned();
        if let Some(index) = self.index.get(&key) {
            self.arguments[*index].newest = false;
        }
        self.env.insert(key, (value.to_owned(), origin));
    }

    /// Declares an argument as ARG does.
    pub fn declare(&mut self, name: &str, value: Option<(String, Origin)>) {
        let newest = value.is_some();
        let key = self.key(name).into_owned();
        match self.index.get(&key) {
            Some(index) => {
                let declared = &mut self.arguments[*index];
                declared.value = value.or_else(|| declared.value.take());
                declared.newest |= newest;
            }
            None => {
                self.index.insert(key, self.arguments.len());
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
        let key = self.key(name);
        let declared = self.index.get(&*key).map(|index| &self.arguments[*index]);
        let argument = declared.and_then(|declared| declared.value.as_ref().map(|value| (value, declared.newest)));
        let (value, origin) = match (self.env.get(&*key), argument) {
            (None, None) => return None,
            (None, Some((argument, _))) => argument,
            (Some(_), Some((argument, true))) if self.precedence == Precedence::LaterWins => argument,
            (Some(env), _) => env,
        };
        Some(Variable { value, origin: *origin })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Dockerfile, Limits, parse};
    use super::*;

    fn read(text: &str) -> Dockerfile {
        parse(text.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The scope behind the whole first stage.
    fn behind(file: &Dockerfile, precedence: Precedence, given: &BuildArguments) -> Scope {
        let globals = file.globals(given).unwrap_or_else(|(_, error)| panic!("{}", error.code));
        let mut scope = Scope::new(file.escape, precedence, [("PATH", "/bin"), ("X", "base")]);
        for (index, instruction) in file.stage_instructions(&file.stages[0]) {
            assert_eq!(scope.apply(index, instruction, &globals, given), Ok(()));
        }
        scope
    }

    fn given(name: &str, value: &str) -> BuildArguments {
        BuildArguments { values: [(name.to_owned(), value.to_owned())].into(), ..BuildArguments::default() }
    }

    fn shown(scope: &Scope, name: &str) -> Option<(String, Origin)> {
        scope.variable(name).map(|variable| (variable.value.to_owned(), variable.origin))
    }

    #[test]
    fn a_line_sees_the_values_from_before_it() {
        let file = read("FROM a\nENV A=1 B=$A PATH=/x:$PATH\nENV C=${A}2\n");
        let scope = behind(&file, Precedence::LaterWins, &BuildArguments::default());
        assert_eq!(shown(&scope, "B"), Some((String::new(), Origin::Env(1))));
        assert_eq!(shown(&scope, "PATH"), Some(("/x:/bin".to_owned(), Origin::Env(1))));
        assert_eq!(shown(&scope, "C"), Some(("12".to_owned(), Origin::Env(2))));
        assert_eq!(shown(&scope, "D"), None);
    }

    #[test]
    fn arguments_come_from_the_person_the_default_or_the_global_scope() {
        let file = read("ARG G=g\nARG H\nFROM a\nARG G\nARG H\nARG D=${G}d E\nARG P=p\n");
        let scope = behind(&file, Precedence::LaterWins, &given("P", "$given"));
        assert_eq!(shown(&scope, "G"), Some(("g".to_owned(), Origin::Global(0))));
        assert_eq!(shown(&scope, "H"), None);
        assert_eq!(shown(&scope, "D"), Some(("gd".to_owned(), Origin::Default(5))));
        assert_eq!(shown(&scope, "P"), Some(("$given".to_owned(), Origin::BuildArgument(6))));
        let names: Vec<_> = scope.arguments().iter().map(|declared| declared.name.as_str()).collect();
        assert_eq!(names, ["G", "H", "D", "E", "P"]);
    }

    #[test]
    fn builders_differ_when_env_and_arg_set_one_name() {
        let file = read("FROM a\nARG X=arg\nARG Y=early\nENV Y=env\n");
        let none = BuildArguments::default();
        for (precedence, x) in [(Precedence::LaterWins, "arg"), (Precedence::EnvWins, "base")] {
            let scope = behind(&file, precedence, &none);
            assert_eq!(shown(&scope, "X").map(|found| found.0).as_deref(), Some(x));
            assert_eq!(shown(&scope, "Y"), Some(("env".to_owned(), Origin::Env(3))));
            let inherited = scope.inherit();
            assert_eq!(inherited.arguments().is_empty(), precedence == Precedence::EnvWins);
            assert_eq!(shown(&inherited, "Y"), Some(("env".to_owned(), Origin::Env(3))));
        }
    }

    #[test]
    fn windows_reads_names_in_any_case() {
        let scope = Scope::new('`', Precedence::EnvWins, [("Path", "C:\\")]);
        assert_eq!(shown(&scope, "PATH"), None);
        assert_eq!(shown(&scope.ignoring_case(), "path"), Some(("C:\\".to_owned(), Origin::Base)));
    }
}
