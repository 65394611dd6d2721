//! Digests that people copy: typed alone, or inside of what docker, buildx, a web page or a Dockerfile prints.
//!
//! Nothing here is evidence; a claim is a question ("which of these is it?") that the check `digest-claim` answers.

use crate::digest::{Algorithm, Digest};
use crate::finding::{At, visible};
use crate::order::Gather;

/// Bytes of a text that is read for claims.
const LARGEST: usize = 1 << 20;
/// Claims that are kept.
const MOST: usize = 1_000;
/// Hex digits below which a beginning of a digest says nothing.
const SHORTEST: usize = 7;

/// One digest that somebody copied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// What was copied of it.
    pub value: ClaimValue,
    /// The name before `@`, or the repository and tag beside it. Made safe to show.
    pub name: Option<String>,
    /// What the text around it says that it is.
    pub hint: Option<ClaimHint>,
    /// The platform that the text names for it.
    pub platform: Option<String>,
    /// Where in the text.
    pub at: At,
}

/// A digest, or what is left of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimValue {
    /// The whole digest.
    Digest(Digest),
    /// Only its beginning, and perhaps its end: `3b06811b2afd`, `sha256:3b06…5c6f`. Lower case hex digits.
    Part {
        /// First hex digits.
        start: String,
        /// Last hex digits, where they were shown.
        end: String,
    },
    /// Written like a digest but none: a wrong number of digits, or characters that only look like hex digits.
    Broken {
        /// What stood there, made safe to show.
        text: String,
    },
}

/// What the text around a digest calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimHint {
    /// `name@sha256:…`, RepoDigests, the DIGEST column, `Digest:` of a pull: what a registry serves under a name.
    RepoDigest,
    /// The base image of a Dockerfile.
    From,
    /// The IMAGE ID column, `Id`.
    ImageId,
    /// Called an index or a manifest list.
    Index,
    /// Called a manifest.
    Manifest,
    /// Called a config.
    Config,
    /// Called a layer.
    Layer,
    /// Called a diff_id.
    DiffId,
}

impl Claim {
    /// Whether a digest is the one that was copied, as far as it was.
    pub fn fits(&self, digest: &Digest) -> bool {
        match &self.value {
            ClaimValue::Digest(own) => own == digest,
            ClaimValue::Part { start, end } => {
                let hex = digest.hex();
                hex.starts_with(start) && hex.ends_with(end.as_str())
            }
            ClaimValue::Broken { .. } => false,
        }
    }

    /// How the claim is shown.
    pub fn label(&self) -> String {
        match &self.value {
            ClaimValue::Digest(digest) => digest.to_string(),
            ClaimValue::Part { start, end } => format!("{start}…{end}"),
            ClaimValue::Broken { text } => text.clone(),
        }
    }
}

/// All digests in a text, in the order of the text, each once. Empty if there are none.
///
/// ```
/// use layerproof::oci::{ClaimHint, parse_claims};
/// let claims = parse_claims(&format!("FROM debian@sha256:{}", "ab".repeat(32)));
/// assert_eq!((claims[0].name.as_deref(), claims[0].hint), (Some("debian"), Some(ClaimHint::From)));
/// ```
pub fn parse_claims(text: &str) -> Vec<Claim> {
    if text.len() > LARGEST {
        return Vec::new();
    }
    if let Some(digest) = alone(text) {
        let at = At::column(1, 1);
        return vec![Claim { value: ClaimValue::Digest(digest), name: None, hint: None, platform: None, at }];
    }
    let mut reader = Reader { single: text.split_whitespace().count() == 1, ..Reader::default() };
    for (number, line) in (1_u32..).zip(text.lines()) {
        reader.line(number, line);
    }
    reader.claims.truncate(MOST);
    reader.claims
}

