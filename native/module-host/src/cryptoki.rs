//! PKCS #11 as C declares it (OASIS PKCS #11 2.40 and 3.0), as far as this program calls it.
//!
//! Own declarations, because the published bindings lack the packed layout of 32-bit Windows, where the modules
//! of state cards live (PKCS #11, 2.1: structures are packed to one byte there). A test holds them against
//! `cryptoki-sys`.

#![allow(non_snake_case)]

use std::ffi::{c_ulong, c_void};

pub type Ulong = c_ulong;
pub type Rv = Ulong;
pub type SlotId = Ulong;
pub type SessionHandle = Ulong;
pub type ObjectHandle = Ulong;

/// `CK_UNAVAILABLE_INFORMATION`: also what a module writes as the length of an attribute it will not show.
pub const UNAVAILABLE: Ulong = Ulong::MAX;

pub mod rv {
    use super::Rv;
    pub const OK: Rv = 0x000;
    pub const CANT_LOCK: Rv = 0x00A;
    pub const ARGUMENTS_BAD: Rv = 0x007;
    pub const NO_EVENT: Rv = 0x008;
    pub const NEED_TO_CREATE_THREADS: Rv = 0x009;
    pub const FUNCTION_NOT_SUPPORTED: Rv = 0x054;
    pub const USER_ALREADY_LOGGED_IN: Rv = 0x100;
    pub const BUFFER_TOO_SMALL: Rv = 0x150;
    pub const CRYPTOKI_NOT_INITIALIZED: Rv = 0x190;
    pub const CRYPTOKI_ALREADY_INITIALIZED: Rv = 0x191;
}

pub mod flag {
    use super::Ulong;
    /// `CK_C_INITIALIZE_ARGS`
    pub const OS_LOCKING_OK: Ulong = 0x02;
    /// `CK_SLOT_INFO`
    pub const TOKEN_PRESENT: Ulong = 0x01;
    /// `CK_TOKEN_INFO`
    pub const LOGIN_REQUIRED: Ulong = 0x0000_0004;
    pub const USER_PIN_INITIALIZED: Ulong = 0x0000_0008;
    pub const PROTECTED_AUTHENTICATION_PATH: Ulong = 0x0000_0100;
    pub const TOKEN_INITIALIZED: Ulong = 0x0000_0400;
    pub const USER_PIN_COUNT_LOW: Ulong = 0x0001_0000;
    pub const USER_PIN_FINAL_TRY: Ulong = 0x0002_0000;
    pub const USER_PIN_LOCKED: Ulong = 0x0004_0000;
    pub const USER_PIN_TO_BE_CHANGED: Ulong = 0x0008_0000;
    pub const SO_PIN_COUNT_LOW: Ulong = 0x0010_0000;
    pub const SO_PIN_FINAL_TRY: Ulong = 0x0020_0000;
    pub const SO_PIN_LOCKED: Ulong = 0x0040_0000;
    /// `CK_SESSION_INFO`
    pub const RW_SESSION: Ulong = 0x02;
    pub const SERIAL_SESSION: Ulong = 0x04;
    /// `C_WaitForSlotEvent`
    pub const DONT_BLOCK: Ulong = 0x01;
    /// `CK_MECHANISM_INFO`
    pub const SIGN: Ulong = 0x0000_0800;
}

pub mod user {
    use super::Ulong;
    pub const SECURITY_OFFICER: Ulong = 0;
    pub const USER: Ulong = 1;
    pub const CONTEXT_SPECIFIC: Ulong = 2;
}

pub mod class {
    use super::Ulong;
    pub const CERTIFICATE: Ulong = 1;
    pub const PUBLIC_KEY: Ulong = 2;
    pub const PRIVATE_KEY: Ulong = 3;
}

pub mod key_type {
    use super::Ulong;
    pub const RSA: Ulong = 0;
    pub const EC: Ulong = 3;
}

pub mod attribute {
    use super::Ulong;
    pub const CLASS: Ulong = 0x000;
    pub const LABEL: Ulong = 0x003;
    pub const VALUE: Ulong = 0x011;
    pub const KEY_TYPE: Ulong = 0x100;
    pub const ID: Ulong = 0x102;
    pub const SIGN: Ulong = 0x108;
    pub const ALWAYS_AUTHENTICATE: Ulong = 0x202;
}

pub mod mechanism {
    use super::Ulong;
    pub const RSA_PKCS: Ulong = 0x0001;
    pub const RSA_PKCS_PSS: Ulong = 0x000D;
    pub const SHA256: Ulong = 0x0250;
    pub const SHA384: Ulong = 0x0260;
    pub const SHA512: Ulong = 0x0270;
    pub const ECDSA: Ulong = 0x1041;
    /// Mask generation functions of `CK_RSA_PKCS_PSS_PARAMS`
    pub const MGF1_SHA256: Ulong = 2;
    pub const MGF1_SHA384: Ulong = 3;
    pub const MGF1_SHA512: Ulong = 4;
}

