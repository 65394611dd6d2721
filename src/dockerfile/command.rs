use super::{Duration, Instruction};

/// What an instruction asks for, typed. Words stand here as written (see [`expand`](super::expand) for their values).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// `FROM`: a new stage begins.
    From(From),
    /// `RUN`.
    Run(CommandLine),
    /// `COPY`.
    Copy(Transfer),
    /// `ADD`.
    Add(Transfer),
    /// `CMD`.
    Cmd(CommandLine),
    /// `ENTRYPOINT`.
    Entrypoint(CommandLine),
    /// `ENV`.
    Env(Pairs),
    /// `LABEL`.
    Label(Pairs),
    /// `EXPOSE`: ports and port ranges in the order in which they are written.
    Expose(Vec<String>),
    /// `VOLUME`.
    Volume(Vec<String>),
    /// `USER`.
    User(String),
    /// `WORKDIR`.
    Workdir(String),
    /// `ARG`: one or several arguments.
    Arg(Vec<Argument>),
    /// `STOPSIGNAL`.
    Stopsignal(String),
    /// `SHELL`: always a list.
    Shell(Vec<String>),
    /// `HEALTHCHECK`.
    Healthcheck(Healthcheck),
    /// `ONBUILD`.
    Onbuild(Trigger),
    /// `MAINTAINER`, deprecated but read.
    Maintainer(String),
    /// The line could not be read as what its keyword says; the file's problems say why.
    Unreadable,
}

/// The arguments of `FROM image [AS name]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct From {
    /// Image, stage name or `scratch`, as written.
    pub image: String,
    /// `--platform`.
    pub platform: Option<String>,
    /// The name behind `AS`, as written; stages are found by it in any case.
    pub alias: Option<String>,
}

/// A command in one of its two forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandLine {
    /// Shell form: this text goes to the shell. May be empty.
    Shell(String),
    /// Exec form: a JSON array. May be empty.
    Exec(Vec<String>),
}

/// The arguments of `COPY` and `ADD`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transfer {
    /// What is copied, in the order in which it is written.
    pub sources: Vec<Source>,
    /// Where to, as written.
    pub destination: String,
    /// `--from` (COPY): a stage by name or number, or an image.
    pub from: Option<String>,
    /// `--chown`.
    pub chown: Option<String>,
    /// `--chmod`.
    pub chmod: Option<String>,
    /// `--link`.
    pub link: bool,
    /// `--parents` (COPY).
    pub parents: bool,
    /// `--exclude`, each of them.
    pub exclude: Vec<String>,
    /// `--checksum` (ADD).
    pub checksum: Option<String>,
    /// `--keep-git-dir` (ADD), when it is written.
    pub keep_git_dir: Option<bool>,
    /// `--unpack` (ADD), when it is written.
    pub unpack: Option<bool>,
}

impl Transfer {
    /// The sources that are paths or addresses, without the heredocs.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().filter_map(|source| match source {
            Source::Path(path) => Some(path.as_str()),
            Source::Heredoc(_) => None,
        })
    }
}

/// One source of a [`Transfer`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A path, a pattern or an address, as written.
    Path(String),
    /// The heredoc with this name (see [`Instruction::heredocs`]).
    Heredoc(String),
}

/// The arguments of `ENV` and `LABEL`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Names and values, as written.
    pub pairs: Vec<(String, String)>,
    /// The old form `ENV NAME rest of the line`, which sets one name.
    pub legacy: bool,
}

/// One argument of `ARG`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// What stands behind `=`, as written.
    pub default: Option<String>,
}

/// The arguments of `HEALTHCHECK`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Healthcheck {
    /// `NONE`: no check, not even the base image's.
    Disabled,
    /// `CMD …`.
    Test {
        /// The command.
        command: CommandLine,
        /// `--interval`; zero when not written.
        interval: Duration,
        /// `--timeout`.
        timeout: Duration,
        /// `--start-period`.
        start_period: Duration,
        /// `--start-interval`.
        start_interval: Duration,
        /// `--retries`.
        retries: u32,
    },
}

/// The arguments of `ONBUILD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// The text behind `ONBUILD` as it is recorded in the image's config, heredoc bodies appended.
    pub text: String,
    /// The instruction that a child image runs.
    pub instruction: Box<Instruction>,
}
