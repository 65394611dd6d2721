//! Headers as Go's `archive/tar` writes them: USTAR where everything fits, PAX records where not
//! (POSIX.1-2001, "ustar Interchange Format" and "pax Header Block"), or GNU's form where it is asked for
//! (GNU tar manual, "Basic Tar Format").

use crate::order::{Gather, Map};

/// Size of a header and of every block.
pub(crate) const BLOCK: usize = 512;
/// Where the modification time stands in a header block.
pub(crate) const MTIME: std::ops::Range<usize> = 136..148;
const NAME: std::ops::Range<usize> = 0..100;
const MODE: std::ops::Range<usize> = 100..108;
const UID: std::ops::Range<usize> = 108..116;
const GID: std::ops::Range<usize> = 116..124;
const SIZE: std::ops::Range<usize> = 124..136;
const CHECKSUM: std::ops::Range<usize> = 148..156;
const FLAG: usize = 156;
const LINK: std::ops::Range<usize> = 157..257;
const MAGIC: std::ops::Range<usize> = 257..265;
const USER: std::ops::Range<usize> = 265..297;
const GROUP: std::ops::Range<usize> = 297..329;
const MAJOR: std::ops::Range<usize> = 329..337;
const MINOR: std::ops::Range<usize> = 337..345;
const PREFIX: std::ops::Range<usize> = 345..500;

/// One entry's header, before it is bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Header<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) link: &'a [u8],
    pub(crate) flag: u8,
    pub(crate) mode: i64,
    pub(crate) uid: i64,
    pub(crate) gid: i64,
    pub(crate) size: u64,
    pub(crate) mtime: i64,
    pub(crate) user: &'a [u8],
    pub(crate) group: &'a [u8],
    pub(crate) device: (i64, i64),
    /// Become `SCHILY.xattr.` records.
    pub(crate) xattrs: Vec<(&'a [u8], &'a [u8])>,
}

type Block = [u8; BLOCK];

/// Values that stand in records before a header, by key.
pub(crate) type Records = Map<Vec<u8>, Vec<u8>>;

impl Header<'_> {
    /// Appends the header's blocks; the last one is the entry's own.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let records = self.records();
        if self.is_plain(&records) { self.write_plain(out) } else { self.write_with(&records, out) }
    }

    /// Whether a plain header holds everything, the name perhaps split in two. `records` are those of [`Header::records`].
    pub(crate) fn is_plain(&self, records: &Records) -> bool {
        records.is_empty() || split(self.name).is_some() && records.keys().all(|key| key == b"path")
    }

    fn write_plain(&self, out: &mut Vec<u8>) {
        let (prefix, name) = split(self.name).unwrap_or((b"", self.name));
        let mut block = self.block(put_text, put_octal, name);
        put_text(&mut block[PREFIX], prefix);
        out.extend_from_slice(&seal(block));
    }

    /// Appends the header behind these records, or alone where there are none.
    pub(crate) fn write_with(&self, records: &Records, out: &mut Vec<u8>) {
        if !records.is_empty() {
            write_records(&extended_name(self.name), b'x', records, out);
        }
        out.extend_from_slice(&seal(self.block(|field, text| put_text(field, &ascii(text)), put_octal, self.name)));
    }

    /// Appends the header in GNU's form: long names in an entry of their own, large numbers in base 256.
    pub(crate) fn write_gnu(&self, out: &mut Vec<u8>) {
        for (text, flag) in [(self.name, b'L'), (self.link, b'K')] {
            if text.len() > NAME.len() {
                write_file(b"././@LongLink", flag, &[text, b"\0"].concat(), GNU, out);
            }
        }
        out.extend_from_slice(&seal_as(self.block(put_text, put_number, self.name), GNU));
    }

    fn block(&self, text: impl Fn(&mut [u8], &[u8]), number: impl Fn(&mut [u8], i64), name: &[u8]) -> Block {
        let mut block = [0; BLOCK];
        block[FLAG] = self.flag;
        text(&mut block[NAME], name);
        text(&mut block[LINK], self.link);
        number(&mut block[MODE], self.mode);
        number(&mut block[UID], self.uid);
        number(&mut block[GID], self.gid);
        number(&mut block[SIZE], self.size as i64);
        number(&mut block[MTIME], self.mtime);
        text(&mut block[USER], self.user);
        text(&mut block[GROUP], self.group);
        number(&mut block[MAJOR], self.device.0);
        number(&mut block[MINOR], self.device.1);
        block
    }

    /// Values that a plain header cannot hold, by PAX key. A long path is among them even where it could be split: it is
    /// written when another record is.
    pub(crate) fn records(&self) -> Records {
        let mut records = Map::new();
        let texts = [("path", self.name, 100), ("linkpath", self.link, 100), ("uname", self.user, 32), ("gname", self.group, 32)];
        for (key, text, size) in texts {
            if text.len() > size || !is_ascii(text) {
                records.insert(key.as_bytes().to_vec(), text.to_vec());
            }
        }
        let numbers = [("uid", self.uid, 8), ("gid", self.gid, 8), ("size", self.size as i64, 12), ("mtime", self.mtime, 12)];
        for (key, number, size) in numbers {
            if !fits(size, number) {
                records.insert(key.as_bytes().to_vec(), number.to_string().into_bytes());
            }
        }
        for (name, value) in &self.xattrs {
            records.insert([b"SCHILY.xattr.", *name].concat(), value.to_vec());
        }
        records
    }
}

