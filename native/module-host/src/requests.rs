//! What the agent may ask, and how it is done. Sessions live for one request: nothing stays logged in.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::cryptoki::{
    Mechanism, ObjectHandle, PssParameters, SlotId, Ulong, attribute, class, key_type, mechanism, user,
};
use crate::frames::{Frame, Output};
use crate::listing::{TokenState, hex, list, text, token_state};
use crate::module::{Module, Session};
use crate::trouble::{Outcome, Trouble};

/// Longest PIN or PUK, in bytes.
const LONGEST_PIN: usize = 255;
/// Longest data to sign: DigestInfo with SHA-512 has 83 bytes.
const LONGEST_DATA: usize = 1024;

#[derive(Deserialize)]
pub struct Request {
    pub id: u32,
    #[serde(flatten)]
    pub call: Call,
}

/// Secrets are the parts of the message, in the order of the notes.
#[derive(Deserialize)]
#[serde(tag = "call", rename_all = "kebab-case")]
pub enum Call {
    List,
    /// Report changes of slots from now on: by a thread that waits in the module, or by asking when idle.
    Watch {
        mode: WatchMode,
    },
    /// Tell of each function that is called, or not any more.
    Calls {
        on: bool,
    },
    /// The state of tokens and their PINs.
    Tokens {
        slots: Vec<String>,
    },
    /// Part: PIN, unless it is typed at the reader.
    Verify(OnToken),
    /// Parts: old PIN, new PIN.
    Change(OnToken),
    /// Parts: the security officer's PIN, new PIN.
    Unblock(OnToken),
    /// Parts: what is signed, PIN.
    Sign {
        #[serde(flatten)]
        on: OnToken,
        /// `CKA_ID` in hexadecimal.
        key: String,
        mechanism: SignMechanism,
        /// For RSA-PSS.
        hash: Option<Hash>,
        /// The key needs no PIN.
        #[serde(default)]
        free: bool,
    },
    /// Finish and end.
    Close,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum WatchMode {
    Wait,
    Poll,
}

/// The token that is meant. Another one in the same slot is told nothing.
#[derive(Deserialize)]
pub struct OnToken {
    slot: String,
    label: String,
    serial: String,
    /// The PIN is typed at the reader: `C_Login` gets NULL.
    #[serde(default)]
    pad: bool,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum SignMechanism {
    #[serde(rename = "rsa-pkcs1")]
    RsaPkcs1,
    RsaPss,
    Ecdsa,
}

#[derive(Deserialize, Clone, Copy)]
pub enum Hash {
    #[serde(rename = "SHA-256")]
    Sha256,
    #[serde(rename = "SHA-384")]
    Sha384,
    #[serde(rename = "SHA-512")]
    Sha512,
}

/// A trouble and, where a PIN was concerned, what the token then says of its PINs.
pub struct Failed {
    pub trouble: Trouble,
    pub token: Option<TokenState>,
}

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, token: None }
    }
}

pub type Answer = Result<(Value, Vec<Vec<u8>>), Failed>;

/// Tells the agent when a PIN is with the module: a crash then leaves its outcome unknown.
pub struct Stage<'a> {
    output: &'a Output,
    id: u32,
}

#[derive(Serialize)]
struct StageMessage {
    event: &'static str,
    id: u32,
}

impl<'a> Stage<'a> {
    pub fn new(output: &'a Output, id: u32) -> Self {
        Self { output, id }
    }

    fn presenting<T>(&self, act: impl FnOnce() -> T) -> T {
        self.output.send(&StageMessage { event: "presenting", id: self.id }, &[]);
        let result = act();
        self.output.send(&StageMessage { event: "presented", id: self.id }, &[]);
        result
    }
}

/// Carries out everything but `watch` and `close`.
pub fn carry_out(module: &Module, call: &Call, frame: &Frame, stage: &Stage) -> Answer {
    match call {
        Call::List => {
            let (listing, parts) = list(module)?;
            Ok((serde_json::to_value(listing).map_err(|_| Trouble::Panic)?, parts))
        }
        Call::Tokens { slots } => {
            let mut states = Vec::new();
            for slot in slots {
                states.push(token_state(&module.token(slot_id(slot)?)?));
            }
            Ok((json!({ "tokens": states }), vec![]))
        }
        Call::Verify(on) => with_token(module, on, false, |session| {
            let pin = secret(on, frame, 0, 1)?;
            stage.presenting(|| session.login(user::USER, pin))
        }),
        Call::Change(on) => with_token(module, on, true, |session| {
            let (old, new) = (secret(on, frame, 0, 2)?, secret(on, frame, 1, 2)?);
            stage.presenting(|| session.set_pin(old, new))
        }),
        Call::Unblock(on) => with_token(module, on, true, |session| {
            let (puk, new) = (secret(on, frame, 0, 2)?, secret(on, frame, 1, 2)?);
            stage.presenting(|| session.login(user::SECURITY_OFFICER, puk))?;
            stage.presenting(|| session.init_pin(new))
        }),
        Call::Sign { on, key, mechanism, hash, free } => {
            let data = frame.part(0);
            if data.is_empty() || data.len() > LONGEST_DATA {
                return Err(Trouble::Request { what: "data to sign" }.into());
            }
            let mut signature = Vec::new();
            let (result, _) = with_token(module, on, false, |session| {
                let pin = if *free { None } else { secret(on, frame, 1, 2)? };
                if !*free {
                    stage.presenting(|| session.login(user::USER, pin))?;
                }
                let handle = private_key(session, key, *mechanism)?;
                init(session, *mechanism, *hash, handle)?;
                if !*free && session.truth(handle, attribute::ALWAYS_AUTHENTICATE)? == Some(true) {
                    stage.presenting(|| session.login(user::CONTEXT_SPECIFIC, pin))?;
                }
                signature = session.sign(data)?;
                Ok(())
            })?;
            Ok((result, vec![signature]))
        }
        Call::Watch { .. } | Call::Calls { .. } | Call::Close => {
            Err(Trouble::Request { what: "not a call" }.into())
        }
    }
}

