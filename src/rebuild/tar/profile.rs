//! How builders differ in the tar that they write of one tree.

use crate::rebuild::tree::Diff;

/// One way of writing a layer. Builders that share a profile write the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Profile {
    /// The mode field also holds the file type's bits (`0100644`).
    pub type_bits: bool,
    /// User and group names of a Debian host are written.
    pub debian_names: bool,
    /// Times later than this second are set to it (`SOURCE_DATE_EPOCH` with `rewrite-timestamp=true`).
    pub latest: Option<i64>,
    /// buildah's ways: `user.*` attributes and times before 1970 are kept, of several headers of a directory the first one's
    /// time counts.
    pub buildah: bool,
}

impl Profile {
    /// docker since 24.0, classic builder and the BuildKit inside it; BuildKit itself; containerd.
    pub const PLAIN: Self = Self { type_bits: false, debian_names: false, latest: None, buildah: false };
    /// docker up to 23.0, classic builder and the BuildKit inside it.
    pub const TYPE_BITS: Self = Self { type_bits: true, ..Self::PLAIN };
    /// docker 20.10 and earlier as Debian packaged it.
    pub const DEBIAN: Self = Self { debian_names: true, ..Self::TYPE_BITS };
    /// buildah up to 1.28 (containers/storage up to 1.45).
    pub const BUILDAH: Self = Self { buildah: true, ..Self::TYPE_BITS };
    /// buildah with containers/storage 1.50 or later.
    pub const BUILDAH_PLAIN: Self = Self { buildah: true, ..Self::PLAIN };

    /// BuildKit 0.13 and later with this `SOURCE_DATE_EPOCH` and `rewrite-timestamp=true`.
    pub const fn rewritten(epoch: i64) -> Self {
        Self { latest: Some(epoch), ..Self::PLAIN }
    }

    /// All profiles, likeliest first; the rewritten one for each epoch given.
    pub fn all(epochs: &[i64]) -> Vec<Self> {
        let mut all = vec![Self::PLAIN, Self::TYPE_BITS, Self::DEBIAN];
        all.extend(epochs.iter().map(|epoch| Self::rewritten(*epoch)));
        all.extend([Self::BUILDAH, Self::BUILDAH_PLAIN]);
        all
    }

    /// Whether builders with this profile find changes in that way.
    pub const fn finds(self, diff: Diff) -> bool {
        match diff {
            Diff::Touched => self.latest.is_none(),
            Diff::Compared => !self.type_bits,
            Diff::Sorted => self.latest.is_none(),
        }
    }

    /// Catalogue code of the sentence that names who writes this.
    pub const fn code(self) -> &'static str {
        match self {
            Self { buildah: true, type_bits: true, .. } => "rebuild.profile-buildah",
            Self { buildah: true, .. } => "rebuild.profile-buildah-plain",
            Self { latest: Some(_), .. } => "rebuild.profile-rewritten",
            Self { debian_names: true, .. } => "rebuild.profile-debian",
            Self { type_bits: true, .. } => "rebuild.profile-type-bits",
            _ => "rebuild.profile-plain",
        }
    }
}
