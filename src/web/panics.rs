//! A panic ends the instance (`panic = "abort"`), so the page is told before it does.

use super::message::Outgoing;
use crate::finding::Args;
use crate::report::catalogue;
use crate::session::protocol::Response;
use std::cell::Cell;
use web_sys::DedicatedWorkerGlobalScope;

thread_local! {
    static SERVING: Cell<u32> = const { Cell::new(0) };
}

/// Notes which request is being answered: a panic from now on belongs to it.
pub(super) fn serving(request: u32) {
    SERVING.set(request);
}

/// Makes a panic post a `failed` answer with the code `web.panicked` to the request that caused it.
pub(super) fn announce(scope: &DedicatedWorkerGlobalScope) {
    let scope = scope.clone();
    std::panic::set_hook(Box::new(move |info| {
        let args = Args::new().with("found", info);
        let (text, advice) =
            (catalogue::text("web.panicked", &args), catalogue::advice("web.panicked", &args).unwrap_or_default());
        let failed = Response::Failed { code: "web.panicked".to_owned(), text, advice };
        if let Ok(answer) = Outgoing::new(SERVING.get(), &failed) {
            let _ = answer.post(&scope);
        }
    }));
}
