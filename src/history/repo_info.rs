//! Records of docker-library/repo-info: Markdown with one image per platform.

/// What the record prints for a text that a builder wrote. `shell` is the image's own shell.
///
/// The rules of the record's maker: `RUN ` and the shell in front are left out; build arguments become a comment line before;
/// `#(nop)` and the blanks after it are left out; what then does not start with a word in capitals gets `RUN ` in front.
pub(super) fn shorten(text: &str, shell: Option<&str>) -> String {
    let text = text.strip_prefix("RUN ").unwrap_or(text);
    let shells: Vec<String> = std::iter::once("/bin/sh -c").chain(shell).map(|shell| format!("{shell} ")).collect();
    let (prefix, text) = match split_arguments(text, &shells) {
        Some((arguments, rest)) => (format!("# ARGS: {arguments}\n"), rest),
        None if text.starts_with('|') => return format!("# unable to parse image command string further:\n{text}"),
        None => (String::new(), text),
    };
    let text = shells.iter().find_map(|shell| text.strip_prefix(shell.as_str())).unwrap_or(text);
    if let Some(rest) = text.strip_prefix("#(nop) ") {
        return format!("{prefix}{}", rest.trim_start_matches(' '));
    }
    let run = if starts_with_capitals(text) { "" } else { "RUN " };
    format!("{prefix}{run}{text}")
}

/// `|2 A=1 B=2 /bin/sh -c text` as (`A=1 B=2`, `/bin/sh -c text`): the shell that comes first ends the arguments.
fn split_arguments<'a>(text: &'a str, shells: &[String]) -> Option<(&'a str, &'a str)> {
    let after_bar = text.strip_prefix('|')?;
    let digits = after_bar.bytes().take_while(u8::is_ascii_digit).count();
    let rest = after_bar[digits..].strip_prefix(' ').filter(|_| digits > 0)?;
    let ends = shells.iter().filter_map(|shell| rest.find(&format!(" {shell}")));
    let end = ends.min()?;
    Some((&rest[..end], &rest[end + 1..]))
}

/// Whether the text starts like an instruction: capitals, then a blank.
fn starts_with_capitals(text: &str) -> bool {
    let capitals = text.bytes().take_while(u8::is_ascii_uppercase).count();
    capitals > 0 && text.as_bytes().get(capitals) == Some(&b' ')
}