/// A session with the token that is meant, closed at the end. The token's state goes along with a failure.
fn with_token(
    module: &Module,
    on: &OnToken,
    write: bool,
    act: impl FnOnce(&mut Session) -> Outcome<()>,
) -> Answer {
    let slot = slot_id(&on.slot)?;
    let mut session = module.session(slot, write)?;
    // After the session is open: it ends with the token, so that no PIN can reach one that was put in since.
    let info = module.token(slot)?;
    if text(&info.label) != on.label || text(&info.serialNumber) != on.serial {
        return Err(Trouble::Changed.into());
    }
    let result = act(&mut session);
    drop(session);
    match result {
        Ok(()) => Ok((json!({}), vec![])),
        Err(trouble) => Err(Failed { trouble, token: module.token(slot).ok().as_ref().map(token_state) }),
    }
}

/// The PIN in a part of the message, of `count` secrets at the message's end.
fn secret<'a>(on: &OnToken, frame: &'a Frame, number: usize, count: usize) -> Outcome<Option<&'a [u8]>> {
    if on.pad {
        return Ok(None);
    }
    let pin = frame.part(number);
    if frame.parts() != count || pin.is_empty() || pin.len() > LONGEST_PIN {
        return Err(Trouble::Request { what: "an empty or overlong PIN" });
    }
    Ok(Some(pin))
}

fn slot_id(slot: &str) -> Outcome<SlotId> {
    slot.parse().map_err(|_| Trouble::Request { what: "slot" })
}

/// The private key with this `CKA_ID`. Modules that do not search by `CKA_ID` are not relied on.
fn private_key(session: &Session, wanted: &str, mechanism: SignMechanism) -> Outcome<ObjectHandle> {
    let kind = if mechanism == SignMechanism::Ecdsa { key_type::EC } else { key_type::RSA };
    for object in session.objects(class::PRIVATE_KEY)? {
        let id = session.attribute(object, attribute::ID)?.unwrap_or_default();
        let usable = session.number(object, attribute::KEY_TYPE)? == Some(kind)
            && session.truth(object, attribute::SIGN)? != Some(false);
        if usable && hex(&id) == wanted {
            return Ok(object);
        }
    }
    Err(Trouble::Key)
}

fn init(session: &Session, kind: SignMechanism, hash: Option<Hash>, key: ObjectHandle) -> Outcome<()> {
    let mut pss = match hash {
        Some(Hash::Sha256) => pss(mechanism::SHA256, mechanism::MGF1_SHA256, 32),
        Some(Hash::Sha384) => pss(mechanism::SHA384, mechanism::MGF1_SHA384, 48),
        Some(Hash::Sha512) => pss(mechanism::SHA512, mechanism::MGF1_SHA512, 64),
        None if kind == SignMechanism::RsaPss => return Err(Trouble::Request { what: "hash" }),
        None => pss(0, 0, 0),
    };
    let plain = |kind| Mechanism { mechanism: kind, pParameter: std::ptr::null_mut(), ulParameterLen: 0 };
    let mut chosen = match kind {
        SignMechanism::RsaPkcs1 => plain(mechanism::RSA_PKCS),
        SignMechanism::Ecdsa => plain(mechanism::ECDSA),
        SignMechanism::RsaPss => Mechanism {
            mechanism: mechanism::RSA_PKCS_PSS,
            pParameter: (&raw mut pss).cast(),
            ulParameterLen: size_of::<PssParameters>() as Ulong,
        },
    };
    session.sign_init(&mut chosen, key)
}

/// A salt as long as the digest, as signature formats expect it.
fn pss(hash: Ulong, mgf: Ulong, salt: Ulong) -> PssParameters {
    PssParameters { hashAlg: hash, mgf, sLen: salt }
}
