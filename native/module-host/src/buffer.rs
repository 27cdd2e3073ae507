//! Buffers that a module fills, which may write more than it was allowed.

use std::ptr;

use crate::cryptoki::Ulong;

/// Room behind each buffer that a module fills, to notice when it wrote too much.
const MARGIN: usize = 4096;
const MARGIN_BYTE: u8 = 0xA5;

/// A buffer for a module to fill, with room behind it in which nothing may be written.
pub struct Margined<T> {
    items: Vec<T>,
    length: usize,
    fill: Vec<u8>,
}

impl<T: Copy> Margined<T> {
    pub fn new(length: usize, value: T) -> Self {
        let behind = MARGIN / size_of::<T>();
        let mut items = vec![value; length + behind];
        // SAFETY: plain numbers: every byte pattern is a value.
        unsafe { ptr::write_bytes(items.as_mut_ptr().add(length), MARGIN_BYTE, behind) };
        Self { items, length, fill: vec![MARGIN_BYTE; behind * size_of::<T>()] }
    }

    pub fn pointer(&mut self) -> *mut T {
        self.items.as_mut_ptr()
    }

    /// The first `count` items; `None` when the module says or wrote more than there was room for.
    pub fn take(mut self, count: Ulong) -> Option<Vec<T>> {
        let count = usize::try_from(count).ok().filter(|&count| count <= self.length)?;
        // SAFETY: the margin is initialised memory of this vector.
        let margin = unsafe {
            std::slice::from_raw_parts(self.items.as_ptr().add(self.length).cast::<u8>(), self.fill.len())
        };
        if margin != self.fill {
            return None;
        }
        self.items.truncate(count);
        Some(std::mem::take(&mut self.items))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_behind_a_buffer_is_noticed() {
        let mut buffer = Margined::<u8>::new(4, 0);
        // SAFETY: the margin is part of the buffer.
        unsafe { buffer.pointer().add(4).write(1) };
        assert!(buffer.take(4).is_none());
        assert_eq!(Margined::<u8>::new(4, 7).take(2), Some(vec![7, 7]));
        assert!(Margined::<u8>::new(4, 7).take(5).is_none());
        assert!(Margined::<u8>::new(4, 7).take(Ulong::MAX).is_none());
    }
}