/// A digest that is all there is in the text, perhaps with blanks in it or with an algorithm in upper case.
fn alone(text: &str) -> Option<Digest> {
    let chunks: Vec<&str> = text.split_whitespace().list();
    let joined = chunks.concat();
    if !is_one_digest(&chunks) {
        return None;
    }
    match joined.split_once(':') {
        Some((name, hex)) => Digest::from_hex(Algorithm::from_name(&name.to_ascii_lowercase())?, hex).ok(),
        None => {
            let algorithm = Algorithm::ALL.into_iter().find(|algorithm| algorithm.size_bytes() * 2 == joined.len())?;
            Digest::from_hex(algorithm, &joined).ok()
        }
    }
}

/// Whether chunks can be the groups of one digest: after the algorithm all of one length, and not long enough to be digests of
/// their own.
fn is_one_digest(chunks: &[&str]) -> bool {
    let hex: Vec<&str> =
        chunks.iter().map(|chunk| chunk.rsplit(':').next().unwrap_or(chunk)).filter(|hex| !hex.is_empty()).list();
    match hex.as_slice() {
        [] => false,
        [_] => true,
        [first, rest @ ..] => first.len() < 32 && rest.len() < 64 && rest.iter().all(|group| group.len() == first.len()),
    }
}

#[derive(Default)]
struct Reader {
    claims: Vec<Claim>,
    /// The text is one word.
    single: bool,
    /// Columns of `docker image ls`: where IMAGE ID begins, and that its rows begin with repository and tag.
    table: Option<Table>,
    /// `22.04: Pulling from library/ubuntu`.
    pulling: Option<String>,
}

#[derive(Clone, Copy)]
struct Table {
    image_id: usize,
    digest: Option<usize>,
    has_tag_column: bool,
}

impl Reader {
    fn line(&mut self, number: u32, line: &str) {
        if self.header(line) || self.surroundings(line) {
            return;
        }
        for (column, word) in words(line) {
            if let Some((value, name)) = read_word(word, self.single || self.is_image_id(column)) {
                self.claim(value, name, line, column, number);
            }
        }
    }

    /// The heading of `docker image ls`.
    fn header(&mut self, line: &str) -> bool {
        let image_id =
            line.find("IMAGE ID").or_else(|| line.starts_with("IMAGE ").then(|| line.find(" ID ")).flatten().map(|at| at + 1));
        let heading = image_id.filter(|_| line.starts_with("REPOSITORY") || line.starts_with("IMAGE "));
        if let Some(image_id) = heading {
            let digest = line.find("DIGEST");
            self.table = Some(Table { image_id, digest, has_tag_column: line.starts_with("REPOSITORY") });
        }
        heading.is_some()
    }

    /// Lines that say something about the claims around them.
    fn surroundings(&mut self, line: &str) -> bool {
        if let Some((tag, repository)) = line.split_once(": Pulling from ") {
            let repository = repository.trim().trim_start_matches("library/");
            self.pulling = Some(visible(format!("{repository}:{}", tag.trim()).as_bytes()));
            return true;
        }
        let platform = line.trim().strip_prefix("Platform:").map(str::trim);
        if let (Some(platform), Some(last)) = (platform, self.claims.last_mut()) {
            last.platform = Some(visible(platform.as_bytes()));
            return true;
        }
        let media_type = line.trim().strip_prefix("MediaType:").map(str::trim);
        if let (Some(media_type), Some(last)) = (media_type, self.claims.last_mut()) {
            last.hint =
                if super::MediaType::parse(media_type).is_index() { Some(ClaimHint::Index) } else { Some(ClaimHint::Manifest) };
            return true;
        }
        false
    }

    fn is_image_id(&self, column: usize) -> bool {
        self.table.is_some_and(|table| table.image_id == column)
    }

    fn claim(&mut self, value: ClaimValue, name: Option<String>, line: &str, column: usize, number: u32) {
        let hint = self.hint(name.is_some(), line, column);
        let name = name.or_else(|| self.name_beside(line));
        let column = u32::try_from(column + 1).unwrap_or(u32::MAX);
        let claim = Claim { value, name, hint, platform: None, at: At::column(number, column) };
        let known = |other: &Claim| other.value == claim.value && other.name == claim.name && other.hint == claim.hint;
        if self.claims.len() <= MOST && !self.claims.iter().any(known) {
            self.claims.push(claim);
        }
    }

