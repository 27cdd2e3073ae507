//! How far a card's thread is, so that a job can be given up before it touches the card, and never after.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Default)]
struct State {
    /// The newest job that the thread has taken up. Ids grow from job to job.
    current: u32,
    /// That job still waits for the reader (SCardConnect, SCardBeginTransaction).
    waiting: bool,
    abandoned: HashSet<u32>,
}

/// Shared by the thread and the event loop; locked for some instructions only, never during a PC/SC call.
#[derive(Default)]
pub struct Progress(Mutex<State>);

impl Progress {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The thread takes up a job. False: it was given up meanwhile and must not run.
    pub fn take_up(&self, id: u32) -> bool {
        let mut state = self.state();
        state.current = id;
        state.waiting = true;
        if state.abandoned.remove(&id) {
            state.waiting = false;
            return false;
        }
        true
    }

    /// The reader is ours. False: the job was given up meanwhile, the reader must be let go at once.
    pub fn proceed(&self) -> bool {
        let mut state = self.state();
        state.waiting = false;
        let id = state.current;
        !state.abandoned.remove(&id)
    }

    /// Gives a job up. False when it is too late: it has the reader, or is done.
    pub fn abandon(&self, id: u32) -> bool {
        let mut state = self.state();
        let early = id > state.current || (id == state.current && state.waiting);
        if early {
            state.abandoned.insert(id);
        }
        early
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    #[test]
    fn a_queued_job_can_be_abandoned() {
        let progress = Progress::default();
        assert!(progress.take_up(1));
        assert!(progress.proceed());
        assert!(progress.abandon(2));
        assert!(!progress.take_up(2));
    }

    #[test]
    fn a_waiting_job_can_be_abandoned_and_must_let_go() {
        let progress = Progress::default();
        assert!(progress.take_up(1));
        assert!(progress.abandon(1));
        assert!(!progress.proceed());
    }

    #[test]
    fn a_job_that_has_the_reader_cannot_be_abandoned() {
        let progress = Progress::default();
        assert!(progress.take_up(1));
        assert!(progress.proceed());
        assert!(!progress.abandon(1));
        assert!(!progress.abandon(0));
    }

    #[test]
    fn abandoning_one_job_leaves_the_next_alone() {
        let progress = Progress::default();
        assert!(progress.take_up(1));
        assert!(progress.abandon(1));
        assert!(!progress.proceed());
        assert!(progress.take_up(2));
        assert!(progress.proceed());
    }
}
