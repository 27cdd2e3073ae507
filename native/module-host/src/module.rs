//! One loaded module, called with bounds: whatever it answers, no more is allocated or believed than fits.

use std::ffi::c_void;
use std::path::Path;
use std::ptr;

use crate::buffer::Margined;
use crate::cryptoki::{
    Attribute, FunctionList, GetFunctionList, Info, InitializeArguments, Mechanism, MechanismInfo,
    ObjectHandle, Rv, SessionHandle, SlotId, SlotInfo, TokenInfo, UNAVAILABLE, Ulong, Version, flag, rv,
};
use crate::trouble::{Outcome, Trouble, Unusable};
use libloading::Library;

/// Most slots, mechanisms of a token, and objects of one class on a token.
const MOST_SLOTS: Ulong = 256;
const MOST_MECHANISMS: Ulong = 1024;
const MOST_OBJECTS: usize = 256;
const OBJECTS_AT_ONCE: usize = 16;
/// Longest attribute value, in bytes; a certificate has a few thousand.
const LONGEST_VALUE: Ulong = 64 * 1024;
/// Longest signature: RSA with 8192 bits.
const LONGEST_SIGNATURE: usize = 1024;

/// A module that has been initialised.
pub struct Module {
    functions: FunctionList,
    /// Whether it may be called from several threads.
    pub threads: bool,
    /// Vendor code is never unloaded: its threads may still run in it.
    _library: std::mem::ManuallyDrop<Library>,
}

// SAFETY: the function list is a table of code addresses; calls from several threads are made only where the
// module accepted CKF_OS_LOCKING_OK.
unsafe impl Send for Module {}
unsafe impl Sync for Module {}

/// Calls a function of the list, or says that the module lacks it.
macro_rules! call {
    ($module:expr, $name:ident ( $($argument:expr),* )) => {{
        let function = $module.functions.$name;
        let began = crate::calls::begin();
        let code = match function {
            // SAFETY: the module exported this function for this signature; all pointers given to it are to
            // live memory of the lengths said.
            Some(function) => unsafe { function($($argument),*) },
            None => rv::FUNCTION_NOT_SUPPORTED,
        };
        crate::calls::note(stringify!($name), code, began);
        code
    }};
}

macro_rules! checked {
    ($module:expr, $name:ident ( $($argument:expr),* )) => {
        check(stringify!($name), call!($module, $name($($argument),*)))
    };
}

fn check(function: &'static str, code: Rv) -> Outcome<()> {
    if code == rv::OK { Ok(()) } else { Err(Trouble::Code { function, code: short(code) }) }
}

/// A code as 32 bits: all that are standardised or a vendor's own fit.
fn short(code: Rv) -> u32 {
    u32::try_from(code).unwrap_or(u32::MAX)
}

fn impossible(function: &'static str, what: &'static str) -> Trouble {
    Trouble::Answer { function, what }
}

impl Module {
    /// Loads and initialises a module. Code of the vendor's runs from the first moment.
    pub fn load(path: &Path) -> Result<Self, Unusable> {
        let library = open_library(path).map_err(|_| Unusable::Load)?;
        let functions = {
            // SAFETY: PKCS #11 gives the symbol this type; what is no module may crash here, which ends no more
            // than this process.
            let get = unsafe { library.get::<GetFunctionList>(c"C_GetFunctionList") };
            let get = get.map_err(|_| Unusable::NoFunctionList)?;
            let mut list: *const FunctionList = ptr::null();
            // SAFETY: as above; `list` lives through the call.
            let code = unsafe { get(&raw mut list) };
            if code != rv::OK || list.is_null() {
                return Err(Unusable::FunctionList);
            }
            // The version stands first and says how much follows.
            // SAFETY: a module's function list is in its static memory.
            let version = unsafe { ptr::read_unaligned(list.cast::<Version>()) };
            if !(2..=3).contains(&version.major) {
                return Err(Unusable::FunctionList);
            }
            // SAFETY: the same; versions 2 and 3 begin with these functions.
            unsafe { ptr::read_unaligned(list) }
        };
        let mut module = Self { functions, threads: true, _library: std::mem::ManuallyDrop::new(library) };
        module.initialize()?;
        Ok(module)
    }

