//! The only state: sources come in as bytes, a report goes out. Page, command line and tests all use this one type.
//!
//! A source is opened, pushed in pieces of any size, and closed; then [`Session::needs`] may ask for its bytes once more (the
//! header of an ADD hash stands before the content, a list may ask for SHA-512), and [`Session::report`] answers at any time
//! over what is known by then. Nothing of a source is kept but what its pass found out.
//!
//! The first pass of a source may as well run in other workers or threads; the session then reserves its number and adopts the
//! facts. Whoever does that, exactly one session owns the case.

mod artefacts;
mod choices;
mod entries;
mod explain;
mod export;
mod handle;
mod passes;
pub mod protocol;
mod request;
#[cfg(test)]
mod typescript;

pub use artefacts::Saved;
pub use export::Export;
pub use handle::Answer;
pub use request::Field;

use crate::case::{self, Arrival, Case, Draft, Options, Origin, Reread};
use crate::checks;
use crate::finding::ReadError;
use crate::intake::limits::Limits;
use crate::intake::{self, BlobFacts};
use crate::order::{Gather, Map, Set};
use crate::report::{self, model::Report};
use passes::Pass;
use protocol::{Need, Setting};
use std::cell::OnceCell;

/// A case in the making.
#[derive(Default)]
pub struct Session {
    options: Options,
    sources: Map<u32, Source>,
    next: u32,
    pass: Option<(u32, Option<Pass>)>,
    results: Map<u32, Reread>,
    case: OnceCell<Case>,
    rebuilds: passes::Rebuilds,
    /// Sources whose lines a person takes for texts of steps.
    history_lines: Set<u32>,
}

/// What became of a source.
enum Source {
    /// Its bytes are arriving.
    Reading(Box<intake::Source>, Origin),
    /// It was read; errors of reading are in the draft.
    Read(Box<Draft>),
}

impl Session {
    /// An empty session.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a source. `name` is the base name of a file, or `folder/path` for a file of a dropped folder; `size` is in
    /// bytes, for progress only.
    pub fn open(&mut self, name: &str, size: Option<u64>) -> u32 {
        self.begin(name, size, Origin::Input)
    }

    fn begin(&mut self, name: &str, size: Option<u64>, origin: Origin) -> u32 {
        let id = self.reserve();
        self.read_here(id, name, size, origin);
        id
    }

    /// Begins a reserved source after all, as [`Session::open`] does.
    pub fn open_reserved(&mut self, source: u32, name: &str, size: Option<u64>) {
        self.read_here(source, name, size, Origin::Input);
    }

    fn read_here(&mut self, id: u32, name: &str, size: Option<u64>, origin: Origin) {
        let source = intake::Source::new(name, size, &self.options.limits);
        self.sources.insert(id, Source::Reading(Box::new(source), origin));
    }

    /// Takes the next bytes of a source; bytes for a source that is not open are ignored.
    pub fn push(&mut self, source: u32, bytes: &[u8]) {
        if let Some(Source::Reading(reading, _)) = self.sources.get_mut(&source) {
            reading.push(bytes);
        }
    }

    /// Bytes of a source that arrived so far; of a source that is complete, its size.
    pub fn received(&self, source: u32) -> u64 {
        match self.sources.get(&source) {
            Some(Source::Reading(reading, _)) => reading.received(),
            Some(Source::Read(draft)) => draft.item.size,
            None => 0,
        }
    }

    /// Ends a source: it is recognised and taken apart. One that was adopted is complete already.
    pub fn close(&mut self, source: u32) {
        match self.sources.remove(&source) {
            Some(Source::Reading(reading, origin)) => self.keep(source, origin, reading.close()),
            Some(read) => drop(self.sources.insert(source, read)),
            None => {}
        }
    }

    fn keep(&mut self, source: u32, origin: Origin, facts: BlobFacts) {
        let arrival = Arrival { source, origin, history_lines: self.history_lines.contains(&source) };
        let draft = case::draft(facts, &arrival, &self.options);
        self.sources.insert(source, Source::Read(Box::new(draft)));
        self.case.take();
    }

    /// A source whose first pass runs elsewhere, in other workers or threads: its facts come with [`Session::adopt`].
    pub fn reserve(&mut self) -> u32 {
        let id = self.next;
        self.next += 1;
        id
    }

    /// Takes what a first pass that ran elsewhere found out about a reserved source.
    pub fn adopt(&mut self, source: u32, facts: BlobFacts) {
        self.keep(source, Origin::Input, facts);
    }

    /// The budgets in force, for a first pass that runs elsewhere.
    pub fn limits(&self) -> &Limits {
        &self.options.limits
    }

    /// Forgets a source and everything that was found out about it.
    pub fn remove(&mut self, source: u32) {
        self.sources.remove(&source);
        self.history_lines.remove(&source);
        self.results.remove(&source);
        self.case.take();
    }

    /// A whole text that was typed or pasted; it is recognised like any file. Gives the number of its source.
    pub fn paste(&mut self, text: &str) -> u32 {
        let source = self.begin("pasted text", Some(text.len() as u64), Origin::Pasted);
        self.push(source, text.as_bytes());
        self.close(source);
        source
    }

