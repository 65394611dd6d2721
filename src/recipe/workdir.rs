//! Where `WORKDIR` leads.

use super::Os;
use super::go;

/// The directory that a build begins in.
pub(crate) fn root(os: Os) -> &'static str {
    match os {
        Os::Unix => "/",
        Os::Windows => "C:\\",
    }
}

/// `path` as seen from `current`: an absolute path as written, a relative one joined and cleaned.
pub(crate) fn join(os: Os, current: &str, path: &str) -> String {
    match os {
        Os::Unix if path.starts_with('/') => path.to_owned(),
        Os::Unix => go::clean(&format!("{current}/{path}")),
        Os::Windows => join_windows(current, path),
    }
}

/// Cleaned, in any case.
pub(crate) fn clean(os: Os, path: &str) -> String {
    match os {
        Os::Unix => go::clean(path),
        Os::Windows => path.to_owned(),
    }
}

fn join_windows(current: &str, path: &str) -> String {
    let path = path.replace('/', "\\");
    let (drive, rest) = match path.as_bytes() {
        [letter, b':', ..] if letter.is_ascii_alphabetic() => (path[..1].to_uppercase(), path[2..].to_owned()),
        [b'\\', ..] => ("C".to_owned(), path),
        _ => (current.get(..1).unwrap_or("C").to_owned(), format!("{}\\{path}", current.get(2..).unwrap_or_default())),
    };
    let cleaned = go::clean(&format!("/{}", rest.replace('\\', "/"))).replace('/', "\\");
    format!("{drive}:{cleaned}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_directories_are_joined_and_cleaned() {
        assert_eq!(join(Os::Unix, "/app/sub", "../x"), "/app/x");
        assert_eq!(join(Os::Unix, "/", "sub/"), "/sub");
        assert_eq!(join(Os::Unix, "/app", "/trail/"), "/trail/");
        assert_eq!(join(Os::Windows, "C:\\", "c:\\gopath"), "C:\\gopath");
        assert_eq!(join(Os::Windows, "C:\\app", "bin/x"), "C:\\app\\bin\\x");
    }
}
