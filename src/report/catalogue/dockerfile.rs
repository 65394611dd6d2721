use super::Sentence;

/// What is said about Dockerfiles.
pub(super) const SENTENCES: &[Sentence] = &[
    Sentence {
        code: "dockerfile.too-large",
        text: "The Dockerfile is larger than the limit.",
        advice: "Dockerfiles are short texts. Check that this is the right file, or raise the limit for Dockerfiles.",
    },
    Sentence {
        code: "dockerfile.line-too-long",
        text: "A line is longer than the limit.",
        advice: "BuildKit reads lines of at most 65,535 bytes. Split the line with continuation characters, or raise the limit.",
    },
    Sentence {
        code: "dockerfile.too-many-lines",
        text: "The Dockerfile has more lines than the limit.",
        advice: "Check that this is the right file, or raise the limit for lines.",
    },
    Sentence {
        code: "dockerfile.too-many-instructions",
        text: "The Dockerfile has more instructions than the limit.",
        advice: "Check that this is the right file, or raise the limit for instructions.",
    },
    Sentence {
        code: "dockerfile.more-findings",
        text: "Only the first {kept} of {count} {count:finding is|findings are} listed.",
        advice: "Check that this is the right file.",
    },
    Sentence {
        code: "dockerfile.utf16",
        text: "The file is UTF-16.",
        advice: "Builders read UTF-8. Save the file as UTF-8; this changes its digest.",
    },
    Sentence {
        code: "dockerfile.not-text",
        text: "The file holds binary data.",
        advice: "A Dockerfile is a text. Check that this is the right file.",
    },
    Sentence {
        code: "dockerfile.empty",
        text: "The file holds no instruction.",
        advice: "A Dockerfile begins with FROM, after comments, directives and ARG. Bring the whole file.",
    },
    Sentence {
        code: "dockerfile.no-from",
        text: "The file has no FROM, so it is no Dockerfile.",
        advice: "Every image begins with FROM, if only FROM scratch. Bring the whole file.",
    },
    Sentence {
        code: "dockerfile.not-utf8",
        text: "The line has bytes that are not UTF-8.",
        advice: "Builders carry such bytes along, and histories show the replacement character U+FFFD in their place. Compare what is shown with care.",
    },
    Sentence {
        code: "dockerfile.control-character",
        text: "The line holds the control character {character}.",
        advice: "It is part of what the builder runs, and editors may not show it. Look at the line escaped, as it is shown here.",
    },
    Sentence {
        code: "dockerfile.bidi-character",
        text: "The line holds {character}, a character that is invisible or changes the order in which text is shown.",
        advice: "The builder may read something else than you see. Look at the line escaped, as it is shown here.",
    },
    Sentence {
        code: "dockerfile.directive-repeated",
        text: "The parser directive “{name}” stands there twice.",
        advice: "BuildKit refuses the file. Keep one of the two lines.",
    },
    Sentence {
        code: "dockerfile.escape",
        text: "“{value}” cannot be the escape character.",
        advice: "Write # escape=\\ or # escape=` in the first lines.",
    },
    Sentence {
        code: "dockerfile.unknown-instruction",
        text: "“{keyword}” is not a Dockerfile instruction.",
        advice: "If the line continues the one before, that one needs \\ at its end. The other lines are read.",
    },
    Sentence {
        code: "dockerfile.unknown-instruction-near",
        text: "“{keyword}” is not a Dockerfile instruction. The nearest one is {near}.",
        advice: "Write {near} if that is meant. If the line continues the one before, that one needs \\ at its end.",
    },
    Sentence {
        code: "dockerfile.unknown-flag",
        text: "{keyword} has no flag --{flag}.",
        advice: "Remove it, or write -- before it if it belongs to the command.",
    },
    Sentence {
        code: "dockerfile.unknown-flag-near",
        text: "{keyword} has no flag --{flag}. The nearest one is --{near}.",
        advice: "Write --{near} if that is meant.",
    },
    Sentence {
        code: "dockerfile.flag-repeated",
        text: "The flag --{flag} stands there twice.",
        advice: "{keyword} takes it once. Keep one of the two.",
    },
    Sentence { code: "dockerfile.flag-value-missing", text: "The flag --{flag} has no value.", advice: "Write --{flag}=value." },
    Sentence {
        code: "dockerfile.flag-not-boolean",
        text: "“{value}” is no value for the switch --{flag}.",
        advice: "Write --{flag}, --{flag}=true or --{flag}=false.",
    },
    Sentence {
        code: "dockerfile.flag-value", text: "“{value}” is no value for --{flag}.", advice: "Possible are: {allowed}."
    },
    Sentence {
        code: "dockerfile.mount-quotes",
        text: "The quotes in --mount={value} do not fit together.",
        advice: "The value is a CSV line: a field that holds a comma stands whole between double quotes.",
    },
    Sentence {
        code: "dockerfile.mount-field",
        text: "“{field}” in --mount has no value.",
        advice: "Write key=value; only readonly, readwrite and required stand alone.",
    },
    Sentence {
        code: "dockerfile.mount-key",
        text: "--mount has no field “{key}”. The nearest one is {near}.",
        advice: "Write {near} if that is meant.",
    },
    Sentence {
        code: "dockerfile.from-expanded",
        text: "“{value}” is taken as it is written: variables are not replaced here.",
        advice: "from= names a stage or an image as it is written. Define a stage with FROM and a global ARG, and name that stage.",
    },
    Sentence {
        code: "dockerfile.json-not-strings",
        text: "The JSON array of {keyword} holds something other than strings.",
        advice: "Write each element as a string in double quotes.",
    },
    Sentence {
        code: "dockerfile.argument-missing",
        text: "{keyword} has no argument.",
        advice: "It needs at least one. Complete or remove the line.",
    },
    Sentence {
        code: "dockerfile.value-missing",
        text: "{keyword} names {name} without a value.",
        advice: "Write {keyword} {name}=value; an empty value is {name}=\"\".",
    },
    Sentence {
        code: "dockerfile.equals-missing",
        text: "“{word}” in {keyword} has no equals sign.",
        advice: "Once the first word is name=value, all are. Put values with blanks between quotes.",
    },
    Sentence {
        code: "dockerfile.name-blank",
        text: "{keyword} sets a value without a name.",
        advice: "Write a name before the equals sign.",
    },
    Sentence {
        code: "dockerfile.destination-missing",
        text: "{keyword} has no destination.",
        advice: "It needs at least one source and then the destination.",
    },
    Sentence {
        code: "dockerfile.destination-heredoc",
        text: "The destination of {keyword} is the heredoc {word}.",
        advice: "Heredocs are sources. Write the destination last.",
    },
    Sentence {
        code: "dockerfile.from-arguments",
        text: "“FROM {args}” has a wrong number of words.",
        advice: "Write FROM image or FROM image AS name.",
    },
    Sentence {
        code: "dockerfile.stage-name",
        text: "“{name}” cannot name a stage.",
        advice: "Stage names begin with a letter; letters, digits, - _ and . follow.",
    },
    Sentence {
        code: "dockerfile.stage-name-repeated",
        text: "The stage name {name} was given in line {line} already.",
        advice: "Later lines mean this stage. Give each stage its own name.",
    },
    Sentence {
        code: "dockerfile.no-such-stage",
        text: "There is no stage {number}; the file has {stages}, counted from 0.",
        advice: "Name the stage with AS and copy from the name.",
    },
    Sentence {
        code: "dockerfile.before-from",
        text: "{keyword} stands before the first FROM.",
        advice: "Only ARG, comments and directives may stand there. Move the line into a stage.",
    },
    Sentence {
        code: "dockerfile.empty-base",
        text: "Once its variables are replaced, the base image “{image}” has no name.",
        advice: "Give the ARG a default before the first FROM, or give the build argument here.",
    },
    Sentence {
        code: "dockerfile.port",
        text: "“{word}” is no port.",
        advice: "Write a number from 0 to 65535 or a range, and /tcp, /udp or /sctp behind it if needed.",
    },
    Sentence {
        code: "dockerfile.volume-blank",
        text: "VOLUME names an empty path.",
        advice: "Write the path inside the image, or remove the empty string.",
    },
    Sentence {
        code: "dockerfile.shell-not-json",
        text: "SHELL {args} is not a JSON array.",
        advice: "Write it as SHELL [\"/bin/sh\", \"-c\"].",
    },
    Sentence {
        code: "dockerfile.healthcheck-kind",
        text: "HEALTHCHECK {word} does not exist.",
        advice: "Write HEALTHCHECK CMD and a command, or HEALTHCHECK NONE.",
    },
    Sentence {
        code: "dockerfile.healthcheck-none-arguments",
        text: "HEALTHCHECK NONE takes no arguments, and “{args}” follows it.",
        advice: "Write CMD instead of NONE if the command is to run.",
    },
    Sentence {
        code: "dockerfile.healthcheck-command-missing",
        text: "HEALTHCHECK CMD has no command.",
        advice: "Write the command behind CMD.",
    },
    Sentence {
        code: "dockerfile.duration",
        text: "“{value}” is no length of time for --{flag}.",
        advice: "Write a number with a unit, such as 30s, 5m or 1h30m; at least 1ms, or 0.",
    },
    Sentence {
        code: "dockerfile.retries",
        text: "“{value}” is no number for --{flag}.",
        advice: "Write a whole number that is not negative.",
    },
    Sentence {
        code: "dockerfile.onbuild-forbidden",
        text: "ONBUILD {keyword} is not allowed.",
        advice: "A trigger is any instruction but FROM, MAINTAINER and ONBUILD.",
    },
    Sentence {
        code: "dockerfile.heredoc-without-end",
        text: "The heredoc {name} has no end.",
        advice: "Write a line that holds {name} and nothing else. Until then the rest of the file is its body.",
    },
    Sentence {
        code: "dockerfile.blank-in-continuation",
        text: "A blank line stands inside a continued instruction.",
        advice: "It is dropped today; BuildKit announces that it becomes an error.",
    },
    Sentence {
        code: "dockerfile.continued-at-end",
        text: "The last line ends with a continuation character.",
        advice: "Builders accept it and drop the character. Remove it, or bring the whole file.",
    },
    Sentence {
        code: "dockerfile.quote-without-end",
        text: "A {quote} has no partner.",
        advice: "Close the quote, or write the escape character before it.",
    },
    Sentence {
        code: "dockerfile.expansion-needs-brace",
        text: "A variable that begins with ${ has no closing brace.",
        advice: "Write } behind it, or the escape character before the dollar sign.",
    },
    Sentence {
        code: "dockerfile.expansion-needs-slash",
        text: "A replacement ${name/pattern/text} lacks its second slash.",
        advice: "Write it whole; an empty text is ${name/pattern/}.",
    },
    Sentence {
        code: "dockerfile.expansion-needs-name",
        text: "No variable name stands behind ${.",
        advice: "Write a name, or the escape character before the dollar sign.",
    },
    Sentence {
        code: "dockerfile.expansion-operator",
        text: "“{operator}” is no operator for a variable.",
        advice: "There are :- - :+ + :? ? # ## % %% / and //.",
    },
    Sentence {
        code: "dockerfile.expansion-pattern",
        text: "“{pattern}” is no pattern.",
        advice: "Behind \\ there can be only *, ?, \\, / or }.",
    },
    Sentence {
        code: "dockerfile.expansion-too-deep",
        text: "Variables stand inside variables more than 64 deep.",
        advice: "Builders have no such limit, but no real Dockerfile does this. The variables of this line are not replaced here.",
    },
    Sentence {
        code: "dockerfile.expansion-too-long",
        text: "Replacing the variables of this word needs more text or more work than is allowed.",
        advice: "Builders have no such limit, but no real Dockerfile does this. The variables of this line are not replaced here.",
    },
    Sentence {
        code: "dockerfile.variable-required",
        text: "The variable {name} has to be set: {message}",
        advice: "Give the build argument {name}.",
    },
];
