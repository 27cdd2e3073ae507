//! Messages on the pipe: a u32 length (big-endian) of what follows; a u32 length and a header in JSON; then raw
//! parts, each a u32 length and its bytes. What may be secret travels as a part, never in the header.

use std::fs::File;
use std::io::{self, Read, Write};
use std::sync::Mutex;

use serde::Serialize;
use zeroize::Zeroizing;

/// Longest message to this program, in bytes without its length field.
const LONGEST_REQUEST: usize = 64 * 1024;
/// Most parts of one request: data and two PINs.
const MOST_PARTS: usize = 3;

/// A message from the agent. The whole of it is overwritten when dropped, since it may carry a PIN.
pub struct Frame {
    bytes: Zeroizing<Vec<u8>>,
    header: std::ops::Range<usize>,
    parts: Vec<std::ops::Range<usize>>,
}

impl Frame {
    pub fn header(&self) -> &[u8] {
        &self.bytes[self.header.clone()]
    }

    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// A part; empty when there is none of this number.
    pub fn part(&self, number: usize) -> &[u8] {
        self.parts.get(number).map_or(&[], |range| &self.bytes[range.clone()])
    }

    fn parse(bytes: Zeroizing<Vec<u8>>) -> io::Result<Self> {
        let mut at = 0;
        let header = field(&bytes, &mut at)?;
        let mut parts = Vec::new();
        while at < bytes.len() {
            if parts.len() == MOST_PARTS {
                return Err(broken("too many parts"));
            }
            parts.push(field(&bytes, &mut at)?);
        }
        Ok(Self { bytes, header, parts })
    }
}

/// Reads the next message; `None` when the agent has closed the pipe.
pub fn read_frame(input: &mut impl Read) -> io::Result<Option<Frame>> {
    let mut length = [0; 4];
    if let Err(error) = input.read_exact(&mut length) {
        return if error.kind() == io::ErrorKind::UnexpectedEof { Ok(None) } else { Err(error) };
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > LONGEST_REQUEST {
        return Err(broken("longer than allowed"));
    }
    // Made in its full length at once: a buffer that grows would leave copies behind.
    let mut bytes = Zeroizing::new(vec![0; length]);
    input.read_exact(&mut bytes)?;
    Frame::parse(bytes).map(Some)
}

/// Where answers go. Threads take turns.
pub struct Output(Mutex<File>);

impl Output {
    pub fn new(file: File) -> Self {
        Self(Mutex::new(file))
    }

    /// Writes one message. A pipe that nobody reads any more ends the program elsewhere (its input closes too).
    pub fn send(&self, header: &impl Serialize, parts: &[&[u8]]) {
        let Ok(header) = serde_json::to_vec(header) else { return };
        let mut bytes = Vec::new();
        for field in std::iter::once(header.as_slice()).chain(parts.iter().copied()) {
            bytes.extend_from_slice(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend_from_slice(field);
        }
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes();
        let mut file = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let _ = file.write_all(&length).and_then(|()| file.write_all(&bytes)).and_then(|()| file.flush());
    }
}

/// The range of a field that begins with its length; moves `at` behind it.
fn field(bytes: &[u8], at: &mut usize) -> io::Result<std::ops::Range<usize>> {
    let start = *at + 4;
    let length = bytes.get(*at..start).ok_or_else(|| broken("cut off"))?;
    let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize;
    let end = start.checked_add(length).filter(|&end| end <= bytes.len());
    *at = end.ok_or_else(|| broken("cut off"))?;
    Ok(start..*at)
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> io::Result<Option<Frame>> {
        read_frame(&mut &bytes[..])
    }

    #[test]
    fn takes_header_and_parts_apart() {
        let bytes = b"\0\0\0\x0d\0\0\0\x02{}\0\0\0\x034271";
        let frame = read(bytes);
        // One byte is missing in the part's length: "427" fits.
        let frame = frame.unwrap().unwrap();
        assert_eq!(
            (frame.header(), frame.parts(), frame.part(0), frame.part(1)),
            (&b"{}"[..], 1, &b"427"[..], &b""[..])
        );
    }

    #[test]
    fn refuses_what_is_too_long_or_cut_off() {
        assert!(read(b"\0\x01\0\x01").is_err());
        assert!(read(b"\0\0\0\x04\0\0\0\x05").is_err());
        assert!(read(b"\0\0\0\x04\xff\xff\xff\xff").is_err());
        assert!(read(b"\0\0\0\x05\0\0\0\0x").is_err());
        assert!(read(b"\0\0\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0").is_err());
        assert!(read(b"\0\0\0\x09ab").is_err());
        assert!(read(b"").unwrap().is_none());
    }
}
