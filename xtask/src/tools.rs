//! Programs that the build calls, how they are found, and what to say when one is missing.

use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What a step gives, or the sentence that says why not and which one command helps.
pub(crate) type Outcome<T = ()> = Result<T, Trouble>;

/// Why a step could not be done.
#[derive(Debug)]
pub(crate) struct Trouble {
    what: String,
    advice: Option<String>,
}

impl Trouble {
    pub(crate) fn new(what: impl Into<String>) -> Trouble {
        Trouble { what: what.into(), advice: None }
    }

    /// Adds the one command to run.
    pub(crate) fn advice(self, command: impl Into<String>) -> Trouble {
        Trouble { advice: Some(command.into()), ..self }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.what)?;
        self.advice.as_ref().map_or(Ok(()), |command| write!(f, "\n  run: {command}"))
    }
}

/// The checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf()
}

/// Where cargo puts what it builds.
pub(crate) fn target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// Says what comes next.
pub(crate) fn say(what: impl fmt::Display) {
    println!("==> {what}");
}

/// `cargo`, in the checkout.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs to the end; anything but success is trouble.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.stdin(Stdio::null()).status().map_err(|why| cannot_start(command, &why))?;
    if status.success() { Ok(()) } else { Err(Trouble::new(format!("{} ended with {status}", words(command)))) }
}

/// Standard output of a command that succeeds.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().map_err(|why| cannot_start(command, &why))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_string())
    } else {
        Err(Trouble::new(format!("{} ended with {}", words(command), output.status)))
    }
}

pub(crate) fn cannot_start(command: &Command, why: &std::io::Error) -> Trouble {
    Trouble::new(format!("{} cannot be started: {why}", command.get_program().to_string_lossy()))
}

/// The command as a person would type it.
pub(crate) fn words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let all = std::iter::once(program).chain(command.get_args());
    all.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Whether a program is on the PATH.
pub(crate) fn on_path(name: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

/// `node`, new enough for the bundler and the browser tests.
pub(crate) fn node() -> Outcome<Command> {
    let missing = |what: String| Trouble::new(what).advice("apt-get install nodejs npm   (version 20 or newer)");
    let version = Command::new("node").arg("--version").output().map_err(|_| missing("node is not installed".into()))?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_string();
    match major(&version) {
        Some(major) if major >= 20 => {
            let mut command = Command::new("node");
            if major < 22 {
                command.args(["--experimental-websocket", "--no-warnings"]);
            }
            command.current_dir(root());
            Ok(command)
        }
        _ => Err(missing(format!("node 20 or newer is needed; this is {version}"))),
    }
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Puts the packages that package-lock.json names below `www/`, once for each content of that file.
pub(crate) fn node_packages() -> Outcome {
    let www = root().join("www");
    let (lock, stamp) = (www.join("package-lock.json"), www.join("node_modules/.layerproof-lock"));
    let wanted = read(&lock)?;
    if fs::read(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    say("npm: the packages that www/package-lock.json names");
    run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&www))
        .map_err(|trouble| trouble.advice("(cd www && npm ci)"))?;
    fs::write(&stamp, wanted).map_err(|why| Trouble::new(format!("{}: {why}", stamp.display())))
}

/// Adds the WebAssembly target to the toolchain in use when it is not there.
pub(crate) fn wasm_target() -> Outcome {
    const TARGET: &str = "wasm32-unknown-unknown";
    let there = || -> Outcome<bool> {
        let folder = output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).current_dir(root()))?;
        Ok(fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()))
    };
    if there()? {
        return Ok(());
    }
    say(format!("rustup: the target {TARGET}"));
    run(Command::new("rustup").args(["target", "add", TARGET]).current_dir(root()))
        .map_err(|_| Trouble::new(format!("the target {TARGET} cannot be added")).advice(format!("rustup target add {TARGET}")))
}

pub(crate) fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|why| Trouble::new(format!("{}: {why}", path.display())))
}

/// A JSON string.
pub(crate) fn json_string(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' => out += &format!("\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_node_has_a_major_number() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("20"), None);
    }

    #[test]
    fn json_strings_are_escaped() {
        assert_eq!(json_string("a\"b\\c\n"), r#""a\"b\\c\u000a""#);
    }

    #[test]
    fn trouble_names_the_command_that_helps() {
        assert_eq!(
            Trouble::new("no node").advice("apt-get install nodejs").to_string(),
            "no node\n  run: apt-get install nodejs"
        );
    }
}
