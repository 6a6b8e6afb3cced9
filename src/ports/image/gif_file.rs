//! The screen of a GIF.

use std::borrow::Cow;

const HEADER: usize = 13;
const EXTENSION: u8 = 0x21;
const FRAME: u8 = 0x2C;

/// The file with a screen as large as its first frame asks for, where it declares a screen without a pixel. Browsers show
/// such a file as well.
pub(super) fn with_screen(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some([w0, w1, h0, h1]) = bytes.get(6..10).and_then(<[u8]>::first_chunk) else { return Cow::Borrowed(bytes) };
    let is_empty = [*w0, *w1] == [0, 0] || [*h0, *h1] == [0, 0];
    match first_frame(bytes).filter(|_| is_empty) {
        Some([left, top, width, height]) => {
            let mut bytes = bytes.to_vec();
            bytes[6..8].copy_from_slice(&left.saturating_add(width).to_le_bytes());
            bytes[8..10].copy_from_slice(&top.saturating_add(height).to_le_bytes());
            Cow::Owned(bytes)
        }
        None => Cow::Borrowed(bytes),
    }
}

/// Left, top, width and height of the first frame.
fn first_frame(bytes: &[u8]) -> Option<[u16; 4]> {
    let mut rest = bytes.get(HEADER + colours(*bytes.get(10)?)..)?;
    loop {
        match rest {
            [EXTENSION, _, blocks @ ..] => rest = after_blocks(blocks)?,
            [FRAME, frame @ ..] => {
                let [l0, l1, t0, t1, w0, w1, h0, h1] = *frame.first_chunk()?;
                return Some([[l0, l1], [t0, t1], [w0, w1], [h0, h1]].map(u16::from_le_bytes));
            }
            _ => return None,
        }
    }
}

/// Bytes of the table of colours that these flags announce.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// What follows a row of blocks, each with its length before it, the last of length 0.
fn after_blocks(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let (length, blocks) = rest.split_first()?;
        if *length == 0 {
            return Some(blocks);
        }
        rest = blocks.get(usize::from(*length)..)?;
    }
}
