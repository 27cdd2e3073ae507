//! Bytes that may carry a PIN or personal data.

use napi::bindgen_prelude::{ToNapiValue, Uint8ArraySlice};
use napi::{Env, Result, sys};
use zeroize::Zeroizing;

/// Bytes that are overwritten with zeros when dropped. Towards JavaScript they are copied (never handed over
/// as external memory, which Electron forbids), so that dropping leaves nothing behind here.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    pub fn copy_of(bytes: &[u8]) -> Self {
        // Exact capacity: a vector that grew would leave an old copy in freed memory.
        Self(Zeroizing::new(bytes.to_vec()))
    }

    pub fn empty() -> Self {
        Self(Zeroizing::new(Vec::new()))
    }

    /// A buffer of `length` zeros to receive into.
    pub fn zeros(length: usize) -> Self {
        Self(Zeroizing::new(vec![0; length]))
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

impl ToNapiValue for Secret {
    unsafe fn to_napi_value(raw: sys::napi_env, value: Self) -> Result<sys::napi_value> {
        let env = Env::from_raw(raw);
        let copy = Uint8ArraySlice::copy_from(&env, value.bytes())?;
        // SAFETY: `raw` is the environment that the caller gave, and the array was made in it just now.
        unsafe { ToNapiValue::to_napi_value(raw, copy) }
    }
}
