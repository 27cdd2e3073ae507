//! The readers and what they hold, as events.

use std::collections::HashMap;
use std::ffi::CString;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use napi::bindgen_prelude::{Env, FnArgs, Uint8Array};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Error, Result, Status, sys};
use napi_derive::napi;
use pcsc::{Context, PNP_NOTIFICATION, ReaderState, Scope, State};

use crate::code;

/// Where the service cannot tell of new readers (no PnP pseudo-reader: Apple), the list is read again this often.
const LIST_AGAIN_WITHOUT_PNP: Duration = Duration::from_secs(1);
/// Where it can, the list is still read again now and then: a reader that came between listing and waiting
/// is not told of by every version of the service.
const LIST_AGAIN: Duration = Duration::from_secs(60);
/// While a card is there its reader is looked at this often: services do not tell of other programs that take a
/// card for themselves or let it go.
const LOOK_AT_SHARING: Duration = Duration::from_secs(1);
/// A cancel that arrives before the wait has begun is lost, so it is sent until the thread has ended.
const CANCEL_AGAIN: Duration = Duration::from_millis(20);
const CANCELS: u32 = 250;

/// One reader at one look.
#[napi(object, object_from_js = false)]
pub struct ReaderLook {
    pub name: String,
    /// SCARD_STATE_* flags, without the counter.
    pub flags: u32,
    /// Insertions and removals since the service started, modulo 65,536 (high word of dwEventState).
    pub count: u32,
    pub atr: Uint8Array,
}

type Look = FnArgs<(u32, Option<Vec<ReaderLook>>)>;
type OnLook = ThreadsafeFunction<Look, (), Look, Status, false>;

#[derive(Default)]
struct Shared {
    context: Option<Context>,
    stopping: bool,
    ended: bool,
}

struct Control {
    shared: Mutex<Shared>,
    changed: Condvar,
}

impl Control {
    fn with<T>(&self, use_it: impl FnOnce(&mut Shared) -> T) -> T {
        let result = use_it(&mut self.shared.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
        result
    }

    /// Ends the wait, from a thread of its own: even SCardCancel talks to the service and may block.
    fn cancel(&self) {
        for _ in 0..CANCELS {
            let guard = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            if guard.ended {
                return;
            }
            let context = guard.context.clone();
            drop(guard);
            if let Some(context) = context {
                let _ = context.cancel();
            }
            let guard = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = self.changed.wait_timeout_while(guard, CANCEL_AGAIN, |shared| !shared.ended);
        }
    }
}

/// A running watch. Stops when told to, when collected, or when the service goes.
#[napi]
pub struct ReaderWatch {
    control: Arc<Control>,
    on_look: Weak<OnLook>,
}

/// Starts to watch the readers. `on_look` is called with code 0 and all readers after every change (at once
/// for the first time), and once with another code and `null` when the watch has ended by itself.
#[napi(catch_unwind)]
pub fn watch_readers(on_look: OnLook) -> Result<ReaderWatch> {
    let on_look = Arc::new(on_look);
    let control = Arc::new(Control { shared: Mutex::default(), changed: Condvar::new() });
    let watch = ReaderWatch { control: control.clone(), on_look: Arc::downgrade(&on_look) };
    thread::Builder::new()
        .name("buletin-watch".into())
        .spawn(move || {
            let ended = code::caught(|| run(&control, &on_look)).and_then(|result| result);
            let stopping = control.with(|shared| {
                shared.context = None;
                shared.ended = true;
                shared.stopping
            });
            if let (Err(code), false) = (ended, stopping) {
                on_look.call((code, None).into(), ThreadsafeFunctionCallMode::NonBlocking);
            }
        })
        .map_err(|error| Error::new(Status::GenericFailure, error.to_string()))?;
    Ok(watch)
}

#[napi]
impl ReaderWatch {
    /// Stops, without waiting. Nothing is reported any more, and the process may exit meanwhile.
    #[napi(catch_unwind)]
    pub fn stop(&self, env: Env) -> Result<()> {
        self.end();
        if let Some(on_look) = self.on_look.upgrade() {
            release_event_loop(&env, &on_look.handle);
        }
        Ok(())
    }
}

impl ReaderWatch {
    fn end(&self) {
        let first =
            self.control.with(|shared| !std::mem::replace(&mut shared.stopping, true) && !shared.ended);
        if first {
            let control = self.control.clone();
            // Without a thread for it the watch goes on in silence until the next change: harmless.
            let _ = thread::Builder::new().name("buletin-cancel".into()).spawn(move || control.cancel());
        }
    }
}

impl Drop for ReaderWatch {
    fn drop(&mut self) {
        self.end();
    }
}

/// Lets the process exit although a thread still holds the callback (it may be stuck in a PC/SC call).
pub fn release_event_loop(env: &Env, handle: &napi::threadsafe_function::ThreadsafeFunctionHandle) {
    handle.with_read_aborted(|aborted| {
        if !aborted {
            // SAFETY: called on the thread of the environment, with a function that is not released yet.
            unsafe { sys::napi_unref_threadsafe_function(env.raw(), handle.get_raw()) };
        }
    });
}

fn run(control: &Control, on_look: &OnLook) -> std::result::Result<(), u32> {
    let context = Context::establish(Scope::User).map_err(code::of)?;
    control.with(|shared| shared.context = Some(context.clone()));
    let pnp = has_pnp(&context)?;
    let mut states: Vec<ReaderState> = Vec::new();
    let mut told: Option<Vec<(CString, u32, u32)>> = None;
    loop {
        states = list(&context, states, pnp)?;
        // First a look without waiting, so that readers new in the list are known before we wait for changes.
        wait(&context, Duration::ZERO, &mut states)?;
        loop {
            if control.with(|shared| shared.stopping) {
                return Ok(());
            }
            tell(&states, &mut told, on_look);
            let list_again = states.iter().any(|state| {
                let about = state.event_state();
                let changed = about.contains(State::CHANGED);
                (is_pnp(state) && changed)
                    || about.intersects(State::UNKNOWN | State::UNAVAILABLE | State::IGNORE)
            });
            for state in &mut states {
                state.sync_current_state();
            }
            if list_again {
                break;
            }
            let card = states.iter().any(|state| state.event_state().contains(State::PRESENT));
            let patience = match (pnp, card) {
                (false, _) => LIST_AGAIN_WITHOUT_PNP,
                (true, true) => LOOK_AT_SHARING,
                (true, false) => LIST_AGAIN,
            };
            if !wait(&context, patience, &mut states)? {
                break;
            }
        }
    }
}

/// Looks at one reader once, without waiting for a change: calls `on_look` with code 0 and that reader, or with
/// another code and `null`.
#[napi(catch_unwind)]
pub fn look_at_reader(reader: String, on_look: OnLook) -> Result<()> {
    let name =
        CString::new(reader).map_err(|_| Error::new(Status::InvalidArg, "a reader name without NUL"))?;
    thread::Builder::new()
        .name("buletin-look".into())
        .spawn(move || {
            let looked = code::caught(|| {
                let context = Context::establish(Scope::User).map_err(code::of)?;
                let mut states = [ReaderState::new(name, State::UNAWARE)];
                context.get_status_change(Duration::ZERO, &mut states).map_err(code::of)?;
                Ok(states.iter().map(look_of).collect())
            });
            let (code, looks) = match looked.and_then(|result| result) {
                Ok(looks) => (code::SUCCESS, Some(looks)),
                Err(code) => (code, None),
            };
            on_look.call((code, looks).into(), ThreadsafeFunctionCallMode::NonBlocking);
        })
        .map_err(|error| Error::new(Status::GenericFailure, error.to_string()))?;
    Ok(())
}

/// Waits for a change; false when there was none in time.
fn wait(context: &Context, patience: Duration, states: &mut [ReaderState]) -> std::result::Result<bool, u32> {
    if states.is_empty() {
        thread::sleep(patience);
        return Ok(false);
    }
    match context.get_status_change(patience, states) {
        Ok(()) => Ok(true),
        Err(pcsc::Error::Timeout) => Ok(false),
        // A reader went away between listing and looking: the list is read again.
        Err(pcsc::Error::UnknownReader | pcsc::Error::ReaderUnavailable) => Ok(false),
        Err(error) => Err(code::of(error)),
    }
}

/// Whether this service tells of readers coming and going by the pseudo-reader.
fn has_pnp(context: &Context) -> std::result::Result<bool, u32> {
    let mut states = [ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)];
    match context.get_status_change(Duration::ZERO, &mut states) {
        Ok(()) | Err(pcsc::Error::Timeout) => Ok(!states[0].event_state().contains(State::UNKNOWN)),
        Err(pcsc::Error::UnknownReader) => Ok(false),
        Err(error) => Err(code::of(error)),
    }
}

