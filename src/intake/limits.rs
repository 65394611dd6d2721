//! Budgets: absolute numbers that bound what one input may cost, whatever it claims about itself.
//!
//! No budget is a ratio: a layer of zeros compresses a thousand times and is honest, a small bomb need not. Each budget has
//! a name, so that a person can raise it (`--limit output=…`) and the report can list what was in force.

/// The budgets in force. Sizes are bytes, the rest are counts.
///
/// ```
/// use layerproof::intake::limits::Limits;
/// let mut limits = Limits::default();
/// limits.set("entries", 10).unwrap();
/// assert_eq!(limits.entries, 10);
/// assert!(limits.set("no-such-limit", 1).is_err());
/// assert!(limits.iter().any(|limit| limit.name == "output" && limit.value == 64 << 30));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Decompressed bytes of one input, skipped and expanded ones included.
    pub output: u64,
    /// Zero bytes that the holes of sparse files may expand to, in one archive: they cost hashing time and nothing else.
    pub holes: u64,
    /// Entries of one archive that are kept with all they say; beyond it they are counted and hashed.
    pub entries: u64,
    /// Archives and compressed streams inside each other.
    pub nesting: u64,
    /// Bytes of one entry name or link target that are kept.
    pub name: u64,
    /// Bytes of one block of PAX records, GNU long name or sparse map (Go reads no more either).
    pub tar_records: u64,
    /// Bytes of all extended attributes of one entry.
    pub xattrs: u64,
    /// Bytes of one JSON document.
    pub json: u64,
    /// Objects and arrays inside each other in one JSON document.
    pub json_depth: u64,
    /// Bytes of one in-toto statement or SBOM.
    pub statement: u64,
    /// Bytes of one Dockerfile.
    pub dockerfile: u64,
    /// Bytes of one Dockerfile line (BuildKit's own limit).
    pub dockerfile_line: u64,
    /// Bytes of one history export; also the most that is kept of any text.
    pub history: u64,
    /// Bytes of one checksum list.
    pub checksum_list: u64,
    /// Small texts and documents kept from inside one input, in bytes together.
    pub kept: u64,
    /// Members of one gzip file, streams of one bzip2 or xz file, frames of one zstd file.
    pub members: u64,
    /// Dictionary of an xz stream.
    pub xz_dictionary: u64,
    /// Window of a zstd frame.
    pub zstd_window: u64,
    /// Layers of one image.
    pub layers: u64,
    /// Indexes inside each other.
    pub index_depth: u64,
    /// Bytes of file contents that a rebuild holds in memory.
    pub rebuild: u64,
    /// Bytes that a rebuild may hash to find the second of a build.
    pub rebuild_search: u64,
    /// Bytes that a rebuild may compress to find a stored layer.
    pub rebuild_pack: u64,
}

/// One budget, as the report lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Stable name.
    pub name: &'static str,
    /// The number in force.
    pub value: u64,
    /// Whether somebody changed it.
    pub changed: bool,
}

/// [`Limits::set`] knows no budget of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLimit(pub String);

impl std::fmt::Display for UnknownLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no limit is named {}", crate::finding::visible(self.0.as_bytes()))
    }
}

impl std::error::Error for UnknownLimit {}

const MIB: u64 = 1 << 20;

macro_rules! table {
    ($($name:literal $field:ident = $value:expr;)*) => {
        impl Default for Limits {
            fn default() -> Self {
                Self { $($field: $value,)* }
            }
        }

        impl Limits {
            /// Changes one budget by name.
            ///
            /// # Errors
            /// [`UnknownLimit`] if there is none of that name.
            pub fn set(&mut self, name: &str, value: u64) -> Result<(), UnknownLimit> {
                match name {
                    $($name => self.$field = value,)*
                    _ => return Err(UnknownLimit(name.to_owned())),
                }
                Ok(())
            }

            /// All budgets in a fixed order.
            pub fn iter(&self) -> impl Iterator<Item = Limit> + use<> {
                let default = Self::default();
                [$(Limit { name: $name, value: self.$field, changed: self.$field != default.$field },)*].into_iter()
            }
        }
    };
}

table! {
    "output" output = 64 << 30;
    "holes" holes = 512 * MIB;
    "entries" entries = 200_000;
    "nesting" nesting = 4;
    "name" name = 64 << 10;
    "tar-records" tar_records = MIB;
    "xattrs" xattrs = MIB;
    "json" json = 8 * MIB;
    "json-depth" json_depth = 128;
    "statement" statement = 64 * MIB;
    "dockerfile" dockerfile = 4 * MIB;
    "dockerfile-line" dockerfile_line = 65_535;
    "history" history = 32 * MIB;
    "checksum-list" checksum_list = 16 * MIB;
    "kept" kept = 64 * MIB;
    "members" members = 100_000;
    "xz-dictionary" xz_dictionary = 64 * MIB;
    "zstd-window" zstd_window = 128 * MIB;
    "layers" layers = 1_000;
    "index-depth" index_depth = 4;
    "rebuild" rebuild = 1 << 30;
    "rebuild-search" rebuild_search = 8 << 30;
    "rebuild-pack" rebuild_pack = 8 << 30;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_budget_can_be_set_by_the_name_it_is_listed_under() {
        let mut limits = Limits::default();
        for limit in Limits::default().iter() {
            limits.set(limit.name, limit.value + 1).unwrap();
        }
        assert!(limits.iter().all(|limit| limit.changed));
    }
}
