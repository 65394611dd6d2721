//! Texts that an export cut short.
//!
//! `docker image history` without `--no-trunc` cuts to 45 terminal cells: the first 44 and `…` (up to 17.0x 42 and `...`, up
//! to 1.12 45 without a mark), podman to 42 characters and `...`, nerdctl to 44 bytes and `…`. Only such exports have short IDs.

use super::entry::HistoryEntry;
use super::text::cells;

/// Cells of a text that was cut, its mark included.
const CUT_CELLS: usize = 45;

/// The mark of a cut, and how it looks after a code page made other characters of its three UTF-8 bytes.
const MARKS: [&str; 4] = ["…", "...", "ΓÇª", "â€¦"];

/// What is known of the program that may have cut texts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cutter {
    /// A table of docker 1.12 or older, which cuts without a mark.
    pub(super) without_mark: bool,
    /// Tabs of a text became blanks after it was cut (podman's table).
    pub(super) widens_tabs: bool,
}

/// Finds the texts that were cut, takes the mark off and says so. True if any text was cut.
pub(super) fn mark(entries: &mut [HistoryEntry], cutter: Cutter) -> bool {
    if entries.iter().any(|entry| entry.id.as_deref().is_some_and(is_long)) {
        return false;
    }
    let mut any = false;
    for entry in entries.iter_mut() {
        if let Some(mark) =
            MARKS.iter().find(|mark| entry.created_by.ends_with(**mark)).filter(|mark| is_cut(&entry.created_by, mark, cutter))
        {
            entry.created_by.truncate(entry.created_by.len() - mark.len());
            entry.truncated = true;
            any = true;
        }
    }
    if !any && cutter.without_mark {
        for entry in entries.iter_mut().filter(|entry| cells(&entry.created_by) >= CUT_CELLS) {
            entry.truncated = true;
            any = true;
        }
    }
    any
}

/// An ID in full: this export cuts nothing.
fn is_long(id: &str) -> bool {
    id.len() >= 64
}

/// Whether a text with a mark at its end has the length of a cut one, in cells or (nerdctl) in bytes.
fn is_cut(text: &str, mark: &str, cutter: Cutter) -> bool {
    let body = &text[..text.len() - mark.len()];
    let kept = if mark == "..." { CUT_CELLS - 3 } else { CUT_CELLS - 1 };
    let width = cells(body);
    let widened = cutter.widens_tabs && width > kept && cells(&super::entry::squeeze(body)) <= kept;
    (kept - 1..=kept).contains(&width) || widened || (mark != "..." && (kept - 3..=kept).contains(&body.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(id: &str, text: &str, without_mark: bool) -> (String, bool) {
        let entry = HistoryEntry { id: Some(id.to_owned()), created_by: text.to_owned(), ..HistoryEntry::default() };
        let mut entries = [entry];
        mark(&mut entries, Cutter { without_mark, ..Cutter::default() });
        (entries[0].created_by.clone(), entries[0].truncated)
    }

    #[test]
    fn every_mark_is_taken_off() {
        let text = "/bin/sh -c #(nop) ADD file:7a476cb06d734a7cf35c7acf58937f7d";
        for (kept, mark) in [(44, "…"), (42, "..."), (44, "ΓÇª"), (44, "â€¦")] {
            assert_eq!(marked("799f642f85b7", &format!("{}{mark}", &text[..kept]), false), (text[..kept].to_owned(), true));
        }
        assert_eq!(marked("799f642f85b7", &text[..45], true), (text[..45].to_owned(), true));
    }

    #[test]
    fn an_ellipsis_of_the_builder_stays() {
        assert_eq!(marked("799f642f85b7", "echo wait…", false), ("echo wait…".to_owned(), false));
        assert!(!marked(&"a".repeat(64), &format!("{}…", "x".repeat(44)), false).1);
    }
}