    fn hint(&self, named: bool, line: &str, column: usize) -> Option<ClaimHint> {
        if line.trim_start().get(..5).is_some_and(|word| word.eq_ignore_ascii_case("from ")) {
            return Some(ClaimHint::From);
        }
        if named || self.table.is_some_and(|table| table.digest == Some(column)) {
            return Some(ClaimHint::RepoDigest);
        }
        if self.is_image_id(column) {
            return Some(ClaimHint::ImageId);
        }
        label_hint(&line[..column])
    }

    /// Repository and tag of a table row, or what is being pulled.
    fn name_beside(&self, line: &str) -> Option<String> {
        let Some(table) = self.table else { return self.pulling.clone() };
        let mut cells = line.split_whitespace();
        let repository = cells.next()?;
        let tag = if table.has_tag_column { cells.next().filter(|tag| *tag != "<none>") } else { None };
        let name = tag.map_or_else(|| repository.to_owned(), |tag| format!("{repository}:{tag}"));
        (repository != "<none>").then(|| visible(name.as_bytes()))
    }
}

/// What the words before a digest on its line call it; the nearest one counts.
fn label_hint(before: &str) -> Option<ClaimHint> {
    const LABELS: &[(&str, ClaimHint)] = &[
        ("index", ClaimHint::Index),
        ("list", ClaimHint::Index),
        ("manifest", ClaimHint::Manifest),
        ("config", ClaimHint::Config),
        ("image_id", ClaimHint::ImageId),
        ("image id", ClaimHint::ImageId),
        ("\"id\"", ClaimHint::ImageId),
        ("diff_id", ClaimHint::DiffId),
        ("diffid", ClaimHint::DiffId),
        ("layer", ClaimHint::Layer),
        ("digest:", ClaimHint::RepoDigest),
        ("digest ", ClaimHint::RepoDigest),
    ];
    let before = before.to_ascii_lowercase();
    let found = LABELS.iter().filter_map(|(label, hint)| Some((before.rfind(label)?, label.len(), *hint)));
    // `manifest_digest:` is a manifest: a word that names the kind wins over the word digest beside it.
    let kind_first = |hint: ClaimHint| usize::from(hint != ClaimHint::RepoDigest);
    found.max_by_key(|(at, length, hint)| (kind_first(*hint), *at, *length)).map(|(_, _, hint)| hint)
}

/// Words with their columns: what white space, quotes, brackets and commas separate.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let separates = |character: char| character.is_whitespace() || "\"'`“”„[](){}<>,;|".contains(character);
    line.split(separates).scan(0, move |at, word| {
        let start = *at;
        // Every separator that can follow is found again by its length in bytes.
        *at += word.len() + line[start + word.len()..].chars().next().map_or(0, char::len_utf8);
        Some((start, word))
    })
}

/// What a word holds of a digest, and the name before its `@`.
fn read_word(word: &str, short_is_enough: bool) -> Option<(ClaimValue, Option<String>)> {
    let (name, text) = match word.rsplit_once('@') {
        Some((name, text)) => (Some(visible(name.as_bytes())).filter(|name| !name.is_empty()), text),
        None => (None, word),
    };
    let text = text.strip_suffix(['.', ':', '!', '?']).filter(|cut| !cut.ends_with('.')).unwrap_or(text);
    let prefixed = Algorithm::ALL.into_iter().find_map(|algorithm| {
        let start = text.get(..algorithm.name().len())?;
        let rest = text[start.len()..].strip_prefix(':')?;
        start.eq_ignore_ascii_case(algorithm.name()).then_some((algorithm, rest))
    });
    let value = match prefixed {
        Some((algorithm, rest)) => prefixed_value(algorithm, rest, text)?,
        None => bare_value(text, short_is_enough)?,
    };
    Some((value, name))
}