fn is_pnp(state: &ReaderState) -> bool {
    state.name() == PNP_NOTIFICATION()
}

/// The readers as the service lists them now, each with what was known of it before.
fn list(
    context: &Context,
    before: Vec<ReaderState>,
    pnp: bool,
) -> std::result::Result<Vec<ReaderState>, u32> {
    let mut known: HashMap<CString, ReaderState> =
        before.into_iter().map(|state| (state.name().to_owned(), state)).collect();
    let mut names = match context.list_readers_owned() {
        // A reader came between the call for the length and the call for the names.
        Err(pcsc::Error::InsufficientBuffer) => context.list_readers_owned(),
        listed => listed,
    }
    .map_err(code::of)?;
    if pnp {
        names.push(PNP_NOTIFICATION().to_owned());
    }
    Ok(names
        .into_iter()
        .map(|name| known.remove(&name).unwrap_or_else(|| ReaderState::new(name, State::UNAWARE)))
        .collect())
}

/// Tells what the readers are now, unless it is what was told last.
fn tell(states: &[ReaderState], told: &mut Option<Vec<(CString, u32, u32)>>, on_look: &OnLook) {
    let gone = State::UNKNOWN | State::UNAVAILABLE | State::IGNORE;
    let readers = || states.iter().filter(|state| !is_pnp(state) && !state.event_state().intersects(gone));
    let now: Vec<_> =
        readers().map(|state| (state.name().to_owned(), flags(state), state.event_count())).collect();
    if told.as_ref() == Some(&now) {
        return;
    }
    *told = Some(now);
    let looks = readers().map(look_of).collect();
    on_look.call((code::SUCCESS, Some(looks)).into(), ThreadsafeFunctionCallMode::NonBlocking);
}

/// SCARD_STATE_* without CHANGED, which only says that this look differs from the one before.
fn flags(state: &ReaderState) -> u32 {
    (state.event_state() - State::CHANGED).bits() as u32
}

fn look_of(state: &ReaderState) -> ReaderLook {
    ReaderLook {
        name: state.name().to_string_lossy().into_owned(),
        flags: flags(state),
        count: state.event_count(),
        atr: state.atr().to_vec().into(),
    }
}
