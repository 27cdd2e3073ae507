//! What a module shows without a PIN: slots, tokens, certificates, keys.

use serde::Serialize;

use crate::cryptoki::{SlotId, TokenInfo, UNAVAILABLE, Ulong, attribute, class, flag, key_type, mechanism};
use crate::module::{Module, Session};
use crate::trouble::{Outcome, Trouble};

/// Most tokens whose objects are read.
const MOST_TOKENS: usize = 64;

#[derive(Serialize)]
pub struct Listing {
    slots: Vec<Slot>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Slot {
    /// Decimal: JSON numbers end at 53 bits.
    id: String,
    description: String,
    /// A token that has been set up lies in it.
    token: Option<Token>,
    /// Why a token that is there cannot be read.
    trouble: Option<Trouble>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Token {
    #[serde(flatten)]
    state: TokenState,
    manufacturer: String,
    model: String,
    /// Mechanisms that sign, of those that the agent knows.
    mechanisms: Vec<&'static str>,
    certificates: Vec<Certificate>,
    public_keys: Vec<Key>,
    private_keys: Vec<Key>,
}

/// What `C_GetTokenInfo` says about a token and its PINs; asking costs no try.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenState {
    label: String,
    serial: String,
    login_required: bool,
    /// The PIN is typed at the reader or in the module's own window.
    protected_path: bool,
    pin_initialized: bool,
    min_pin: Option<u32>,
    max_pin: Option<u32>,
    pin: PinFlags,
    security_officer: PinFlags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PinFlags {
    count_low: bool,
    final_try: bool,
    locked: bool,
    to_be_changed: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Certificate {
    id: String,
    label: String,
    /// Which part of the message holds its DER.
    part: usize,
}

#[derive(Serialize)]
struct Key {
    id: String,
    kind: &'static str,
}

/// Everything, with the certificates as parts.
pub fn list(module: &Module) -> Outcome<(Listing, Vec<Vec<u8>>)> {
    let mut parts = Vec::new();
    let mut slots = Vec::new();
    for id in module.slots()? {
        let info = match module.slot(id) {
            Ok(info) => info,
            // A slot that went away meanwhile.
            Err(Trouble::Code { .. }) => continue,
            Err(trouble) => return Err(trouble),
        };
        let mut slot =
            Slot { id: id.to_string(), description: text(&info.slotDescription), token: None, trouble: None };
        if info.flags & flag::TOKEN_PRESENT != 0 && slots.len() < MOST_TOKENS {
            match token(module, id, &mut parts) {
                Ok(token) => slot.token = token,
                // What is a lie stops everything; an error code concerns this token only.
                Err(trouble @ Trouble::Code { .. }) => slot.trouble = Some(trouble),
                Err(trouble) => return Err(trouble),
            }
        }
        slots.push(slot);
    }
    Ok((Listing { slots }, parts))
}

fn token(module: &Module, slot: SlotId, parts: &mut Vec<Vec<u8>>) -> Outcome<Option<Token>> {
    let info = module.token(slot)?;
    if info.flags & flag::TOKEN_INITIALIZED == 0 {
        return Ok(None);
    }
    let session = module.session(slot, false)?;
    Ok(Some(Token {
        state: token_state(&info),
        manufacturer: text(&info.manufacturerID),
        model: text(&info.model),
        mechanisms: mechanisms(module, slot)?,
        certificates: certificates(&session, parts)?,
        public_keys: keys(&session, class::PUBLIC_KEY)?,
        private_keys: keys(&session, class::PRIVATE_KEY)?,
    }))
}

fn mechanisms(module: &Module, slot: SlotId) -> Outcome<Vec<&'static str>> {
    const KNOWN: [(Ulong, &str); 3] = [
        (mechanism::RSA_PKCS, "rsa-pkcs1"),
        (mechanism::RSA_PKCS_PSS, "rsa-pss"),
        (mechanism::ECDSA, "ecdsa"),
    ];
    let offered = module.mechanisms(slot)?;
    let signs = |&&(kind, _): &&(Ulong, &str)| offered.contains(&kind) && module.signs(slot, kind);
    Ok(KNOWN.iter().filter(signs).map(|&(_, name)| name).collect())
}

fn certificates(session: &Session, parts: &mut Vec<Vec<u8>>) -> Outcome<Vec<Certificate>> {
    let mut found = Vec::new();
    for object in session.objects(class::CERTIFICATE)? {
        // Some modules show a place that no certificate has been written to.
        let Some(value) = session.attribute(object, attribute::VALUE)?.filter(|value| !value.is_empty())
        else {
            continue;
        };
        found.push(Certificate {
            id: id(session, object)?,
            label: label(session, object)?,
            part: parts.len(),
        });
        parts.push(value);
    }
    Ok(found)
}

fn keys(session: &Session, class: Ulong) -> Outcome<Vec<Key>> {
    let mut found = Vec::new();
    for object in session.objects(class)? {
        let id = id(session, object)?;
        let kind = match session.number(object, attribute::KEY_TYPE)? {
            Some(key_type::RSA) => "rsa",
            Some(key_type::EC) => "ec",
            _ => continue,
        };
        if !id.is_empty() {
            found.push(Key { id, kind });
        }
    }
    Ok(found)
}

fn id(session: &Session, object: Ulong) -> Outcome<String> {
    Ok(hex(&session.attribute(object, attribute::ID)?.unwrap_or_default()))
}

fn label(session: &Session, object: Ulong) -> Outcome<String> {
    Ok(text(&session.attribute(object, attribute::LABEL)?.unwrap_or_default()))
}

pub fn token_state(info: &TokenInfo) -> TokenState {
    let flags = info.flags;
    let has = |bit: Ulong| flags & bit != 0;
    TokenState {
        label: text(&info.label),
        serial: text(&info.serialNumber),
        login_required: has(flag::LOGIN_REQUIRED),
        protected_path: has(flag::PROTECTED_AUTHENTICATION_PATH),
        pin_initialized: has(flag::USER_PIN_INITIALIZED),
        min_pin: length(info.ulMinPinLen),
        max_pin: length(info.ulMaxPinLen),
        pin: PinFlags {
            count_low: has(flag::USER_PIN_COUNT_LOW),
            final_try: has(flag::USER_PIN_FINAL_TRY),
            locked: has(flag::USER_PIN_LOCKED),
            to_be_changed: has(flag::USER_PIN_TO_BE_CHANGED),
        },
        security_officer: PinFlags {
            count_low: has(flag::SO_PIN_COUNT_LOW),
            final_try: has(flag::SO_PIN_FINAL_TRY),
            locked: has(flag::SO_PIN_LOCKED),
            to_be_changed: false,
        },
    }
}

fn length(value: Ulong) -> Option<u32> {
    if value == UNAVAILABLE { None } else { u32::try_from(value).ok() }
}

/// Characters of the standard: UTF-8, padded with blanks (some vendors: zeros).
pub fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).trim_end().chars().filter(|c| !c.is_control()).collect()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::{hex, text};

    #[test]
    fn reads_padded_text() {
        assert_eq!(text(b"Cartea de identitate   "), "Cartea de identitate");
        assert_eq!(text(b"SafeNet\0\0garbage"), "SafeNet");
        assert_eq!(text(&[b'a', 0x07, 0xff, b'b']), "a\u{fffd}b");
        assert_eq!(hex(&[0, 0xab]), "00ab");
    }
}
