//! Makes tar archives byte by byte, also those that no tool would write.

/// A header block whose fields can be set to anything; the sum is filled in last.
#[derive(Clone)]
pub(crate) struct Raw(pub(crate) [u8; 512]);

impl Raw {
    pub(crate) fn new(name: &[u8], flag: u8, size: u64) -> Self {
        let mut raw = Self([0; 512]);
        raw.put(0, name);
        raw.put(100, b"0000644\0").put(108, b"0000000\0").put(116, b"0000000\0");
        raw.put(124, format!("{size:011o}\0").as_bytes()).put(136, b"14000000000\0");
        raw.put(257, b"ustar\x0000");
        raw.0[156] = flag;
        raw.sum()
    }

    pub(crate) fn put(&mut self, at: usize, bytes: &[u8]) -> &mut Self {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// Changes bytes and fits the sum.
    pub(crate) fn with(mut self, at: usize, bytes: &[u8]) -> Self {
        self.put(at, bytes);
        self.sum()
    }

    pub(crate) fn gnu(self) -> Self {
        self.with(257, b"ustar  \0")
    }

    fn sum(mut self) -> Self {
        self.put(148, b"        ");
        let sum: u32 = self.0.iter().map(|byte| u32::from(*byte)).sum();
        self.put(148, format!("{sum:06o}\0 ").as_bytes());
        self
    }

    pub(crate) fn signed_sum(mut self) -> Self {
        self.put(148, b"        ");
        let sum: i32 = self.0.iter().map(|byte| i32::from(*byte as i8)).sum();
        self.put(148, format!("{sum:06o}\0 ").as_bytes());
        self
    }
}

/// An archive in the making.
#[derive(Clone, Default)]
pub(crate) struct Tarball(pub(crate) Vec<u8>);

impl Tarball {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn header(self, raw: Raw) -> Self {
        self.raw(&raw.0)
    }

    /// Content, filled to whole blocks.
    pub(crate) fn content(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    pub(crate) fn entry(self, name: &[u8], flag: u8, content: &[u8]) -> Self {
        self.header(Raw::new(name, flag, content.len() as u64)).content(content)
    }

    pub(crate) fn file(self, name: &str, content: &[u8]) -> Self {
        self.entry(name.as_bytes(), b'0', content)
    }

    pub(crate) fn link(self, name: &str, flag: u8, target: &str) -> Self {
        self.header(Raw::new(name.as_bytes(), flag, 0).with(157, target.as_bytes()))
    }

    /// An extended header with records.
    pub(crate) fn pax(self, records: &[(&str, &[u8])]) -> Self {
        let body: Vec<u8> = records.iter().flat_map(|(key, value)| record(key, value)).collect();
        self.entry(b"PaxHeaders.0/f", b'x', &body)
    }

    pub(crate) fn global(self, records: &[(&str, &[u8])]) -> Self {
        let body: Vec<u8> = records.iter().flat_map(|(key, value)| record(key, value)).collect();
        self.entry(b"g", b'g', &body)
    }

    pub(crate) fn long(self, flag: u8, name: &[u8]) -> Self {
        let body = [name, b"\0"].concat();
        self.header(Raw::new(b"././@LongLink", flag, body.len() as u64).gnu()).content(&body)
    }

    pub(crate) fn zeros(self, blocks: usize) -> Self {
        self.raw(&vec![0; blocks * 512])
    }

    pub(crate) fn end(self) -> Vec<u8> {
        self.zeros(2).0
    }
}

/// One PAX record with its length.
pub(crate) fn record(key: &str, value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut len = rest;
    while len != rest + len.to_string().len() {
        len = rest + len.to_string().len();
    }
    [len.to_string().as_bytes(), b" ", key.as_bytes(), b"=", value, b"\n"].concat()
}