macro_rules! structures {
    ($($(#[$note:meta])* pub struct $name:ident { $($field:ident: $kind:ty),* $(,)? })*) => {
        $(
            $(#[$note])*
            #[cfg_attr(windows, repr(C, packed))]
            #[cfg_attr(not(windows), repr(C))]
            #[derive(Clone, Copy)]
            pub struct $name { $(pub $field: $kind),* }
        )*
    };
}

structures! {
    pub struct Version { major: u8, minor: u8 }

    pub struct Info {
        cryptokiVersion: Version,
        manufacturerID: [u8; 32],
        flags: Ulong,
        libraryDescription: [u8; 32],
        libraryVersion: Version,
    }

    pub struct SlotInfo {
        slotDescription: [u8; 64],
        manufacturerID: [u8; 32],
        flags: Ulong,
        hardwareVersion: Version,
        firmwareVersion: Version,
    }

    pub struct TokenInfo {
        label: [u8; 32],
        manufacturerID: [u8; 32],
        model: [u8; 16],
        serialNumber: [u8; 16],
        flags: Ulong,
        ulMaxSessionCount: Ulong,
        ulSessionCount: Ulong,
        ulMaxRwSessionCount: Ulong,
        ulRwSessionCount: Ulong,
        ulMaxPinLen: Ulong,
        ulMinPinLen: Ulong,
        ulTotalPublicMemory: Ulong,
        ulFreePublicMemory: Ulong,
        ulTotalPrivateMemory: Ulong,
        ulFreePrivateMemory: Ulong,
        hardwareVersion: Version,
        firmwareVersion: Version,
        utcTime: [u8; 16],
    }

    pub struct MechanismInfo { ulMinKeySize: Ulong, ulMaxKeySize: Ulong, flags: Ulong }

    pub struct Attribute { kind: Ulong, pValue: *mut c_void, ulValueLen: Ulong }

    pub struct Mechanism { mechanism: Ulong, pParameter: *mut c_void, ulParameterLen: Ulong }

    pub struct PssParameters { hashAlg: Ulong, mgf: Ulong, sLen: Ulong }

    pub struct InitializeArguments {
        CreateMutex: *mut c_void,
        DestroyMutex: *mut c_void,
        LockMutex: *mut c_void,
        UnlockMutex: *mut c_void,
        flags: Ulong,
        pReserved: *mut c_void,
    }
}

/// A function that this program never calls: only its place counts.
pub type Unused = Option<unsafe extern "C" fn()>;

macro_rules! function_list {
    ($($name:ident $(($($argument:ty),*))?;)*) => {
        /// `CK_FUNCTION_LIST` of version 2: the functions in their order.
        #[cfg_attr(windows, repr(C, packed))]
        #[cfg_attr(not(windows), repr(C))]
        #[derive(Clone, Copy)]
        pub struct FunctionList {
            pub version: Version,
            $(pub $name: function_list!(@kind $(($($argument),*))?)),*
        }
    };
    (@kind ($($argument:ty),*)) => { Option<unsafe extern "C" fn($($argument),*) -> Rv> };
    (@kind) => { Unused };
}

function_list! {
    C_Initialize(*mut InitializeArguments);
    C_Finalize(*mut c_void);
    C_GetInfo(*mut Info);
    C_GetFunctionList;
    C_GetSlotList(u8, *mut SlotId, *mut Ulong);
    C_GetSlotInfo(SlotId, *mut SlotInfo);
    C_GetTokenInfo(SlotId, *mut TokenInfo);
    C_GetMechanismList(SlotId, *mut Ulong, *mut Ulong);
    C_GetMechanismInfo(SlotId, Ulong, *mut MechanismInfo);
    C_InitToken;
    C_InitPIN(SessionHandle, *mut u8, Ulong);
    C_SetPIN(SessionHandle, *mut u8, Ulong, *mut u8, Ulong);
    C_OpenSession(SlotId, Ulong, *mut c_void, *mut c_void, *mut SessionHandle);
    C_CloseSession(SessionHandle);
    C_CloseAllSessions;
    C_GetSessionInfo;
    C_GetOperationState;
    C_SetOperationState;
    C_Login(SessionHandle, Ulong, *mut u8, Ulong);
    C_Logout(SessionHandle);
    C_CreateObject;
    C_CopyObject;
    C_DestroyObject;
    C_GetObjectSize;
    C_GetAttributeValue(SessionHandle, ObjectHandle, *mut Attribute, Ulong);
    C_SetAttributeValue;
    C_FindObjectsInit(SessionHandle, *mut Attribute, Ulong);
    C_FindObjects(SessionHandle, *mut ObjectHandle, Ulong, *mut Ulong);
    C_FindObjectsFinal(SessionHandle);
    C_EncryptInit;
    C_Encrypt;
    C_EncryptUpdate;
    C_EncryptFinal;
    C_DecryptInit;
    C_Decrypt;
    C_DecryptUpdate;
    C_DecryptFinal;
    C_DigestInit;
    C_Digest;
    C_DigestUpdate;
    C_DigestKey;
    C_DigestFinal;
    C_SignInit(SessionHandle, *mut Mechanism, ObjectHandle);
    C_Sign(SessionHandle, *mut u8, Ulong, *mut u8, *mut Ulong);
    C_SignUpdate;
    C_SignFinal;
    C_SignRecoverInit;
    C_SignRecover;
    C_VerifyInit;
    C_Verify;
    C_VerifyUpdate;
    C_VerifyFinal;
    C_VerifyRecoverInit;
    C_VerifyRecover;
    C_DigestEncryptUpdate;
    C_DecryptDigestUpdate;
    C_SignEncryptUpdate;
    C_DecryptVerifyUpdate;
    C_GenerateKey;
    C_GenerateKeyPair;
    C_WrapKey;
    C_UnwrapKey;
    C_DeriveKey;
    C_SeedRandom;
    C_GenerateRandom;
    C_GetFunctionStatus;
    C_CancelFunction;
    C_WaitForSlotEvent(Ulong, *mut SlotId, *mut c_void);
}

/// The one function that a module must export.
pub type GetFunctionList = unsafe extern "C" fn(*mut *const FunctionList) -> Rv;

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::{offset_of, size_of};

    /// 32-bit Windows is what the reference bindings do not know.
    #[cfg(not(all(windows, target_arch = "x86")))]
    #[test]
    fn structures_lie_as_in_the_reference_bindings() {
        use cryptoki_sys as reference;
        assert_eq!(size_of::<Info>(), size_of::<reference::CK_INFO>());
        assert_eq!(size_of::<SlotInfo>(), size_of::<reference::CK_SLOT_INFO>());
        assert_eq!(size_of::<TokenInfo>(), size_of::<reference::CK_TOKEN_INFO>());
        assert_eq!(offset_of!(TokenInfo, flags), offset_of!(reference::CK_TOKEN_INFO, flags));
        assert_eq!(offset_of!(TokenInfo, ulMinPinLen), offset_of!(reference::CK_TOKEN_INFO, ulMinPinLen));
        assert_eq!(size_of::<MechanismInfo>(), size_of::<reference::CK_MECHANISM_INFO>());
        assert_eq!(size_of::<Attribute>(), size_of::<reference::CK_ATTRIBUTE>());
        assert_eq!(size_of::<Mechanism>(), size_of::<reference::CK_MECHANISM>());
        assert_eq!(size_of::<PssParameters>(), size_of::<reference::CK_RSA_PKCS_PSS_PARAMS>());
        assert_eq!(size_of::<InitializeArguments>(), size_of::<reference::CK_C_INITIALIZE_ARGS>());
        assert_eq!(size_of::<FunctionList>(), size_of::<reference::CK_FUNCTION_LIST>());
        macro_rules! same_place {
            ($($name:ident),*) => {
                $(assert_eq!(offset_of!(FunctionList, $name), offset_of!(reference::CK_FUNCTION_LIST, $name));)*
            };
        }
        same_place!(C_Initialize, C_InitPIN, C_SetPIN, C_Login, C_Logout, C_GetAttributeValue);
        same_place!(C_FindObjects, C_SignInit, C_Sign, C_GenerateRandom, C_WaitForSlotEvent);
        assert_eq!(rv::BUFFER_TOO_SMALL, reference::CKR_BUFFER_TOO_SMALL);
        assert_eq!(rv::CRYPTOKI_ALREADY_INITIALIZED, reference::CKR_CRYPTOKI_ALREADY_INITIALIZED);
        assert_eq!(flag::USER_PIN_TO_BE_CHANGED, reference::CKF_USER_PIN_TO_BE_CHANGED);
        assert_eq!(flag::SO_PIN_LOCKED, reference::CKF_SO_PIN_LOCKED);
        assert_eq!(flag::PROTECTED_AUTHENTICATION_PATH, reference::CKF_PROTECTED_AUTHENTICATION_PATH);
        assert_eq!(attribute::ALWAYS_AUTHENTICATE, reference::CKA_ALWAYS_AUTHENTICATE);
        assert_eq!(mechanism::RSA_PKCS_PSS, reference::CKM_RSA_PKCS_PSS);
        assert_eq!(mechanism::ECDSA, reference::CKM_ECDSA);
        assert_eq!(mechanism::MGF1_SHA384, reference::CKG_MGF1_SHA384);
    }

    #[test]
    fn structures_are_packed_on_windows() {
        let pointer = size_of::<*const u8>();
        let expected = if cfg!(windows) { 2 } else { pointer };
        assert_eq!(offset_of!(FunctionList, C_Initialize), expected);
        assert_eq!(size_of::<FunctionList>(), expected + 68 * pointer);
    }
}
