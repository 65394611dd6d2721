//! `.dockerignore`: which files of a folder are no part of the build context (docs.docker.com, "Build context",
//! ".dockerignore files").

use crate::order::Gather;
use crate::recipe::Glob;

/// The patterns of one file.
#[derive(Debug, Clone, Default)]
pub(super) struct Ignore {
    patterns: Vec<(Glob, bool)>,
}

impl Ignore {
    /// Reads the file: one pattern a line, `#` begins a comment, `!` takes out again what a pattern before left out.
    pub(super) fn parse(text: &str) -> Self {
        let lines = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.starts_with('#')).map(str::trim);
        let pattern = |line: &str| {
            let (kept, pattern) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest.trim()));
            let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty() && *part != ".").list();
            (!parts.is_empty()).then(|| (Glob::new(&parts.join("/")), kept))
        };
        Self { patterns: lines.filter_map(pattern).list() }
    }

    /// Whether a path is left out: the last pattern that fits it, or a directory that it lies in, decides.
    pub(super) fn leaves_out(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let above: Vec<&str> = ends.map(|end| &path[..end]).list();
        let mut out = false;
        for (glob, kept) in &self.patterns {
            if out == *kept && above.iter().any(|path| glob.fits(path)) {
                out = !kept;
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_leave_out_and_take_in_again() {
        let ignore = Ignore::parse("# comment\n*.log\n/build/\n**/*.tmp\n!keep.log\ndocs\n!docs/README.md\n\n.\n");
        let out = ["x.log", "build", "build/a/b", "a.tmp", "deep/down/a.tmp", "docs/guide.md"];
        let kept = ["keep.log", "sub/x.log", "docs/README.md", "builder", "a"];
        assert!(out.iter().all(|path| ignore.leaves_out(path)), "{:?}", out.map(|path| ignore.leaves_out(path)));
        assert!(kept.iter().all(|path| !ignore.leaves_out(path)), "{:?}", kept.map(|path| ignore.leaves_out(path)));
        assert!(Ignore::parse("*\n!a").leaves_out("b/a") && !Ignore::parse("*\n!a").leaves_out("a/b"));
        assert!(!Ignore::parse("").leaves_out("a"));
    }
}
