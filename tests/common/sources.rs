//! Sources of a session whose bytes stay at hand, as the page and the command line keep them for second passes.

use layerproof::session::Session;
use std::collections::BTreeMap;
use std::path::Path;

/// What was opened in a session, and its bytes.
pub(crate) struct Sources {
    piece: usize,
    bytes: BTreeMap<u32, Vec<u8>>,
}

impl Sources {
    /// Bytes are pushed in pieces of this size.
    pub(crate) fn in_pieces(piece: usize) -> Self {
        Self { piece, bytes: BTreeMap::new() }
    }

    pub(crate) fn open(&mut self, session: &mut Session, name: &str, bytes: Vec<u8>) {
        let source = session.open(name, Some(bytes.len() as u64));
        bytes.chunks(self.piece).for_each(|piece| session.push(source, piece));
        session.close(source);
        self.bytes.insert(source, bytes);
    }

    /// Opens a file under its base name.
    pub(crate) fn open_file(&mut self, session: &mut Session, path: &Path) {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        self.open(session, path.file_name().unwrap().to_str().unwrap(), bytes);
    }

    /// Does every pass that the session asks for.
    pub(crate) fn pass_all(&self, session: &mut Session) {
        for _ in 0..self.bytes.len() * 5 {
            let Some(need) = session.needs().into_iter().next() else { break };
            session.begin_pass(need.source);
            self.bytes[&need.source].chunks(self.piece).for_each(|piece| session.pass_push(need.source, piece));
            session.end_pass(need.source).unwrap();
        }
        assert!(session.needs().is_empty(), "a session asks for passes without end");
    }
}
