//! First passes on threads: several files at once, and for a large one its two stages side by side, as the page runs them in
//! workers; the file stages of the layers inside it on a third thread.

mod parts;

use super::Failure;
use layerproof::intake::limits::Limits;
use layerproof::intake::stage::{FileFacts, FileStage, LARGE, Tail};
use layerproof::intake::{BlobFacts, Source};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

/// How much is read at once, and handed from stage to stage.
const PIECE: usize = 1 << 20;
/// Pieces that may lie between two stages.
const CREDITS: usize = 8;

/// A file to read.
pub(super) struct Job {
    pub(super) source: u32,
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) size: u64,
}

/// Reads all files, as many at once as there are processors, and gives what was found in the order of the jobs.
pub(super) fn read_all(jobs: &[Job], limits: &Limits) -> Result<Vec<BlobFacts>, Failure> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        while let Some((place, job)) = take(jobs, &next) {
            found.push((place, read_file(job, limits)));
        }
        found
    };
    let mut found: Vec<_> = thread::scope(|scope| {
        let hands: Vec<_> = (0..processors.min(jobs.len())).map(|_| scope.spawn(work)).collect();
        hands.into_iter().flat_map(|hand| hand.join().unwrap_or_default()).collect()
    });
    if found.len() != jobs.len() {
        return Err(Failure::Usage("a thread that was reading broke off".to_owned()));
    }
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, facts)| facts).collect()
}

fn take<'a>(jobs: &'a [Job], next: &AtomicUsize) -> Option<(usize, &'a Job)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(place).map(|job| (place, job))
}

fn read_file(job: &Job, limits: &Limits) -> Result<BlobFacts, Failure> {
    let mut file = File::open(&job.path).map_err(|error| Failure::File(job.path.clone(), error))?;
    if job.size >= LARGE {
        return side_by_side(&job.name, Some(job.size), &mut file, &job.path, limits);
    }
    let mut source = Source::new(&*job.name, Some(job.size), limits);
    pump(&mut file, &job.path, |piece| source.push(piece))?;
    Ok(source.close())
}

/// Reads with the file stage on this thread and the rest on others.
pub(super) fn side_by_side(
    name: &str,
    size: Option<u64>,
    from: &mut dyn Read,
    path: &Path,
    limits: &Limits,
) -> Result<BlobFacts, Failure> {
    let (sender, windows) = sync_channel(CREDITS);
    let (back, free) = channel();
    thread::scope(|scope| {
        let rest = scope.spawn(move || parts::read_rest(scope, Tail::new(name, size, limits), windows, back, limits));
        let mut windows = Windows { sender, free, window: Vec::new(), unpacked: false };
        let file = file_stage(from, path, limits, &mut windows);
        windows.end(file.as_ref().ok());
        drop(windows);
        let broken = || Failure::Usage(format!("{}: reading broke off", path.display()));
        let found = rest.join().ok().flatten();
        file?;
        found.ok_or_else(broken)
    })
}

fn file_stage(from: &mut dyn Read, path: &Path, limits: &Limits, windows: &mut Windows) -> Result<FileFacts, Failure> {
    let mut stage = FileStage::new(limits);
    pump(from, path, |piece| {
        // Bytes that decide whether the file is compressed go to both stages.
        if stage.compression().flatten().is_none() {
            windows.fill(false, piece);
        }
        stage.push(piece, &mut |made| windows.fill(true, made));
    })?;
    Ok(stage.finish(&mut |made| windows.fill(true, made)))
}

/// What the file stage hands on.
enum Handed {
    /// The next bytes of the file, or those that it unpacks to.
    Bytes { unpacked: bool, window: Vec<u8> },
    /// What the stage found, at the end.
    Found(Box<FileFacts>),
}

/// Gathers what is handed on and sends it; buffers that come back are filled again.
struct Windows {
    sender: SyncSender<Handed>,
    free: Receiver<Vec<u8>>,
    window: Vec<u8>,
    /// Whether the window holds what was unpacked.
    unpacked: bool,
}

impl Windows {
    fn fill(&mut self, unpacked: bool, mut bytes: &[u8]) {
        if unpacked != self.unpacked {
            self.send();
            self.unpacked = unpacked;
        }
        while !bytes.is_empty() {
            let (part, rest) = bytes.split_at(bytes.len().min(PIECE - self.window.len()));
            self.window.extend_from_slice(part);
            bytes = rest;
            if self.window.len() == PIECE {
                self.send();
            }
        }
    }

    fn send(&mut self) {
        let mut next = self.free.try_recv().unwrap_or_else(|_| Vec::with_capacity(PIECE));
        next.clear();
        let window = std::mem::replace(&mut self.window, next);
        // Nobody listens only if the other thread broke, which its join tells.
        let _ = self.sender.send(Handed::Bytes { unpacked: self.unpacked, window });
    }

    fn end(&mut self, found: Option<&FileFacts>) {
        self.send();
        if let Some(found) = found {
            let _ = self.sender.send(Handed::Found(Box::new(found.clone())));
        }
    }
}

/// Reads to the end in pieces.
pub(super) fn pump(from: &mut dyn Read, path: &Path, mut take: impl FnMut(&[u8])) -> Result<(), Failure> {
    let mut buffer = vec![0; PIECE];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => take(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure::File(path.to_owned(), error)),
        }
    }
}
