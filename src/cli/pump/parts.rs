//! The second stage of a large file on a thread of its own, and the file stages of the large parts of an archive on another.
//!
//! Neither thread waits for the other while that one waits for it: what goes to the parts' thread is queued without a bound, and
//! the archive's next bytes are only taken once the queue is short.

use super::{CREDITS, Handed, PIECE};
use layerproof::intake::BlobFacts;
use layerproof::intake::limits::Limits;
use layerproof::intake::stage::{Errands, FileFacts, FileStage, Tail};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::Scope;

/// Reads what the file stage hands on until it says what it found; nothing if it breaks off.
pub(super) fn read_rest<'scope>(
    scope: &'scope Scope<'scope, '_>,
    tail: Tail,
    windows: Receiver<Handed>,
    back: Sender<Vec<u8>>,
    limits: &'scope Limits,
) -> Option<BlobFacts> {
    let queue = Arc::new(Mutex::new(Queue::default()));
    let mut tail = tail.with_errands(Box::new(Outbox(Arc::clone(&queue))));
    let (sender, errands) = sync_channel(CREDITS);
    let (arriving, arrivals) = sync_channel(CREDITS);
    scope.spawn(move || run(&errands, &arriving, limits));
    let mut parts = Parts { queue, sender, arrivals };
    for handed in windows {
        let window = match handed {
            Handed::Bytes { unpacked, window } => {
                if unpacked {
                    tail.unpacked(&window);
                } else {
                    tail.file(&window);
                }
                window
            }
            Handed::Found(facts) => {
                tail.end();
                parts.exchange(&mut tail, 0)?;
                while tail.open_parts() > 0 {
                    parts.arrived(&mut tail)?;
                }
                return Some(tail.close(*facts));
            }
        };
        let _ = back.send(window);
        parts.exchange(&mut tail, CREDITS)?;
    }
    None
}

enum Errand {
    Begin,
    Piece(u32, Vec<u8>),
    End(u32),
}

enum Arrival {
    Unpacked(u32, Vec<u8>),
    /// A buffer whose bytes were taken.
    Back(Vec<u8>),
    Done(u32, Box<FileFacts>),
}

#[derive(Default)]
struct Queue {
    next: u32,
    errands: VecDeque<Errand>,
    free: Vec<Vec<u8>>,
}

/// Where the archive's walk leaves what is to be done.
struct Outbox(Arc<Mutex<Queue>>);

/// The queue is only ever used on one thread; a lock is how it may be held by what can be moved to another.
fn locked(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Errands for Outbox {
    fn begin(&mut self) -> Option<u32> {
        let mut queue = locked(&self.0);
        let part = queue.next;
        queue.next += 1;
        queue.errands.push_back(Errand::Begin);
        Some(part)
    }

    fn push(&mut self, part: u32, bytes: &[u8]) {
        let Queue { errands, free, .. } = &mut *locked(&self.0);
        match errands.back_mut() {
            Some(Errand::Piece(_, piece)) if piece.len() + bytes.len() <= PIECE => piece.extend_from_slice(bytes),
            _ => {
                let mut piece = free.pop().unwrap_or_else(|| Vec::with_capacity(PIECE));
                piece.clear();
                piece.extend_from_slice(bytes);
                errands.push_back(Errand::Piece(part, piece));
            }
        }
    }

    fn end(&mut self, part: u32) {
        locked(&self.0).errands.push_back(Errand::End(part));
    }
}

/// The thread that runs file stages, as the walk's thread sees it.
struct Parts {
    queue: Arc<Mutex<Queue>>,
    sender: SyncSender<Errand>,
    arrivals: Receiver<Arrival>,
}

impl Parts {
    /// Sends errands and takes what arrives, until at most so many errands are queued. Nothing if the other thread is gone.
    fn exchange(&mut self, tail: &mut Tail, most: usize) -> Option<()> {
        loop {
            while let Ok(arrival) = self.arrivals.try_recv() {
                self.take(tail, arrival);
            }
            let next = locked(&self.queue).errands.pop_front();
            let Some(errand) = next else { return Some(()) };
            match self.sender.try_send(errand) {
                Ok(()) => {}
                Err(TrySendError::Full(errand)) => {
                    let left = {
                        let errands = &mut locked(&self.queue).errands;
                        errands.push_front(errand);
                        errands.len()
                    };
                    if left <= most {
                        return Some(());
                    }
                    self.arrived(tail)?;
                }
                Err(TrySendError::Disconnected(_)) => return None,
            }
        }
    }

    /// Waits for the next that arrives. Something does, as long as the other thread has errands: it gives every buffer back.
    fn arrived(&mut self, tail: &mut Tail) -> Option<()> {
        let arrival = self.arrivals.recv().ok()?;
        self.take(tail, arrival);
        Some(())
    }

    fn take(&mut self, tail: &mut Tail, arrival: Arrival) {
        match arrival {
            Arrival::Unpacked(part, window) => tail.part_unpacked(part, &window),
            Arrival::Back(buffer) => locked(&self.queue).free.push(buffer),
            Arrival::Done(part, facts) => tail.part_done(part, *facts),
        }
    }
}

/// Runs the file stages that are asked for, one after the other, until nobody asks any more.
fn run(errands: &Receiver<Errand>, arriving: &SyncSender<Arrival>, limits: &Limits) {
    let mut stage = FileStage::new(limits);
    let mut window = Vec::new();
    // Nobody listens only if the walk broke off; then nobody asks for more either.
    let send = |arrival| drop(arriving.send(arrival));
    for errand in errands {
        match errand {
            Errand::Begin => stage = FileStage::new(limits),
            Errand::Piece(part, piece) => {
                let mut rest = &piece[..];
                while !rest.is_empty() {
                    let (bite, later) = rest.split_at(stage.bite().min(rest.len()));
                    stage.push(bite, &mut |made| fill(&mut window, made, part, &send));
                    rest = later;
                }
                send(Arrival::Back(piece));
            }
            Errand::End(part) => {
                let stage = std::mem::replace(&mut stage, FileStage::new(limits));
                let facts = stage.finish(&mut |made| fill(&mut window, made, part, &send));
                if !window.is_empty() {
                    send(Arrival::Unpacked(part, std::mem::take(&mut window)));
                }
                send(Arrival::Done(part, Box::new(facts)));
            }
        }
    }
}

/// Gathers what a stage makes and sends it on, window by window.
fn fill(window: &mut Vec<u8>, made: &[u8], part: u32, send: &impl Fn(Arrival)) {
    window.extend_from_slice(made);
    if window.len() >= PIECE {
        send(Arrival::Unpacked(part, std::mem::replace(window, Vec::with_capacity(PIECE))));
    }
}
