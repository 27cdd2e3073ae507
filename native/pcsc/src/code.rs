//! Result codes: 0 is success, the SCARD codes are themselves, and three are our own.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// SCARD_S_SUCCESS.
pub const SUCCESS: u32 = 0;
/// A Rust panic was caught. A fault of our own.
pub const PANIC: u32 = 1;
/// The job was abandoned before it touched the card; whatever it had got was let go.
pub const ABANDONED: u32 = 2;
/// The thread has ended and takes no more jobs.
pub const ENDED: u32 = 3;

/// The SCARD code of an error.
pub fn of(error: pcsc::Error) -> u32 {
    error as u32
}

/// Runs the work of a thread: a panic becomes a code, and never unwinds into C.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, u32> {
    // The work's data is dropped with the thread, so nobody sees it half changed.
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| PANIC)
}

#[cfg(test)]
mod tests {
    use super::{PANIC, caught, of};

    #[test]
    fn a_panic_becomes_a_code() {
        assert_eq!(caught(|| 7), Ok(7));
        assert_eq!(caught(|| -> u32 { panic!("on purpose") }), Err(PANIC));
    }

    #[test]
    fn an_error_is_its_scard_code() {
        assert_eq!(of(pcsc::Error::NoService), 0x8010_001D);
        assert_eq!(of(pcsc::Error::RemovedCard), 0x8010_0069);
    }
}
