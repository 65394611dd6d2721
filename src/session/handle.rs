//! Requests of a shell, answered by the session.

use super::protocol::{Request, Response};
use super::{Session, choices, entries, explain};
use crate::case::Case;
use crate::checks;
use crate::example;
use crate::finding::ReadError;
use crate::order::Gather;
use crate::report::{self, catalogue};

/// Size of the pieces in which artefacts are handed out.
const CHUNK: usize = 4 << 20;

/// An answer, and the bytes that travel beside it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The answer.
    pub response: Response,
    /// Bytes of an artefact or an example; empty for every other answer.
    pub bytes: Vec<u8>,
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        Self { response, bytes: Vec::new() }
    }
}

impl Session {
    /// Answers one request. `bytes` came beside it.
    pub fn handle(&mut self, request: &Request, bytes: &[u8]) -> Answer {
        match request {
            Request::Open { name, size } => Response::Opened { source: self.open(name, *size) }.into(),
            Request::Push { source } => self.taken(*source, bytes).into(),
            Request::Close { source } => self.closed(*source).into(),
            Request::Remove { source } => {
                self.remove(*source);
                Response::Done.into()
            }
            Request::Paste { text } => Response::Opened { source: self.paste(text) }.into(),
            Request::Set { option } => done(self.set(option)).into(),
            Request::Needs => Response::Needs { needs: self.needs() }.into(),
            Request::BeginPass { source } => {
                self.begin_pass(*source);
                Response::Done.into()
            }
            Request::PassPush { source } => {
                self.pass_push(*source, bytes);
                Response::Taken { source: *source, read: self.received(*source) }.into()
            }
            Request::EndPass { source } => done(self.end_pass(*source)).into(),
            Request::Report => full_report(self.case()).into(),
            Request::Export { format } => {
                let export = self.export(*format);
                Response::Text {
                    text: export.text,
                    file_name: export.file_name.to_owned(),
                    media_type: export.media_type.to_owned(),
                }
                .into()
            }
            Request::Entries { evidence, filter, from, count } => {
                let (total, entries) = entries::page(self.case(), evidence, filter, *from, *count);
                Response::Entries { total, entries }.into()
            }
            Request::Explain { evidence } => Response::Explained { builders: explain::explain(self.case(), evidence) }.into(),
            Request::Example { name } => {
                let files = example::files(*name);
                Answer {
                    response: Response::Example { files: files.iter().map(example::File::listed).list() },
                    bytes: files.into_iter().flat_map(|file| file.bytes).list(),
                }
            }
            Request::Rebuild => {
                self.rebuild();
                Response::Done.into()
            }
            Request::Save { artefact, from } => self.chunk(*artefact, *from),
        }
    }

    fn taken(&mut self, source: u32, bytes: &[u8]) -> Response {
        self.push(source, bytes);
        Response::Taken { source, read: self.received(source) }
    }

    fn closed(&mut self, source: u32) -> Response {
        self.close(source);
        Response::Closed { source, what: self.what(source) }
    }

    fn chunk(&self, artefact: super::protocol::Artefact, from: u64) -> Answer {
        match self.save(artefact) {
            Ok(saved) => {
                let start = usize::try_from(from).unwrap_or(usize::MAX).min(saved.bytes.len());
                let end = (start + CHUNK).min(saved.bytes.len());
                Answer {
                    response: Response::Chunk { total: saved.bytes.len() as u64, file_name: saved.file_name.clone() },
                    bytes: saved.bytes[start..end].to_vec(),
                }
            }
            Err(error) => failed(&error).into(),
        }
    }
}

fn full_report(case: &Case) -> Response {
    Response::Report {
        report: Box::new(report::build(case, &checks::run(case))),
        sources: choices::sources(case),
        choices: choices::choices(case),
    }
}

fn done(outcome: Result<(), ReadError>) -> Response {
    outcome.map_or_else(|error| failed(&error), |()| Response::Done)
}

/// An error in the words of the catalogue.
fn failed(error: &ReadError) -> Response {
    let args = error.args.clone().with("expected", &error.expected).with("found", &error.found);
    Response::Failed {
        code: error.code.to_owned(),
        text: catalogue::text(error.code, &args),
        advice: catalogue::advice(error.code, &args).unwrap_or_default(),
    }
}