    fn initialize(&mut self) -> Result<(), Unusable> {
        let mut arguments = InitializeArguments {
            CreateMutex: ptr::null_mut(),
            DestroyMutex: ptr::null_mut(),
            LockMutex: ptr::null_mut(),
            UnlockMutex: ptr::null_mut(),
            flags: flag::OS_LOCKING_OK,
            pReserved: ptr::null_mut(),
        };
        let mut code = call!(self, C_Initialize(&raw mut arguments));
        if matches!(code, rv::CANT_LOCK | rv::NEED_TO_CREATE_THREADS | rv::ARGUMENTS_BAD) {
            // It knows no threads: all calls then come from one.
            self.threads = false;
            code = call!(self, C_Initialize(ptr::null_mut()));
        }
        match code {
            rv::OK | rv::CRYPTOKI_ALREADY_INITIALIZED => Ok(()),
            code => Err(Unusable::Initialize { function: "C_Initialize", code: short(code) }),
        }
    }

    pub fn finalize(&self) {
        let _ = call!(self, C_Finalize(ptr::null_mut()));
    }

    pub fn info(&self) -> Outcome<Info> {
        let mut info = zeroed::<Info>();
        checked!(self, C_GetInfo(&raw mut info))?;
        Ok(info)
    }

    pub fn slots(&self) -> Outcome<Vec<SlotId>> {
        // A slot may come between the two calls.
        for _ in 0..4 {
            let mut count = 0;
            checked!(self, C_GetSlotList(0, ptr::null_mut(), &raw mut count))?;
            if count > MOST_SLOTS {
                return Err(impossible("C_GetSlotList", "more slots than there can be"));
            }
            let mut buffer = Margined::<SlotId>::new(count as usize, UNAVAILABLE);
            let mut filled = count;
            let code = call!(self, C_GetSlotList(0, buffer.pointer(), &raw mut filled));
            if code == rv::BUFFER_TOO_SMALL {
                continue;
            }
            check("C_GetSlotList", code)?;
            return buffer
                .take(filled)
                .ok_or_else(|| impossible("C_GetSlotList", "more slots than announced"));
        }
        Err(impossible("C_GetSlotList", "another number of slots each time"))
    }

    pub fn slot(&self, slot: SlotId) -> Outcome<SlotInfo> {
        let mut info = zeroed::<SlotInfo>();
        checked!(self, C_GetSlotInfo(slot, &raw mut info))?;
        Ok(info)
    }

    pub fn token(&self, slot: SlotId) -> Outcome<TokenInfo> {
        let mut info = zeroed::<TokenInfo>();
        checked!(self, C_GetTokenInfo(slot, &raw mut info))?;
        Ok(info)
    }

    pub fn mechanisms(&self, slot: SlotId) -> Outcome<Vec<Ulong>> {
        let mut count = 0;
        checked!(self, C_GetMechanismList(slot, ptr::null_mut(), &raw mut count))?;
        if count > MOST_MECHANISMS {
            return Err(impossible("C_GetMechanismList", "more mechanisms than there can be"));
        }
        let mut buffer = Margined::<Ulong>::new(count as usize, UNAVAILABLE);
        let mut filled = count;
        checked!(self, C_GetMechanismList(slot, buffer.pointer(), &raw mut filled))?;
        buffer.take(filled).ok_or_else(|| impossible("C_GetMechanismList", "more mechanisms than announced"))
    }

    /// Whether a mechanism signs; one that the module does not describe is believed to.
    pub fn signs(&self, slot: SlotId, mechanism: Ulong) -> bool {
        let mut info = zeroed::<MechanismInfo>();
        call!(self, C_GetMechanismInfo(slot, mechanism, &raw mut info)) != rv::OK
            || info.flags & flag::SIGN != 0
    }