    /// A digest that somebody claims for the image. It is kept as a claim even if it is none, so that it shows.
    pub fn claim(&mut self, text: &str) -> u32 {
        let id = self.reserve();
        self.sources.insert(id, Source::Read(Box::new(case::claim_draft(text, id))));
        self.case.take();
        id
    }

    /// Sets an option.
    ///
    /// # Errors
    /// `session.unknown-limit`, if a budget of that name is not known; `session.bad-date` for a day that is not `YYYY-MM-DD`.
    pub fn set(&mut self, setting: &Setting) -> Result<(), ReadError> {
        self.case.take();
        match setting.clone() {
            Setting::BuildArg { key, value: Some(value) } => drop(self.options.build_args.insert(key, value)),
            Setting::BuildArg { key, value: None } => drop(self.options.build_args.remove(&key)),
            Setting::Target { value } => self.options.target = value,
            Setting::Platform { value } => self.options.platform = value,
            Setting::AsOf { value } => self.options.as_of = value.map(|day| checked_day(&day)).transpose()?,
            Setting::HistoryLines { source, value } => self.read_lines(source, value),
            Setting::Limit { key, value } => self.options.limits.set(&key, value).map_err(|unknown| {
                let names: Vec<&str> = self.options.limits.iter().map(|limit| limit.name).list();
                ReadError::new("session.unknown-limit", format!("one of {}", names.join(", ")), unknown.0)
            })?,
        }
        Ok(())
    }

    /// Reads a text as the texts of steps, one a line, or as whatever its content shows.
    fn read_lines(&mut self, source: u32, value: bool) {
        let changed = if value { self.history_lines.insert(source) } else { self.history_lines.remove(&source) };
        let Some(Source::Read(draft)) = self.sources.get_mut(&source).filter(|_| changed) else { return };
        if let Some(facts) = draft.item.facts.clone() {
            let arrival = Arrival { source, origin: draft.item.origin.clone(), history_lines: value };
            **draft = case::draft((*facts).clone(), &arrival, &self.options);
        }
    }

    /// Everything that was read, put together. It is put together once, and anew only after something changed.
    pub fn case(&self) -> &Case {
        self.case.get_or_init(|| {
            let drafts = self.sources.values().filter_map(|source| match source {
                Source::Read(draft) => Some((**draft).clone()),
                Source::Reading(..) => None,
            });
            Case::new(drafts.list(), self.options.clone(), &self.results)
        })
    }

    /// What one source was recognised as, in words; nothing while it is being read.
    pub fn what(&self, source: u32) -> String {
        match self.sources.get(&source) {
            Some(Source::Read(draft)) => {
                let alone = Case::new(vec![(**draft).clone()], self.options.clone(), &Map::new());
                alone.inputs().next().map(|(id, _)| report::what(&alone, id)).unwrap_or_default()
            }
            _ => String::new(),
        }
    }

    /// The report over everything that was read so far.
    pub fn report(&self) -> Report {
        report::build(self.case(), &checks::run(self.case()))
    }

    /// Asks for everything that can be rebuilt to be rebuilt; what it takes shows up in [`Session::needs`].
    pub fn rebuild(&mut self) {
        self.rebuilds = passes::Rebuilds::All;
    }

    /// Asks for those rebuilds only whose result can be compared with a digest at hand.
    pub fn rebuild_comparable(&mut self) {
        self.rebuilds = self.rebuilds.max(passes::Rebuilds::Comparable);
    }

    /// The histories that each builder would write for a Dockerfile at hand, by its evidence id.
    pub fn explain(&self, evidence: &str) -> Vec<protocol::Explanation> {
        explain::explain(self.case(), evidence)
    }

    /// Sources whose bytes are needed once more, and why.
    pub fn needs(&self) -> Vec<Need> {
        passes::needs(self.case(), &self.results, self.rebuilds)
    }

    /// Begins to stream a source once more. All passes that it needs are done together.
    pub fn begin_pass(&mut self, source: u32) {
        let pass = Pass::new(self.case(), source, self.results.get(&source), self.rebuilds);
        self.pass = Some((source, pass));
    }

    /// Takes the next bytes of a second pass.
    pub fn pass_push(&mut self, source: u32, bytes: &[u8]) {
        if let Some((running, Some(pass))) = &mut self.pass
            && *running == source
        {
            pass.push(bytes);
        }
    }

    /// Ends a second pass.
    ///
    /// # Errors
    /// `session.changed`: the bytes are not those of the first pass. The file changed while it was read; nothing of this pass
    /// is used.
    pub fn end_pass(&mut self, source: u32) -> Result<(), ReadError> {
        match self.pass.take() {
            Some((running, Some(pass))) if running == source => {
                self.case.take();
                let results = self.results.entry(source).or_default();
                pass.finish(results)
            }
            _ => Ok(()),
        }
    }
}

/// A day as `YYYY-MM-DD`.
fn checked_day(day: &str) -> Result<String, ReadError> {
    let shape = day.bytes().map(|byte| if byte.is_ascii_digit() { b'9' } else { byte });
    if shape.eq(*b"9999-99-99") {
        Ok(day.to_owned())
    } else {
        Err(ReadError::new("session.bad-date", "a day as YYYY-MM-DD", crate::finding::visible(day.as_bytes())))
    }
}
