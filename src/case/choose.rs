//! One image of a record that holds several: the one that fits what else is at hand.

use super::{Body, Case};
use crate::align::{Context, Outcome, align};
use crate::digest::Digest;
use crate::finding::{Finding, visible};
use crate::history::{self, History};
use crate::intake::Content;
use crate::order::{Gather, Set};
use crate::recipe::add_hash::recorded;
use std::sync::Arc;

/// Images of one record that are laid beside the Dockerfiles at hand; and Dockerfiles that are asked.
const MOST_IMAGES: usize = 48;
const MOST_FILES: usize = 4;
/// Images that are left aside and told by name.
const MOST_TOLD: usize = 8;

/// Words for architectures in names of files, besides docker's own.
const WORDS: [(&str, &[&str]); 8] = [
    ("amd64", &["x86_64", "amd64"]),
    ("arm64", &["aarch64", "arm64"]),
    ("arm", &["armhf", "armv7", "armel", "armv6", "arm32"]),
    ("386", &["i386", "i686", "x86", "386"]),
    ("ppc64le", &["ppc64le", "ppc64el"]),
    ("s390x", &["s390x"]),
    ("riscv64", &["riscv64"]),
    ("mips64le", &["mips64"]),
];

impl Case {
    /// Looks at every record of several images of which the first one was read, and takes the one that fits best instead. Without
    /// anything to compare with, the first one stays.
    pub(super) fn choose_images(&mut self) {
        if self.options.platform.is_some() {
            return;
        }
        let several = |item: &super::Item| item.findings.iter().any(|finding| finding.code == "history.several-images");
        let asked: Vec<usize> = (0..self.items.len()).filter(|at| several(&self.items[*at])).list();
        for at in asked {
            let images = images(&self.items[at]);
            let scores: Vec<u32> = images.iter().map(|image| self.score(image)).list();
            let Some(best) = (0..images.len()).max_by_key(|at| (scores[*at], std::cmp::Reverse(*at))) else { continue };
            if scores.iter().all(|score| *score == scores[best]) {
                continue;
            }
            let finding = chosen(&images, best);
            let item = &mut self.items[at];
            item.findings.retain(|finding| finding.code != "history.several-images");
            item.findings.push(finding);
            item.history = images.into_iter().nth(best).map(Arc::new);
        }
    }

    /// How well an image fits the Dockerfiles, the hashes and the names of files at hand.
    fn score(&self, image: &History) -> u32 {
        let fits = |outcome| match outcome {
            Outcome::Agrees => 4,
            Outcome::Unknown => 1,
            Outcome::Contradicted => 0,
        };
        let lay = |file| align(file, image, &Context::default()).first().map_or(0, |best| fits(best.outcome));
        let texts: u32 = self.dockerfiles().take(MOST_FILES).map(|(_, file)| lay(file)).sum();
        let hashes: Set<Digest> = image.entries.iter().flat_map(|entry| recorded(&entry.created_by)).gather();
        let tried = self.reread.values().flat_map(|reread| &reread.add_hashes);
        let bound = tried.into_iter().any(|(_, hash)| hashes.contains(hash));
        texts + if bound { 16 } else { 0 } + if self.has_file_for(image) { 2 } else { 0 }
    }

    /// A file at hand is named after the image's architecture.
    fn has_file_for(&self, image: &History) -> bool {
        let architecture = image.marks.architecture.as_deref().unwrap_or_default();
        let words = WORDS.iter().find(|(name, _)| architecture.starts_with(name)).map_or(&[][..], |(_, words)| words);
        // `x86` stands in `x86_64` too: the first architecture that a name fits is the one it means.
        let means =
            |name: &str| WORDS.iter().find(|(_, words)| words.iter().any(|word| name.contains(word))).map(|(_, words)| *words);
        self.items.iter().filter(|item| matches!(item.body, Body::Tarball)).any(|item| means(&item.name) == Some(words))
    }
}

/// All images of a record, as far as they are laid side by side.
fn images(item: &super::Item) -> Vec<History> {
    match item.facts.as_ref().map(|facts| &facts.content) {
        Some(Content::Text(bytes) | Content::Json(bytes)) => history::images(bytes, MOST_IMAGES),
        _ => Vec::new(),
    }
}

fn chosen(images: &[History], best: usize) -> Finding {
    let label = |at: usize| {
        let subject = images[at].subject.as_deref().map(|subject| visible(subject.as_bytes()));
        let others = images.iter().filter(|image| image.subject == images[at].subject).count();
        match subject {
            Some(subject) if others == 1 => subject,
            Some(subject) => format!("{subject} (image {} of {})", at + 1, images.len()),
            None => format!("image {} of {}", at + 1, images.len()),
        }
    };
    let mut left: Vec<String> = (0..images.len()).filter(|at| *at != best).map(label).list();
    if left.len() > MOST_TOLD {
        let more = left.len() - MOST_TOLD;
        left.truncate(MOST_TOLD);
        left.push(format!("{more} more"));
    }
    Finding::note("history.chosen-image").with("count", images.len()).with("chosen", label(best)).with("left", left.join(", "))
}