    /// Opens a session; it is logged out and closed when dropped.
    pub fn session(&self, slot: SlotId, write: bool) -> Outcome<Session<'_>> {
        let flags = flag::SERIAL_SESSION | if write { flag::RW_SESSION } else { 0 };
        let mut handle = 0;
        checked!(self, C_OpenSession(slot, flags, ptr::null_mut(), ptr::null_mut(), &raw mut handle))?;
        Ok(Session { module: self, handle, logged_in: false })
    }

    /// Waits for a slot to change; without `block` it only asks. `NO_EVENT` when nothing did.
    pub fn wait_for_slot_event(&self, block: bool) -> Rv {
        let mut slot = 0;
        let flags = if block { 0 } else { flag::DONT_BLOCK };
        call!(self, C_WaitForSlotEvent(flags, &raw mut slot, ptr::null_mut()))
    }
}

/// A session with a token.
pub struct Session<'a> {
    module: &'a Module,
    handle: SessionHandle,
    logged_in: bool,
}

impl Session<'_> {
    /// `C_Login`. No PIN means that the reader or the module asks for it (a NULL pointer, never an empty text).
    pub fn login(&mut self, user: Ulong, pin: Option<&[u8]>) -> Outcome<()> {
        let (pointer, length) = secret(pin)?;
        let code = call!(self.module, C_Login(self.handle, user, pointer, length));
        // Somebody was logged in before: whatever that was, it ends here.
        self.logged_in = self.logged_in || matches!(code, rv::OK | rv::USER_ALREADY_LOGGED_IN);
        check("C_Login", code)
    }

    pub fn set_pin(&self, old: Option<&[u8]>, new: Option<&[u8]>) -> Outcome<()> {
        let ((old, old_length), (new, new_length)) = (secret(old)?, secret(new)?);
        checked!(self.module, C_SetPIN(self.handle, old, old_length, new, new_length))
    }

    pub fn init_pin(&self, new: Option<&[u8]>) -> Outcome<()> {
        let (new, length) = secret(new)?;
        checked!(self.module, C_InitPIN(self.handle, new, length))
    }

    /// The objects of a class, at most 256.
    pub fn objects(&self, class: Ulong) -> Outcome<Vec<ObjectHandle>> {
        let mut wanted = class;
        let mut template = Attribute {
            kind: crate::cryptoki::attribute::CLASS,
            pValue: (&raw mut wanted).cast::<c_void>(),
            ulValueLen: size_of::<Ulong>() as Ulong,
        };
        checked!(self.module, C_FindObjectsInit(self.handle, &raw mut template, 1))?;
        let found = self.found();
        let _ = call!(self.module, C_FindObjectsFinal(self.handle));
        found
    }

    fn found(&self) -> Outcome<Vec<ObjectHandle>> {
        let mut found = Vec::new();
        loop {
            let mut buffer = Margined::<ObjectHandle>::new(OBJECTS_AT_ONCE, 0);
            let mut count = 0;
            let pointer = buffer.pointer();
            checked!(
                self.module,
                C_FindObjects(self.handle, pointer, OBJECTS_AT_ONCE as Ulong, &raw mut count)
            )?;
            let more = buffer
                .take(count)
                .ok_or_else(|| impossible("C_FindObjects", "more objects than asked for"))?;
            if more.is_empty() {
                return Ok(found);
            }
            found.extend(more);
            if found.len() > MOST_OBJECTS {
                return Err(impossible("C_FindObjects", "more objects than there can be"));
            }
        }
    }

    /// The value of an attribute; `None` when the object does not have or show it.
    pub fn attribute(&self, object: ObjectHandle, kind: Ulong) -> Outcome<Option<Vec<u8>>> {
        const NAME: &str = "C_GetAttributeValue";
        let mut attribute = Attribute { kind, pValue: ptr::null_mut(), ulValueLen: 0 };
        let asked = call!(self.module, C_GetAttributeValue(self.handle, object, &raw mut attribute, 1));
        let length = attribute.ulValueLen;
        if asked != rv::OK || length == UNAVAILABLE {
            return Ok(None);
        }
        if length > LONGEST_VALUE {
            return Err(impossible(NAME, "a longer value than there can be"));
        }
        let mut buffer = Margined::<u8>::new(length as usize, 0);
        let mut attribute = Attribute { kind, pValue: buffer.pointer().cast::<c_void>(), ulValueLen: length };
        if call!(self.module, C_GetAttributeValue(self.handle, object, &raw mut attribute, 1)) != rv::OK {
            return Ok(None);
        }
        match attribute.ulValueLen {
            UNAVAILABLE => Ok(None),
            filled => {
                buffer.take(filled).map(Some).ok_or_else(|| impossible(NAME, "a longer value than announced"))
            }
        }
    }

    /// A number among the attributes.
    pub fn number(&self, object: ObjectHandle, kind: Ulong) -> Outcome<Option<Ulong>> {
        let value = self.attribute(object, kind)?;
        Ok(value.and_then(|bytes| bytes.try_into().ok()).map(Ulong::from_ne_bytes))
    }

    /// A truth value among the attributes.
    pub fn truth(&self, object: ObjectHandle, kind: Ulong) -> Outcome<Option<bool>> {
        let value = self.attribute(object, kind)?;
        Ok(value.filter(|bytes| bytes.len() == 1).map(|bytes| bytes[0] != 0))
    }

    pub fn sign_init(&self, mechanism: &mut Mechanism, key: ObjectHandle) -> Outcome<()> {
        checked!(self.module, C_SignInit(self.handle, mechanism, key))
    }

    pub fn sign(&self, data: &[u8]) -> Outcome<Vec<u8>> {
        // Modules take a pointer to data that they may write to.
        let mut data = data.to_vec();
        let mut buffer = Margined::<u8>::new(LONGEST_SIGNATURE, 0);
        let mut length = LONGEST_SIGNATURE as Ulong;
        let (from, size) = (data.as_mut_ptr(), data.len() as Ulong);
        checked!(self.module, C_Sign(self.handle, from, size, buffer.pointer(), &raw mut length))?;
        buffer.take(length).ok_or_else(|| impossible("C_Sign", "a longer signature than there was room for"))
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if self.logged_in {
            let _ = call!(self.module, C_Logout(self.handle));
        }
        let _ = call!(self.module, C_CloseSession(self.handle));
    }
}