fn prefixed_value(algorithm: Algorithm, rest: &str, whole: &str) -> Option<ClaimValue> {
    if let Ok(digest) = Digest::from_hex(algorithm, rest) {
        return Some(ClaimValue::Digest(digest));
    }
    if let Some(part) = part(rest) {
        return Some(part);
    }
    let short = rest.len() < algorithm.size_bytes() * 2 && rest.len() >= SHORTEST && is_hex(rest);
    if short {
        return Some(ClaimValue::Part { start: rest.to_ascii_lowercase(), end: String::new() });
    }
    let shown: String = visible(whole.as_bytes()).chars().take(200).collect();
    (!rest.is_empty() && rest.chars().count() >= SHORTEST).then_some(ClaimValue::Broken { text: shown })
}

fn bare_value(text: &str, short_is_enough: bool) -> Option<ClaimValue> {
    if is_hex(text) {
        let algorithm =
            [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512].into_iter().find(|a| a.size_bytes() * 2 == text.len());
        if let Some(digest) = algorithm.and_then(|algorithm| Digest::from_hex(algorithm, text).ok()) {
            return Some(ClaimValue::Digest(digest));
        }
        // Ten digits are a time, not the beginning of a digest.
        let has_letter = text.bytes().any(|byte| !byte.is_ascii_digit());
        let short = short_is_enough && (SHORTEST..64).contains(&text.len()) && (has_letter || text.len() == 12);
        return short.then(|| ClaimValue::Part { start: text.to_ascii_lowercase(), end: String::new() });
    }
    part(text).filter(|part| matches!(part, ClaimValue::Part { start, .. } if start.len() >= SHORTEST))
}

