//! Which files at hand give a hash that a history records for the sources of ADD and COPY.
//!
//! The hash covers names, modes and owners besides the content, and only the content is at hand: the ways in which builders name
//! a file are tried while its bytes are streamed once more ([`Wishes`]); directories and several sources are then put together
//! from those ([`bindings`]). What no way gives is left open and accuses nobody.

mod buildah;
mod classic;
mod context;
mod ignore;
mod wishes;

pub use wishes::{Wish, Wishes};

use super::{Case, ItemId, Pairing};
use crate::align::Row;
use crate::digest::{Algorithm, Digest};
use crate::dockerfile::{Command, Transfer};
use crate::order::{Gather, Map};
use crate::recipe::{Source, add_hash, buildah_hash};
use context::Context;

/// A recorded hash and what gives it.
#[derive(Debug, Clone)]
pub struct Binding {
    /// Files and directories that went into it; never empty.
    pub parts: Vec<Part>,
    /// Other names under which the context has the same content: links to it.
    pub aliases: Vec<String>,
}

/// One file or directory of a binding.
#[derive(Debug, Clone)]
pub struct Part {
    /// The file; `None` for a directory.
    pub item: Option<ItemId>,
    /// How the builder had it.
    pub sent: Sent,
}

/// How a builder had a file when it hashed it.
#[derive(Debug, Clone)]
pub enum Sent {
    /// In the classic builder's build context.
    InContext(add_hash::Header),
    /// In the archive that buildah makes.
    Packed(buildah_hash::Entry),
    /// As a tarball that buildah unpacks.
    Unpacked,
    /// A directory that only the paths of others name.
    Implied(String),
}

impl Binding {
    fn one(item: ItemId, sent: Sent) -> Self {
        Self { parts: vec![Part { item: Some(item), sent }], aliases: Vec::new() }
    }
}

/// The kind of a recorded hash (`file:`, `dir:`, `multi:`) and its digits.
pub(super) type Token = (String, Digest);

/// Everything that can be bound without knowing which line took it: hashes of single files.
pub(super) fn files(case: &Case) -> Map<Token, Binding> {
    let mut found = Map::new();
    for (id, _) in case.items() {
        let Some(reread) = case.reread(id) else { continue };
        let file = |digest: &Digest| ("file:".to_owned(), *digest);
        for (header, digest) in &reread.add_hashes {
            found.entry(file(digest)).or_insert_with(|| Binding::one(id, Sent::InContext(header.clone())));
        }
        for (entry, digest) in &reread.packed {
            found.entry(file(digest)).or_insert_with(|| Binding::one(id, Sent::Packed(entry.clone())));
        }
        if let Some(Some(digest)) = reread.unpacked {
            found.entry(file(&digest)).or_insert_with(|| Binding::one(id, Sent::Unpacked));
        }
    }
    found
}

/// What the lines of the pairings bind: directories, several sources, files behind links.
pub(super) fn bindings(case: &Case, pairings: &[Pairing], known: &Map<Token, Binding>) -> Map<Token, Binding> {
    let mut found = Map::new();
    if case.reread.is_empty() {
        return found;
    }
    let mut contexts: Map<ItemId, Vec<Context<'_>>> = Map::new();
    for pairing in pairings {
        let Some(alignment) = pairing.alignments.first() else { continue };
        for row in &alignment.rows {
            let Some(question) = Question::of(case, pairing, row) else { continue };
            let token = question.token.clone();
            if found.contains_key(&token) || known.contains_key(&token) && question.token.0 == "file:" {
                continue;
            }
            let roots = contexts.entry(pairing.dockerfile).or_insert_with(|| Context::all(case, pairing.dockerfile));
            let bound = roots.iter().find_map(|context| question.answer(context));
            found.extend(bound.map(|binding| (token, binding)));
        }
    }
    found
}

/// Adds to each file's binding the names of links to it: a builder hashes the file that a link leads to.
pub(super) fn add_aliases(case: &Case, bindings: &mut Map<Token, Binding>) {
    for binding in bindings.values_mut() {
        let [Part { item: Some(item), .. }] = binding.parts.as_slice() else { continue };
        let item = case.item(*item);
        let links = case.items().filter(|(_, link)| context::may_be_added(case, link) && wishes::leads_to(link, item));
        binding.aliases = links.map(|(_, link)| link.name.clone()).list();
    }
}

/// What is asked about one entry.
struct Question<'q> {
    token: Token,
    /// Sources of the line, expanded.
    sources: &'q [String],
    transfer: &'q Transfer,
}

impl<'q> Question<'q> {
    fn of(case: &'q Case, pairing: &Pairing, row: &'q Row) -> Option<Self> {
        let source = row.hash.as_ref().filter(|source| source.hex.len() == 64 && source.kind.ends_with(':'))?;
        let digest = Digest::from_hex(Algorithm::Sha256, &source.hex).ok()?;
        let transfer = transfer(case, pairing, row)?;
        let token = (source.kind.clone(), digest);
        (!row.sources.is_empty()).then_some(Self { token, sources: &row.sources, transfer })
    }

    fn answer(&self, context: &Context<'_>) -> Option<Binding> {
        let parts = classic::find(context, self).or_else(|| buildah::find(context, self))?;
        Some(Binding { parts, aliases: Vec::new() })
    }
}

/// The ADD or COPY of a row.
pub(super) fn transfer<'c>(case: &'c Case, pairing: &Pairing, row: &Row) -> Option<&'c Transfer> {
    let file = case.item(pairing.dockerfile).dockerfile()?;
    let instruction = file.instructions.get(row.instruction.or(row.trigger)?)?;
    let command = match &instruction.command {
        Command::Onbuild(trigger) => &trigger.instruction.command,
        command => command,
    };
    match command {
        Command::Add(transfer) | Command::Copy(transfer) if transfer.from.is_none() => Some(transfer),
        _ => None,
    }
}

impl Case {
    /// What gives a hash that a history records.
    pub fn binding(&self, source: &Source) -> Option<&Binding> {
        let digest = Digest::from_hex(Algorithm::Sha256, &source.hex).ok()?;
        self.bindings.get(&(source.kind.clone(), digest))
    }
}