/// A PIN as the module takes it. An empty one would be sent to the card by some modules, and cost a try.
fn secret(pin: Option<&[u8]>) -> Outcome<(*mut u8, Ulong)> {
    match pin {
        None => Ok((ptr::null_mut(), 0)),
        Some([]) => Err(Trouble::Request { what: "an empty PIN" }),
        // The module gets our own copy, which is overwritten with the message it came in. No module writes to it.
        Some(pin) => Ok((pin.as_ptr().cast_mut(), pin.len() as Ulong)),
    }
}

/// A structure for a module to fill.
fn zeroed<T: Copy>() -> T {
    // SAFETY: used for the structures of PKCS #11, which are numbers and characters only.
    unsafe { std::mem::zeroed() }
}

#[cfg(windows)]
fn open_library(path: &Path) -> Result<Library, libloading::Error> {
    use libloading::os::windows::{LOAD_WITH_ALTERED_SEARCH_PATH, Library as WindowsLibrary};
    // The libraries that a module needs lie beside it.
    // SAFETY: running the vendor's code is what this process is for.
    unsafe { WindowsLibrary::load_with_flags(path, LOAD_WITH_ALTERED_SEARCH_PATH) }.map(Library::from)
}

#[cfg(unix)]
fn open_library(path: &Path) -> Result<Library, libloading::Error> {
    use libloading::os::unix::{Library as UnixLibrary, RTLD_LOCAL, RTLD_NOW};
    // SAFETY: running the vendor's code is what this process is for.
    unsafe { UnixLibrary::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map(Library::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_pin_never_reaches_a_module() {
        assert!(matches!(secret(Some(b"")), Err(Trouble::Request { .. })));
        assert!(matches!(secret(None), Ok((pointer, 0)) if pointer.is_null()));
        assert!(matches!(secret(Some(b"4271")), Ok((_, 4))));
    }
}
