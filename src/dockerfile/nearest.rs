use crate::order::Gather;

/// The known word nearest to what was written, when it is near enough to be a slip of the finger.
pub(super) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written: Vec<char> = written.chars().take(32).map(|char| char.to_ascii_lowercase()).list();
    let known = known.into_iter().map(|word| (distance(&written, word), word));
    let (distance, word) = known.min_by_key(|(distance, _)| *distance)?;
    let allowed = (word.len() / 3).max(1);
    (distance > 0 && distance <= allowed).then_some(word)
}

/// How many characters to add, drop, change or swap.
fn distance(written: &[char], known: &str) -> usize {
    let known: Vec<char> = known.chars().map(|char| char.to_ascii_lowercase()).list();
    let mut before = Vec::new();
    let mut row: Vec<usize> = (0..=known.len()).list();
    for (line, a) in written.iter().enumerate() {
        let mut next = vec![line + 1];
        for (column, b) in known.iter().enumerate() {
            let change = row[column] + usize::from(a != b);
            let mut cost = change.min(row[column + 1] + 1).min(next[column] + 1);
            if line > 0 && column > 0 && written[line - 1] == *b && known[column - 1] == *a {
                cost = cost.min(before[column - 1] + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[known.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_seen_and_other_words_are_not() {
        assert_eq!(nearest("FORM", ["FROM", "RUN"]), Some("FROM"));
        assert_eq!(nearest("entrypiont", ["ENTRYPOINT", "ENV"]), Some("ENTRYPOINT"));
        assert_eq!(nearest("chwon", ["chown", "chmod"]), Some("chown"));
        assert_eq!(nearest("apt-get", ["ADD", "ARG"]), None);
        assert_eq!(nearest("", ["ADD"]), None);
    }
}