/// An extended header: `x` for the next entry, `g` for all that follow.
pub(crate) fn write_records(name: &[u8], flag: u8, records: &Records, out: &mut Vec<u8>) {
    let data: Vec<u8> = records.iter().flat_map(|(key, value)| record(key, value)).list();
    write_file(name, flag, &data, USTAR, out);
}

/// An entry of the format's own, with content.
fn write_file(name: &[u8], flag: u8, data: &[u8], magic: &[u8; 8], out: &mut Vec<u8>) {
    let mut block = [0; BLOCK];
    block[FLAG] = flag;
    let mut name = ascii(name);
    name.truncate(100);
    while name.last() == Some(&b'/') {
        name.pop();
    }
    put_text(&mut block[NAME], &name);
    for field in [MODE, UID, GID, MTIME] {
        put_octal(&mut block[field], 0);
    }
    put_octal(&mut block[SIZE], data.len() as i64);
    out.extend_from_slice(&seal_as(block, magic));
    out.extend_from_slice(data);
    out.resize(out.len().next_multiple_of(BLOCK), 0);
}

/// `directory/PaxHeaders.0/base`; for a directory, whose name ends with a slash, there is no base.
fn extended_name(name: &[u8]) -> Vec<u8> {
    let base = name.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    let mut extended = [&name[..base], b"PaxHeaders.0/", &name[base..]].concat();
    if extended.last() == Some(&b'/') {
        extended.pop();
    }
    extended
}

/// `length key=value` and a line end, where the length counts itself.
fn record(key: &[u8], value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut length = rest + rest.to_string().len();
    if rest + length.to_string().len() != length {
        length = rest + length.to_string().len();
    }
    [length.to_string().as_bytes(), b" ", key, b"=", value, b"\n"].concat()
}

/// Magic and version.
const USTAR: &[u8; 8] = b"ustar\x0000";
const GNU: &[u8; 8] = b"ustar  \0";

/// Magic, version and checksum.
fn seal(block: Block) -> Block {
    seal_as(block, USTAR)
}

fn seal_as(mut block: Block, magic: &[u8; 8]) -> Block {
    block[MAGIC].copy_from_slice(magic);
    sum(&mut block);
    block
}

/// Writes the checksum of a header block anew.
pub(crate) fn sum(block: &mut Block) {
    block[CHECKSUM].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    put_octal(&mut block[148..155], i64::from(sum));
}

/// Splits a long path into prefix and name at the last possible slash.
fn split(name: &[u8]) -> Option<(&[u8], &[u8])> {
    if name.len() <= 100 || !is_ascii(name) {
        return None;
    }
    let end = if name.len() > 156 { 156 } else { name.len() - usize::from(name.ends_with(b"/")) };
    let slash = name[..end].iter().rposition(|byte| *byte == b'/').filter(|slash| *slash > 0)?;
    let (prefix, rest) = (&name[..slash], &name[slash + 1..]);
    (!rest.is_empty() && rest.len() <= 100 && prefix.len() <= 155).then_some((prefix, rest))
}

fn is_ascii(text: &[u8]) -> bool {
    text.iter().all(|byte| *byte < 0x80 && *byte != 0)
}

fn ascii(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(|byte| *byte < 0x80 && *byte != 0).list()
}

/// Text, cut off where the field ends. A slash that would end a cut name is taken away, so that no reader sees a directory.
fn put_text(field: &mut [u8], text: &[u8]) {
    let length = text.len().min(field.len());
    field[..length].copy_from_slice(&text[..length]);
    if text.len() > field.len() && field.ends_with(b"/") {
        let kept = field.iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
        field[kept] = 0;
    }
}

