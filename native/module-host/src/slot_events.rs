//! Changes of slots. A thread waits in `C_WaitForSlotEvent` where the module lets it; else the module is asked
//! between calls. Any number of events makes one message until the agent lists again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::cryptoki::{SlotId, flag, rv};
use crate::frames::Output;
use crate::module::Module;

/// Pause after an event, so that a flood of them leaves the processor to others.
const PAUSE: Duration = Duration::from_millis(50);
/// More events than this within `FLOOD_TIME` are no events: the thread ends and the module is asked instead.
const FLOOD: u32 = 100;
const FLOOD_TIME: Duration = Duration::from_secs(10);

/// A module that tells of an event at each question tells nothing.
const MOST_IN_A_ROW: u32 = 20;

/// Says once that slots have changed, until `listed`.
pub struct Announcer {
    output: Arc<Output>,
    told: AtomicBool,
}

impl Announcer {
    pub fn new(output: Arc<Output>) -> Self {
        Self { output, told: AtomicBool::new(false) }
    }

    pub fn changed(&self) {
        if !self.told.swap(true, Ordering::SeqCst) {
            self.output.send(&json!({ "event": "slots" }), &[]);
        }
    }

    pub fn listed(&self) {
        self.told.store(false, Ordering::SeqCst);
    }
}

/// Waits in the module until that makes no sense; then `fallback` is told, which asks from there on.
pub fn wait(module: &Module, announcer: &Announcer, fallback: &Sender<crate::Task>) {
    let (mut since, mut events) = (Instant::now(), 0);
    loop {
        match module.wait_for_slot_event(true) {
            rv::OK => {
                announcer.changed();
                if since.elapsed() > FLOOD_TIME {
                    (since, events) = (Instant::now(), 0);
                }
                events += 1;
                if events > FLOOD {
                    break;
                }
                std::thread::sleep(PAUSE);
            }
            rv::CRYPTOKI_NOT_INITIALIZED => return,
            _ => break,
        }
    }
    let _ = fallback.send(crate::Task::Poll);
}

/// Asks the module whether something has changed.
pub struct Polling {
    /// The module does not know `C_WaitForSlotEvent`: the presence of tokens is compared.
    seen: Option<Vec<bool>>,
    compare: bool,
    /// Events that came one question after the other.
    in_a_row: u32,
}

impl Polling {
    pub fn new() -> Self {
        Self { seen: None, compare: false, in_a_row: 0 }
    }

    pub fn ask(&mut self, module: &Module, announcer: &Announcer) {
        if !self.compare {
            match module.wait_for_slot_event(false) {
                rv::OK if self.in_a_row < MOST_IN_A_ROW => {
                    self.in_a_row += 1;
                    return announcer.changed();
                }
                rv::NO_EVENT => {
                    self.in_a_row = 0;
                    return;
                }
                _ => self.compare = true,
            }
        }
        let Ok(slots) = module.slots() else { return };
        let present =
            |slot: &SlotId| module.slot(*slot).is_ok_and(|info| info.flags & flag::TOKEN_PRESENT != 0);
        let now: Vec<bool> = slots.iter().map(present).collect();
        if self.seen.as_ref().is_some_and(|seen| *seen != now) {
            announcer.changed();
        }
        self.seen = Some(now);
    }
}
