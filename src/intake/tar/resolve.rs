//! Joins a header block with the extended headers before it, in Go's order of precedence.

use super::Header;
use super::block::{Fields, Formats};
use super::number::{decimal, time};
use super::pax::Records;
use crate::finding::{At, ReadError, visible};
use crate::intake::facts::EntryKind;

/// Extended headers that wait for the entry they describe.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Where the first of them starts.
    pub(super) starts_at: Option<u64>,
    /// The last PAX header; it replaces earlier ones whole.
    pub(super) records: Option<Records>,
    /// A PAX header that was replaced.
    pub(super) replaced: Option<Records>,
    /// GNU long name, raw with whatever follows a NUL.
    pub(super) long_name: Option<Vec<u8>>,
    pub(super) long_link: Option<Vec<u8>>,
    /// Long names or links that were replaced by a later one.
    pub(super) replaced_names: Vec<(Vec<u8>, Vec<u8>)>,
    /// The PAX header came before the GNU long name.
    pub(super) records_first: bool,
    /// What the blocks before the entry's own leave of the formats; all where there are none.
    pub(super) formats: Option<Formats>,
}

const XATTR: &[u8] = b"SCHILY.xattr.";

pub(super) fn resolve(fields: &Fields, pending: &Pending, at: u64) -> Result<Header, ReadError> {
    let mut header = plain(fields, pending.starts_at.unwrap_or(at), at)?;
    if let Some(records) = &pending.records {
        merge(&mut header, records)?;
    }
    if let Some(name) = pending.long_name.as_deref().map(super::block::string).filter(|name| !name.is_empty()) {
        header.name = name.to_vec();
    }
    if let Some(link) = pending.long_link.as_deref().map(super::block::string).filter(|link| !link.is_empty()) {
        header.link = link.to_vec();
    }
    header.format = pending.formats.unwrap_or(Formats::ALL).and(fields.formats).guess();
    header.kind = kind(fields.flag, &header.name);
    header.stored = if header.kind.has_content() { header.size } else { 0 };
    Ok(header)
}

fn plain(fields: &Fields, starts_at: u64, at: u64) -> Result<Header, ReadError> {
    let is_content = kind(fields.flag, b"").has_content();
    let size = u64::try_from(fields.size).ok().or((!is_content).then_some(0));
    Ok(Header {
        starts_at,
        at,
        data_at: at + super::BLOCK as u64,
        name: fields.name.clone(),
        link: fields.link.clone(),
        kind: EntryKind::File,
        flag: fields.flag,
        format: super::Format::Unknown,
        mode: fields.mode,
        uid: fields.uid,
        gid: fields.gid,
        user: fields.user.clone(),
        group: fields.group.clone(),
        size: size.ok_or_else(|| bad_size(fields.size, at))?,
        stored: 0,
        mtime: fields.mtime,
        mtime_nanos: 0,
        device: fields.device,
        xattrs: Vec::new(),
        pax: Vec::new(),
    })
}

/// A size below zero.
pub(super) fn bad_size(size: i64, at: u64) -> ReadError {
    ReadError::new("intake.tar-number", "a size of zero or more", size.to_string()).at(At::byte(at)).with("field", "size")
}

fn merge(header: &mut Header, records: &Records) -> Result<(), ReadError> {
    for (key, value) in records.values.iter().filter(|(_, value)| !value.is_empty()) {
        let refuse = || {
            let error = ReadError::new("intake.pax-value", "a number", visible(value));
            error.at(At::byte(header.at)).with("key", visible(key))
        };
        match key.as_slice() {
            b"path" => header.name = value.clone(),
            b"linkpath" => header.link = value.clone(),
            b"uname" => header.user = value.clone(),
            b"gname" => header.group = value.clone(),
            b"uid" => header.uid = decimal(value).ok_or_else(refuse)?,
            b"gid" => header.gid = decimal(value).ok_or_else(refuse)?,
            b"atime" | b"ctime" => drop(time(value).ok_or_else(refuse)?),
            b"mtime" => (header.mtime, header.mtime_nanos) = time(value).ok_or_else(refuse)?,
            b"size" => {
                let size = decimal(value).ok_or_else(refuse)?;
                let no_content = (!kind(header.flag, &header.name).has_content()).then_some(0);
                header.size = u64::try_from(size).ok().or(no_content).ok_or_else(|| bad_size(size, header.at))?;
            }
            key => {
                if let Some(name) = key.strip_prefix(XATTR) {
                    header.xattrs.push((name.to_vec(), value.clone()));
                }
            }
        }
    }
    header.pax = records.values.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    Ok(())
}

/// The kind by flag; a NUL flag with a name that ends in `/` is how the oldest archives write a directory.
pub(super) fn kind(flag: u8, name: &[u8]) -> EntryKind {
    match flag {
        0 if name.ends_with(b"/") => EntryKind::Directory,
        0 | b'0' | b'7' | b'S' => EntryKind::File,
        b'1' => EntryKind::HardLink,
        b'2' => EntryKind::Symlink,
        b'3' => EntryKind::CharDevice,
        b'4' => EntryKind::BlockDevice,
        b'5' => EntryKind::Directory,
        b'6' => EntryKind::Fifo,
        b'g' => EntryKind::Global,
        flag => EntryKind::Unknown(flag),
    }
}