/// Octal digits with leading zeros and a NUL; zero where the number does not fit.
pub(crate) fn put_octal(field: &mut [u8], number: i64) {
    let digits = field.len() - 1;
    let number = if fits(field.len(), number) { number } else { 0 };
    let text = format!("{number:0digits$o}");
    field[..digits].copy_from_slice(text.as_bytes());
    field[digits] = 0;
}

/// Octal digits, or two's complement in base 256 with the top bit set.
fn put_number(field: &mut [u8], number: i64) {
    if fits(field.len(), number) {
        return put_octal(field, number);
    }
    let sign = if number < 0 { 0xff } else { 0 };
    field.fill(sign);
    let bytes = number.to_be_bytes();
    let (from, to) = (bytes.len().saturating_sub(field.len()), field.len().saturating_sub(bytes.len()));
    field[to..].copy_from_slice(&bytes[from..]);
    field[0] |= 0x80;
}

/// Whether a number fits a field as octal digits and a NUL.
pub(crate) fn fits(size: usize, number: i64) -> bool {
    number >= 0 && number < 1 << ((size - 1) * 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(header: &Header<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        header.write(&mut out);
        out
    }

    #[test]
    fn a_plain_header() {
        let block = written(&Header { name: b"bin/", flag: b'5', mode: 0o755, mtime: 1, ..Header::default() });
        assert_eq!(block.len(), BLOCK);
        assert_eq!(&block[..5], b"bin/\0");
        assert_eq!(&block[100..108], b"0000755\0");
        assert_eq!(&block[136..148], b"00000000001\0");
        assert_eq!(&block[329..345], b"0000000\x000000000\0");
        let sum: u32 =
            block.iter().enumerate().map(|(i, byte)| if (148..156).contains(&i) { 32 } else { u32::from(*byte) }).sum();
        assert_eq!(&block[148..156], format!("{sum:06o}\0 ").as_bytes());
    }

    #[test]
    fn long_paths_are_split_or_recorded() {
        let long = [&b"d/"[..], &[b'a'; 100]].concat();
        let block = written(&Header { name: &long, flag: b'0', ..Header::default() });
        assert_eq!((block.len(), &block[345..347]), (BLOCK, &b"d\0"[..]));
        let longer = [b'a'; 101];
        let blocks = written(&Header { name: &longer, flag: b'0', ..Header::default() });
        assert_eq!(blocks.len(), 3 * BLOCK);
        assert!(blocks[512..].starts_with(b"111 path=aaa") && blocks[..13] == *b"PaxHeaders.0/");
        // With another record the long path is recorded, too, although it could be split.
        let blocks = written(&Header { name: &long, uid: 3_000_000, flag: b'0', ..Header::default() });
        assert!(blocks[512..].starts_with(b"112 path=d/aaa") && blocks[1024 + 345] == 0);
    }

    #[test]
    fn gnu_headers_hold_long_names_and_large_numbers() {
        let longer = [b'a'; 101];
        let mut out = Vec::new();
        Header { name: &longer, flag: b'0', uid: 3_000_000, gid: -2, ..Header::default() }.write_gnu(&mut out);
        assert_eq!(out.len(), 3 * BLOCK);
        assert_eq!((&out[..14], out[156], &out[124..136]), (&b"././@LongLink\0"[..], b'L', &b"00000000146\0"[..]));
        assert_eq!(&out[512..614], [&longer[..], b"\0"].concat());
        let own = &out[1024..];
        assert_eq!((&own[..100], &own[257..265]), (&longer[..100], &b"ustar  \0"[..]));
        assert_eq!(&own[108..116], b"\x80\0\0\0\0\x2d\xc6\xc0");
        assert_eq!(&own[116..124], b"\xff\xff\xff\xff\xff\xff\xff\xfe");
    }

    #[test]
    fn a_record_counts_its_own_digits() {
        assert_eq!(record(b"path", &[b'x'; 90]), [&b"99 path="[..], &[b'x'; 90], b"\n"].concat());
        assert_eq!(record(b"path", &[b'x'; 91])[..4], *b"101 ");
    }

    #[test]
    fn a_cut_name_does_not_end_with_a_slash() {
        let mut field = [0; 4];
        put_text(&mut field, b"ab//x");
        assert_eq!(&field, b"ab\0/");
    }
}
