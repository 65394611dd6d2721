/// The instructions of the Dockerfile language. Upper and lower case are the same to every builder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
    /// Not an instruction; the word as written is in [`Instruction::keyword_text`](super::Instruction::keyword_text).
    Unknown,
}

/// Every instruction with its name, in alphabetical order.
const NAMES: [(Keyword, &str); 18] = [
    (Keyword::Add, "ADD"),
    (Keyword::Arg, "ARG"),
    (Keyword::Cmd, "CMD"),
    (Keyword::Copy, "COPY"),
    (Keyword::Entrypoint, "ENTRYPOINT"),
    (Keyword::Env, "ENV"),
    (Keyword::Expose, "EXPOSE"),
    (Keyword::From, "FROM"),
    (Keyword::Healthcheck, "HEALTHCHECK"),
    (Keyword::Label, "LABEL"),
    (Keyword::Maintainer, "MAINTAINER"),
    (Keyword::Onbuild, "ONBUILD"),
    (Keyword::Run, "RUN"),
    (Keyword::Shell, "SHELL"),
    (Keyword::Stopsignal, "STOPSIGNAL"),
    (Keyword::User, "USER"),
    (Keyword::Volume, "VOLUME"),
    (Keyword::Workdir, "WORKDIR"),
];

impl Keyword {
    /// Reads a keyword in any case; a word that is none becomes [`Keyword::Unknown`].
    pub fn of(word: &str) -> Self {
        NAMES.iter().find(|(_, name)| name.eq_ignore_ascii_case(word)).map_or(Keyword::Unknown, |(keyword, _)| *keyword)
    }

    /// Its name in capitals; `?` for [`Keyword::Unknown`].
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(keyword, _)| *keyword == self).map_or("?", |(_, name)| *name)
    }

    /// All names in capitals, in alphabetical order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(_, name)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_case_is_read() {
        assert_eq!(Keyword::of("hEaLthCheck"), Keyword::Healthcheck);
        assert_eq!(Keyword::of("RUNN"), Keyword::Unknown);
        for name in Keyword::names() {
            assert_eq!(Keyword::of(name).name(), name);
        }
    }
}
