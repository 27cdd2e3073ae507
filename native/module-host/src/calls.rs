//! Which functions of the module are called, for somebody who watches: name, CK_RV and time. Neither arguments nor
//! answers: a PIN or a name could be among them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use serde::Serialize;

use crate::cryptoki::Rv;
use crate::frames::Output;

static WATCHED: AtomicBool = AtomicBool::new(false);
static OUTPUT: OnceLock<Arc<Output>> = OnceLock::new();

#[derive(Serialize)]
struct CallMessage {
    event: &'static str,
    function: &'static str,
    code: u32,
    /// Microseconds.
    us: u64,
}

/// From now on calls are told of, or not.
pub fn watch(on: bool, output: &Arc<Output>) {
    let _ = OUTPUT.set(output.clone());
    WATCHED.store(on, Ordering::SeqCst);
}

/// When a call began, if anybody wants to know.
pub fn begin() -> Option<Instant> {
    WATCHED.load(Ordering::Relaxed).then(Instant::now)
}

pub fn note(function: &'static str, code: Rv, began: Option<Instant>) {
    let (Some(began), Some(output)) = (began, OUTPUT.get()) else { return };
    let us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    let code = u32::try_from(code).unwrap_or(u32::MAX);
    output.send(&CallMessage { event: "call", function, code, us }, &[]);
}
