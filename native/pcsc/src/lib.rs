//! PC/SC for Node-API.
//!
//! Every PC/SC call may block for as long as a card, a reader or another program likes, so none is made on
//! the thread of the event loop, nor in Node's shared thread pool: each open card has a thread with a PC/SC
//! context of its own ([`card`]), and so have the readers' states ([`watch`]). JavaScript posts jobs and is
//! called back with SCARD codes; what they mean is decided there (`electron/engine/readers/error-map.ts`).

// The unit tests have no JavaScript that would call the exported functions.
#![cfg_attr(test, allow(dead_code))]

mod attribute;
mod card;
mod code;
mod progress;
mod secret;
mod watch;

use napi_derive::napi;

/// The control code that SCardControl takes on this system for a PC/SC part 10 function
/// (`SCARD_CTL_CODE`, which differs between Windows and the others).
#[napi(catch_unwind)]
pub fn control_code(function: u32) -> u32 {
    // DWORD is wider than 32 bits on some systems, the value never is.
    pcsc::ctl_code(function.into()) as u32
}
