use super::{Builder, Pin};

/// How a person gets what a pin names. Texts to copy; nothing here connects to anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fetch {
    /// Address of the pinned file itself, byte for byte, where the host has one.
    pub raw: Option<String>,
    /// Address of a page that shows the folder.
    pub page: Option<String>,
    /// Shell commands: the pinned folder as a tar, as the builder gets it; then the published index and image.
    pub commands: Vec<String>,
}

impl Fetch {
    /// What to fetch for one pin of `image:tag`.
    pub fn of(pin: &Pin, image: &str, tag: &str) -> Self {
        let (raw, page) = addresses(pin).map_or((None, None), |(raw, page)| (Some(raw), Some(page)));
        let mut commands = Vec::new();
        if is_plain(&pin.git_repo) && is_plain(&pin.git_commit) && is_plain(&pin.directory) {
            commands.push(git_commands(pin));
        }
        if is_plain(image) && is_plain(tag) {
            let reference = shell_quote(&format!("{image}:{tag}"));
            commands.push(raw_document(&reference, "index.json"));
            if let Some(platform) = pin.platform() {
                commands.push(format!("docker pull --platform {platform} {reference} && docker save {reference} > image.tar"));
            }
        }
        Self { raw, page, commands }
    }
}

/// A command that writes what a registry has for a reference, byte for byte, into a file; both are words of the shell.
pub fn raw_document(reference: &str, file: &str) -> String {
    format!("docker buildx imagetools inspect --raw {reference} > {file}")
}

/// bashbrew's own way: fetch one commit, take the folder as a tar.
fn git_commands(pin: &Pin) -> String {
    // Not every host gives out a commit by its name; a tag names the same commit and is always given out.
    let wanted =
        pin.git_fetch.as_deref().filter(|name| name.starts_with("refs/tags/") && is_plain(name)).unwrap_or(&pin.git_commit);
    let repo = shell_quote(&pin.git_repo.replacen("git://", "https://", 1));
    let tree = match pin.directory.as_str() {
        "." => pin.git_commit.clone(),
        folder => format!("{}:{folder}", pin.git_commit),
    };
    let out = if pin.builder == Builder::OciImport { "layout.tar" } else { "context.tar" };
    format!(
        "git init -q source && git -C source fetch -q --depth 1 {repo} {} && git -C source archive --format=tar {} > {out}",
        shell_quote(wanted),
        shell_quote(&tree)
    )
}

/// Address of the raw file and of a page, for hosts whose addresses are known.
fn addresses(pin: &Pin) -> Option<(String, String)> {
    let (commit, path) = (&pin.git_commit, pin.path());
    let address_like = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/+:@".contains(&byte));
    if !address_like(&path) || !address_like(commit) || !address_like(&pin.git_repo) {
        return None;
    }
    let repo = pin.git_repo.strip_suffix(".git").unwrap_or(&pin.git_repo).replacen("git://", "https://", 1);
    let folder = if pin.directory == "." { String::new() } else { format!("/{}", pin.directory) };
    if let Some(name) = repo.strip_prefix("https://github.com/") {
        let raw = format!("https://raw.githubusercontent.com/{name}/{commit}/{path}");
        return Some((raw, format!("{repo}/tree/{commit}{folder}")));
    }
    if repo.starts_with("https://git.launchpad.net/") {
        return Some((format!("{repo}/plain/{path}?id={commit}"), format!("{repo}/tree{folder}?id={commit}")));
    }
    if repo.starts_with("https://gitlab.") {
        return Some((format!("{repo}/-/raw/{commit}/{path}"), format!("{repo}/-/tree/{commit}{folder}")));
    }
    None
}

/// Printable ASCII only: nothing else belongs into a command that somebody copies.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('-') && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A word for a POSIX shell, quoted if it needs to be.
///
/// ```
/// assert_eq!(layerproof::official::shell_quote("a/b:1"), "a/b:1");
/// assert_eq!(layerproof::official::shell_quote("it's; rm"), r"'it'\''s; rm'");
/// ```
pub fn shell_quote(word: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._/:@%+=,".contains(&byte);
    if !word.is_empty() && word.bytes().all(safe) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(repo: &str, directory: &str) -> Pin {
        Pin {
            architecture: "arm64v8".into(),
            git_repo: repo.into(),
            git_fetch: Some("refs/tags/dist-1".into()),
            git_commit: "abc".into(),
            directory: directory.into(),
            file: "index.json".into(),
            builder: Builder::OciImport,
        }
    }

    #[test]
    fn addresses_of_known_hosts() {
        let fetch = Fetch::of(&pin("https://github.com/o/r.git", "a/oci"), "debian", "12");
        assert_eq!(fetch.raw.as_deref(), Some("https://raw.githubusercontent.com/o/r/abc/a/oci/index.json"));
        assert_eq!(fetch.page.as_deref(), Some("https://github.com/o/r/tree/abc/a/oci"));
        assert_eq!(
            fetch.commands[0],
            "git init -q source && git -C source fetch -q --depth 1 https://github.com/o/r.git refs/tags/dist-1 && \
             git -C source archive --format=tar abc:a/oci > layout.tar"
        );
        assert_eq!(fetch.commands[1], "docker buildx imagetools inspect --raw debian:12 > index.json");
        assert!(fetch.commands[2].starts_with("docker pull --platform linux/arm64/v8 debian:12"));
        let launchpad = Fetch::of(&pin("https://git.launchpad.net/x/+oci/y", "oci"), "ubuntu", "22.04");
        assert_eq!(launchpad.raw.as_deref(), Some("https://git.launchpad.net/x/+oci/y/plain/oci/index.json?id=abc"));
        assert_eq!(Fetch::of(&pin("https://example.org/r", "."), "a", "b").raw, None);
    }

    #[test]
    fn hostile_words_are_quoted_or_left_out() {
        let fetch = Fetch::of(&pin("https://github.com/o/r;reboot", "$(id)"), "x'y", "t");
        assert_eq!(fetch.raw, None);
        assert!(fetch.commands[0].contains("'https://github.com/o/r;reboot'") && fetch.commands[0].contains("'abc:$(id)'"));
        assert!(fetch.commands[1].contains(r"'x'\''y:t'"));
        assert!(Fetch::of(&pin("--upload-pack=x", "."), "-x", "t").commands.is_empty());
        assert!(Fetch::of(&pin("a\u{202e}b", "."), "a\nb", "t").commands.is_empty());
    }
}
