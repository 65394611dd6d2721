//! The second stage of a large file on a thread of its own, and the file stages of the large parts of an archive on another.
//!
//! Neither thread waits for the other while that one waits for it: what goes to the parts' thread is queued without a bound, and
//! the archive's next bytes are only taken once the queue is short.

use super::{CREDITS, Handed, PIECE};
use layerproof::intake::BlobFacts;
use layerproof::intake::limits::Limits;
use layerproof::intake::stage::{Errands, FileFacts, FileStage, Tail};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, sync_channel};
use std::thread::Scope;

/// Reads what the file stage hands on until it says what it found; nothing if it breaks off.
pub(super) fn read_rest<'scope>(
    scope: &'scope Scope<'scope, '_>,
    tail: Tail,
    windows: Receiver<Handed>,
    back: Sender<Vec<u8>>,
    limits: &'scope Limits,
) -> Option<BlobFacts> {
    let queue = Rc::new(RefCell::new(Queue::default()));
    let mut tail = tail.with_errands(Box::new(Outbox(Rc::clone(&queue))));
    let (sender, errands) = sync_channel(CREDITS);
    let (arriving, arrivals) = sync_channel(CREDITS);
    scope.spawn(move || run(&errands, &arriving, limits));
    let mut parts = Parts { queue, sender, arrivals };
    for handed in windows {
        let window = match handed {
            Handed::File(window) => {
                tail.file(&window);
                window
            }
            Handed::Unpacked(window) => {
                tail.unpacked(&window);
                window
            }
            Handed::Found(facts) => {
                tail.end();
                parts.exchange(&mut tail, 0)?;
                while tail.open_parts() > 0 {
                    parts.arrived(&mut tail)?;
                }
                return Some(tail.close(facts));
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
struct Outbox(Rc<RefCell<Queue>>);

impl Errands for Outbox {
    fn begin(&mut self) -> Option<u32> {
        let mut queue = self.0.borrow_mut();
        let part = queue.next;
        queue.next += 1;
        queue.errands.push_back(Errand::Begin);
        Some(part)
    }

    fn push(&mut self, part: u32, bytes: &[u8]) {
        let Queue { errands, free, .. } = &mut *self.0.borrow_mut();
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
        self.0.borrow_mut().errands.push_back(Errand::End(part));
    }
}

/// The thread that runs file stages, as the walk's thread sees it.
struct Parts {
    queue: Rc<RefCell<Queue>>,
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
            let next = self.queue.borrow_mut().errands.pop_front();
            let Some(errand) = next else { return Some(()) };
            match self.sender.try_send(errand) {
                Ok(()) => {}
                Err(TrySendError::Full(errand)) => {
                    let left = {
                        let errands = &mut self.queue.borrow_mut().errands;
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
            Arrival::Back(buffer) => self.queue.borrow_mut().free.push(buffer),
            Arrival::Done(part, facts) => tail.part_done(part, *facts),
        }
    }
}

/// Runs the file stages that are asked for, one after the other, until nobody asks any more.
fn run(errands: &Receiver<Errand>, arriving: &SyncSender<Arrival>, limits: &Limits) {
    let mut stage = FileStage::new(limits);
    // Nobody listens only if the walk broke off; then nobody asks for more either.
    let send = |arrival| drop(arriving.send(arrival));
    for errand in errands {
        match errand {
            Errand::Begin => stage = FileStage::new(limits),
            Errand::Piece(part, piece) => {
                let mut rest = &piece[..];
                while !rest.is_empty() {
                    let (bite, later) = rest.split_at(stage.bite().min(rest.len()));
                    let is_plain = stage.compression() == Some(None);
                    let made = gather(is_plain, |window| send(Arrival::Unpacked(part, window)), |next| stage.push(bite, next));
                    if stage.compression().flatten().is_some() && !made.is_empty() {
                        send(Arrival::Unpacked(part, made));
                    }
                    rest = later;
                }
                send(Arrival::Back(piece));
            }
            Errand::End(part) => {
                let stage = std::mem::replace(&mut stage, FileStage::new(limits));
                let is_plain = stage.compression() == Some(None);
                let mut facts = None;
                let made =
                    gather(is_plain, |window| send(Arrival::Unpacked(part, window)), |next| facts = Some(stage.finish(next)));
                let Some(facts) = facts else { return };
                if facts.compression.is_some() && !made.is_empty() {
                    send(Arrival::Unpacked(part, made));
                }
                send(Arrival::Done(part, Box::new(facts)));
            }
        }
    }
}

/// Gathers what a stage makes and sends it on, window by window; gives what is left. What a plain file "makes" is already there
/// where it came from.
fn gather(is_plain: bool, send: impl Fn(Vec<u8>), work: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Vec<u8> {
    let mut window = Vec::new();
    work(&mut |made| {
        if !is_plain {
            window.extend_from_slice(made);
            if window.len() >= PIECE {
                send(std::mem::take(&mut window));
            }
        }
    });
    window
}
