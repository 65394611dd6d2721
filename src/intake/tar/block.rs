//! One 512-byte header block, read as Go's `archive/tar` reads it (V7, USTAR, PAX, GNU and star layouts).
//! Formats: POSIX.1-2017 `pax`, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".

use super::number::numeric;

/// Size of a header and of the unit that content is padded to.
pub const BLOCK: usize = 512;

/// A header block.
pub type Block = [u8; BLOCK];

/// Which layout the fields after the V7 part have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    V7,
    Ustar,
    Gnu,
    Star,
}

/// Fields of a header before any extended header is applied.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub(super) layout: Layout,
    pub(super) name: Vec<u8>,
    pub(super) mode: i64,
    pub(super) uid: i64,
    pub(super) gid: i64,
    pub(super) size: i64,
    pub(super) mtime: i64,
    pub(super) flag: u8,
    pub(super) link: Vec<u8>,
    pub(super) user: Vec<u8>,
    pub(super) group: Vec<u8>,
    pub(super) device: (i64, i64),
    /// Name with the bytes joined that lie where USTAR keeps a prefix, when they are no prefix by the layout.
    pub(super) joined: Option<Vec<u8>>,
    /// Length of the name field alone.
    pub(super) base_len: usize,
    /// The header sum only fits when bytes are taken as signed.
    pub(super) signed_sum: bool,
    /// Bytes behind the NUL that ends a name.
    pub(super) after_nul: bool,
    /// The formats that Go still considers when it has read this block alone.
    pub(super) formats: Formats,
}

/// A set of formats, narrowed block by block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Formats(u8);

impl Formats {
    const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self(7);
    const USTAR_OR_PAX: Self = Self(3);
    pub(super) const PAX: Self = Self(2);
    pub(super) const GNU: Self = Self(4);

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What Go says in the end: of USTAR and PAX, USTAR.
    pub(super) fn guess(self) -> super::Format {
        match self.0 {
            1 | 3 => super::Format::Ustar,
            2 => super::Format::Pax,
            4 => super::Format::Gnu,
            _ => super::Format::Unknown,
        }
    }
}

/// Go is stricter here than when it reads: one byte outside ASCII, or a number without a NUL behind it, and the block is of no
/// format.
fn formats(block: &Block, layout: Layout, fields: &Fields) -> Formats {
    let last = [107, 115, 123, 135, 147, 336, 344];
    match layout {
        Layout::Ustar if block.is_ascii() && last.iter().all(|at| block[*at] == 0) => Formats::USTAR_OR_PAX,
        // A prefix in a GNU header is an old error of Go's own.
        Layout::Gnu if fields.name.len() == fields.base_len => Formats::GNU,
        _ => Formats::NONE,
    }
}

/// Why a block is no header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BlockError {
    /// Neither the sum of unsigned nor of signed bytes is the one the header gives.
    Sum { given: Vec<u8>, computed: u32 },
    /// A number field holds no number, or one that fits no 64 bits.
    Number { field: &'static str, at: usize, raw: Vec<u8> },
}

/// Whether the block's header sum fits, by either way of adding.
pub fn has_valid_sum(block: &Block) -> bool {
    let given = octal(&block[148..156]);
    let (unsigned, signed) = sums(block);
    given.is_some_and(|given| given == i64::from(unsigned) || given == i64::from(signed))
}

pub(super) fn parse(block: &Block) -> Result<Fields, BlockError> {
    let (unsigned, signed) = sums(block);
    let given = octal(&block[148..156]);
    let signed_sum = given != Some(i64::from(unsigned));
    if signed_sum && given != Some(i64::from(signed)) {
        return Err(BlockError::Sum { given: block[148..156].to_vec(), computed: unsigned });
    }
    let layout = layout(block);
    let mut fields = v7(block, layout, signed_sum)?;
    if layout != Layout::V7 {
        fields.user = string(&block[265..297]).to_vec();
        fields.group = string(&block[297..329]).to_vec();
        fields.device = (field(block, "devmajor", 329, 8)?, field(block, "devminor", 337, 8)?);
        add_prefix(block, &mut fields)?;
    }
    fields.formats = formats(block, layout, &fields);
    let behind = string(&block[345..500]);
    if layout != Layout::Ustar && !behind.is_empty() && !matches!(fields.flag, b'L' | b'K' | b'S') {
        fields.joined = Some([behind, b"/", string(&block[0..100])].concat());
    }
    Ok(fields)
}

fn v7(block: &Block, layout: Layout, signed_sum: bool) -> Result<Fields, BlockError> {
    Ok(Fields {
        layout,
        signed_sum,
        flag: block[156],
        name: string(&block[0..100]).to_vec(),
        link: string(&block[157..257]).to_vec(),
        size: field(block, "size", 124, 12)?,
        mode: field(block, "mode", 100, 8)?,
        uid: field(block, "uid", 108, 8)?,
        gid: field(block, "gid", 116, 8)?,
        mtime: field(block, "mtime", 136, 12)?,
        user: Vec::new(),
        group: Vec::new(),
        device: (0, 0),
        joined: None,
        base_len: string(&block[0..100]).len(),
        formats: Formats::NONE,
        after_nul: has_bytes_after_nul(&block[0..100]) || has_bytes_after_nul(&block[157..257]),
    })
}

/// GNU headers have no prefix, but Go before 1.8 wrote them with one: then the bytes where GNU keeps times are no numbers.
fn add_prefix(block: &Block, fields: &mut Fields) -> Result<(), BlockError> {
    let prefix = match fields.layout {
        Layout::V7 => &[],
        Layout::Ustar => string(&block[345..500]),
        Layout::Star => {
            field(block, "atime", 476, 12)?;
            field(block, "ctime", 488, 12)?;
            string(&block[345..476])
        }
        Layout::Gnu => {
            let is_time = |bytes: &[u8]| bytes[0] == 0 || numeric(bytes).is_some();
            let old_go = !is_time(&block[345..357]) || !is_time(&block[357..369]);
            let prefix = string(&block[345..500]);
            if old_go && prefix.is_ascii() { prefix } else { &[] }
        }
    };
    if !prefix.is_empty() {
        fields.name = [prefix, b"/", &fields.name].concat();
    }
    Ok(())
}

pub(super) fn layout(block: &Block) -> Layout {
    match (&block[257..263], &block[263..265], &block[508..512]) {
        (b"ustar\0", _, b"tar\0") => Layout::Star,
        (b"ustar\0", ..) => Layout::Ustar,
        (b"ustar ", b" \0", _) => Layout::Gnu,
        _ => Layout::V7,
    }
}

/// The sums of all bytes, the sum field itself counted as blanks.
fn sums(block: &Block) -> (u32, i32) {
    let bytes = || block.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { b' ' } else { *byte });
    (bytes().map(u32::from).sum(), bytes().map(|byte| i32::from(byte as i8)).sum())
}

fn octal(field: &[u8]) -> Option<i64> {
    super::number::octal(field)
}

fn field(block: &Block, name: &'static str, at: usize, len: usize) -> Result<i64, BlockError> {
    let raw = &block[at..at + len];
    numeric(raw).ok_or_else(|| BlockError::Number { field: name, at, raw: raw.to_vec() })
}

/// The bytes up to the first NUL.
pub(super) fn string(field: &[u8]) -> &[u8] {
    &field[..memchr::memchr(0, field).unwrap_or(field.len())]
}

fn has_bytes_after_nul(field: &[u8]) -> bool {
    field[string(field).len()..].iter().any(|byte| *byte != 0)
}
