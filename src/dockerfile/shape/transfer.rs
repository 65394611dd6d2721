use super::super::words::listed;
use super::super::{Keyword, Lexer, Nothing, Source, Transfer, heredoc};
use super::{Line, Refusal, flags};
use crate::order::Gather;

/// Reads the arguments of COPY and ADD.
pub(super) fn transfer(line: &Line, json: Option<&[String]>, refusals: &mut Vec<Refusal>) -> Result<Transfer, Refusal> {
    let words = json.map_or_else(|| listed(line.args), <[String]>::to_vec);
    let Some((destination, sources)) = words.split_last().filter(|(_, sources)| !sources.is_empty()) else {
        return Err(Refusal::new("dockerfile.destination-missing").with("keyword", line.keyword.name()));
    };
    if heredoc::of_word(destination).is_some() {
        let refusal = Refusal::new("dockerfile.destination-heredoc").with("keyword", line.keyword.name());
        return Err(refusal.with("word", destination));
    }
    let source = |word: &String| match heredoc::of_word(word) {
        Some(announced) => Source::Heredoc(announced.name),
        None => Source::Path(word.clone()),
    };
    let is_copy = line.keyword == Keyword::Copy;
    let from = if is_copy { flags::last(line.flags, "from").filter(|from| !from.is_empty()) } else { None };
    refusals.extend(from.as_deref().and_then(|from| check_from(line, from)));
    Ok(Transfer {
        sources: sources.iter().map(source).list(),
        destination: destination.clone(),
        from,
        chown: given(line, "chown"),
        chmod: given(line, "chmod"),
        link: flags::is_on(line.flags, "link").unwrap_or(false),
        parents: is_copy && flags::is_on(line.flags, "parents").unwrap_or(false),
        exclude: flags::all(line.flags, "exclude"),
        checksum: given(line, "checksum").filter(|_| !is_copy),
        keep_git_dir: flags::is_on(line.flags, "keep-git-dir").filter(|_| !is_copy),
        unpack: flags::is_on(line.flags, "unpack").filter(|_| !is_copy),
    })
}

/// The value of a flag for which no value and an empty one are the same.
fn given(line: &Line, name: &str) -> Option<String> {
    flags::last(line.flags, name).filter(|value| !value.is_empty())
}

/// `--from` names a stage or an image as it is: a word that expansion would change is refused.
fn check_from(line: &Line, from: &str) -> Option<Refusal> {
    let is_plain = Lexer::new(line.escape).word(from, &Nothing).is_ok_and(|expanded| expanded.text == from);
    let span = line.flags.iter().find(|flag| flag.name == "from")?.span;
    (!is_plain).then(|| Refusal::new("dockerfile.from-expanded").with("value", from).at(span))
}
