//! What can go wrong with a module, as the agent is told.

use serde::Serialize;

/// Why a call gave nothing. `function` is the name in the standard.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Trouble {
    /// The module answered with an error code (`CK_RV`, cut to 32 bits).
    Code { function: &'static str, code: u32 },
    /// The module answered what cannot be.
    Answer { function: &'static str, what: &'static str },
    /// Another token lies in the slot than the one that was meant: it was told nothing.
    Changed,
    /// The token has no such private key.
    Key,
    /// The request was not as it must be. The module was not called.
    Request { what: &'static str },
    /// Our own fault.
    Panic,
}

pub type Outcome<T> = Result<T, Trouble>;

/// Why a file cannot be used as a module.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unusable {
    /// The system's loader refused it.
    Load,
    /// It exports no `C_GetFunctionList`.
    NoFunctionList,
    /// Its function list is empty, or of a version that nobody knows.
    FunctionList,
    /// It reported an error while starting.
    Initialize { function: &'static str, code: u32 },
}