/// `3b06811b…5c6f`, with an ellipsis or dots.
fn part(text: &str) -> Option<ClaimValue> {
    let (start, end) = ["…", "...", ".."].into_iter().find_map(|gap| text.split_once(gap))?;
    let end = end.trim_start_matches('.');
    let usable = start.len() + end.len() >= 4 && start.len() <= 128 && is_hex(start) && (end.is_empty() || is_hex(end));
    usable.then(|| ClaimValue::Part { start: start.to_ascii_lowercase(), end: end.to_ascii_lowercase() })
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str = "3b06811b2afd352be909dd088a004166d665dc76d38b13eada33522a9d915c6f";
    const IMAGE: &str = "92947e844d1b996f5e199c8a36460610142e46a427f2767e0bfb0f0f85e35946";

    fn digest(hex: &str) -> ClaimValue {
        ClaimValue::Digest(Digest::from_hex(Algorithm::Sha256, hex).unwrap())
    }

    fn seen(text: &str) -> Vec<(ClaimValue, Option<String>, Option<ClaimHint>)> {
        parse_claims(text).into_iter().map(|claim| (claim.value, claim.name, claim.hint)).collect()
    }

    #[test]
    fn a_digest_alone_in_any_dress() {
        let grouped = INDEX.as_bytes().chunks(8).map(|c| std::str::from_utf8(c).unwrap()).collect::<Vec<_>>().join(" ");
        for text in [
            INDEX.to_owned(),
            format!("sha256:{INDEX}"),
            format!("  SHA256:{}\n", INDEX.to_uppercase()),
            format!("sha256: {grouped}"),
            grouped.clone(),
        ] {
            assert_eq!(seen(&text), [(digest(INDEX), None, None)], "{text}");
        }
    }

    #[test]
    fn what_is_cut_is_a_part() {
        let part = |start: &str, end: &str| ClaimValue::Part { start: start.into(), end: end.into() };
        for (text, wanted) in [
            ("3b06811b2afd", part("3b06811b2afd", "")),
            ("sha256:3b06811b2afd", part("3b06811b2afd", "")),
            ("sha256:3b06811b…", part("3b06811b", "")),
            ("sha256:3B06...5c6f", part("3b06", "5c6f")),
            ("see 3b06811b2afd… there", part("3b06811b2afd", "")),
        ] {
            assert_eq!(seen(text), [(wanted, None, None)], "{text}");
            assert!(parse_claims(text)[0].fits(&index_digest()));
        }
        assert!(!parse_claims("sha256:3b06…0000")[0].fits(&index_digest()));
    }

    fn index_digest() -> Digest {
        Digest::from_hex(Algorithm::Sha256, INDEX).unwrap()
    }

    #[test]
    fn what_only_looks_like_a_digest_is_broken() {
        let cyrillic = INDEX.replacen('a', "\u{430}", 1);
        for text in [format!("sha256:{cyrillic}"), format!("sha256:{INDEX}0")] {
            assert!(matches!(seen(&text)[..], [(ClaimValue::Broken { .. }, None, None)]), "{text}");
        }
        let almost = format!("{}  f", &INDEX[1..]);
        for text in ["1733097600", almost.as_str(), "sha256:", "hello", "deadbeef is a word", "", "12:30", "a@b"] {
            assert!(seen(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn the_table_of_image_ls() {
        let text = format!(
            "REPOSITORY   TAG       DIGEST                                                                    IMAGE ID       CREATED       SIZE\n\
             ubuntu       22.04     sha256:{INDEX}   92947e844d1b   2 weeks ago   77.9MB\n\
             <none>       <none>    <none>                                                                    deadbeef0123   2 weeks ago   1MB\n"
        );
        let name = Some("ubuntu:22.04".to_owned());
        assert_eq!(
            seen(&text),
            [
                (digest(INDEX), name.clone(), Some(ClaimHint::RepoDigest)),
                (ClaimValue::Part { start: "92947e844d1b".into(), end: String::new() }, name, Some(ClaimHint::ImageId)),
                (ClaimValue::Part { start: "deadbeef0123".into(), end: String::new() }, None, Some(ClaimHint::ImageId)),
            ]
        );
    }

    #[test]
    fn outputs_of_pull_inspect_buildx_and_documents() {
        let pull =
            format!("22.04: Pulling from library/ubuntu\nDigest: sha256:{INDEX}\nStatus: Image is up to date for ubuntu:22.04\n");
        assert_eq!(seen(&pull), [(digest(INDEX), Some("ubuntu:22.04".into()), Some(ClaimHint::RepoDigest))]);
        let inspect = format!("[ubuntu@sha256:{INDEX} other@sha256:{IMAGE}]");
        assert_eq!(
            seen(&inspect),
            [
                (digest(INDEX), Some("ubuntu".into()), Some(ClaimHint::RepoDigest)),
                (digest(IMAGE), Some("other".into()), Some(ClaimHint::RepoDigest))
            ]
        );
        let json = format!("  \"Id\": \"sha256:{IMAGE}\",\n \"index_digest\": \"sha256:{INDEX}\",");
        assert_eq!(seen(&json), [(digest(IMAGE), None, Some(ClaimHint::ImageId)), (digest(INDEX), None, Some(ClaimHint::Index))]);
        let buildx = format!(
            "Name:      docker.io/library/ubuntu:22.04\nDigest:    sha256:{INDEX}\nMediaType: application/vnd.oci.image.index.v1+json\n\n\
             Manifests:\n  Name:        docker.io/library/ubuntu:22.04@sha256:{IMAGE}\n  MediaType:   application/vnd.oci.image.manifest.v1+json\n  Platform:    linux/amd64\n"
        );
        let claims = parse_claims(&buildx);
        assert_eq!(
            claims.iter().map(|claim| claim.hint).collect::<Vec<_>>(),
            [Some(ClaimHint::Index), Some(ClaimHint::Manifest)]
        );
        assert_eq!(claims[1].platform.as_deref(), Some("linux/amd64"));
        let from = format!("FROM --platform=linux/amd64 ubuntu:22.04@sha256:{INDEX} AS x");
        assert_eq!(seen(&from), [(digest(INDEX), Some("ubuntu:22.04".into()), Some(ClaimHint::From))]);
    }

    #[test]
    fn columns_count_bytes_and_nothing_panics() {
        let text = format!("é “{INDEX}” \u{202e}x@sha256:{INDEX}");
        let claims = parse_claims(&text);
        assert_eq!((claims[0].name.as_deref(), claims[1].name.as_deref()), (None, Some("<U+202E>x")));
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            parse_claims(&text[..end]);
        }
        assert!(parse_claims(&"x ".repeat(LARGEST)).is_empty());
    }
}
