//! What the vendor's code may see of this process, and what may be left of it.

use std::fs::File;

/// Keeps the pipes to the agent for ourselves: the module's own standard input and output lead nowhere, so that
/// nothing it prints can be taken for an answer.
#[cfg(unix)]
pub fn private_pipes() -> std::io::Result<(File, File)> {
    use std::os::fd::{AsRawFd, FromRawFd};
    /// High enough not to be hit by code that closes "its" files by number.
    const FIRST: libc::c_int = 64;
    let nowhere = File::options().read(true).write(true).open("/dev/null")?;
    let keep = |standard: libc::c_int| {
        // SAFETY: plain system calls on descriptors that this process owns; the new one belongs to the `File`.
        unsafe {
            let kept = libc::fcntl(standard, libc::F_DUPFD_CLOEXEC, FIRST);
            if kept < 0 || libc::dup2(nowhere.as_raw_fd(), standard) < 0 {
                return Err(std::io::Error::last_os_error());
            }
            Ok(File::from_raw_fd(kept))
        }
    };
    Ok((keep(libc::STDIN_FILENO)?, keep(libc::STDOUT_FILENO)?))
}

/// A crash leaves no memory image behind, which could hold a PIN; no other program of this user may look inside.
#[cfg(unix)]
pub fn forbid_memory_images() {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: plain system calls.
    unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const none) };
    #[cfg(target_os = "linux")]
    // SAFETY: plain system call. Also stops images that the system would pipe to a collector.
    unsafe {
        libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0)
    };
}

/// Ends at once: the module's exit handlers are not run.
pub fn end(code: i32) -> ! {
    #[cfg(unix)]
    // SAFETY: never returns.
    unsafe {
        libc::_exit(code)
    }
    #[cfg(windows)]
    std::process::exit(code)
}

#[cfg(windows)]
mod system {
    use std::ffi::c_void;
    pub const STD_INPUT_HANDLE: u32 = -10_i32 as u32;
    pub const STD_OUTPUT_HANDLE: u32 = -11_i32 as u32;
    /// SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX, SEM_NOOPENFILEERRORBOX
    pub const NO_DIALOGS: u32 = 0x0001 | 0x0002 | 0x8000;
    unsafe extern "system" {
        pub fn GetStdHandle(which: u32) -> *mut c_void;
        pub fn SetStdHandle(which: u32, handle: *mut c_void) -> i32;
        pub fn SetErrorMode(mode: u32) -> u32;
    }
}

#[cfg(windows)]
pub fn private_pipes() -> std::io::Result<(File, File)> {
    use std::os::windows::io::{FromRawHandle, IntoRawHandle};
    let keep = |which: u32| {
        let nowhere = File::options().read(true).write(true).open("NUL")?.into_raw_handle();
        // SAFETY: the handles that the agent gave this process, taken over by the `File`.
        unsafe {
            let kept = system::GetStdHandle(which);
            if kept.is_null() || system::SetStdHandle(which, nowhere.cast()) == 0 {
                return Err(std::io::Error::last_os_error());
            }
            Ok(File::from_raw_handle(kept.cast()))
        }
    };
    Ok((keep(system::STD_INPUT_HANDLE)?, keep(system::STD_OUTPUT_HANDLE)?))
}

/// A crash shows no dialog, which nobody would answer, and makes no report.
#[cfg(windows)]
pub fn forbid_memory_images() {
    // SAFETY: plain system call.
    unsafe { system::SetErrorMode(system::NO_DIALOGS) };
}
