//! The end of a PNG.

use std::borrow::Cow;

const SIGNATURE: usize = 8;
/// Length, name and checksum of a chunk.
const FRAME: usize = 12;
/// The chunk that ends a PNG, with its checksum.
const END: [u8; FRAME] = *b"\0\0\0\0IEND\xAE\x42\x60\x82";

/// The file, with the chunk that ends it where nothing but that is missing: what was cut off before has lost no pixel.
pub(super) fn ended(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut at = SIGNATURE;
    while let Some(header) = bytes.get(at..at + 8) {
        if header.ends_with(b"IEND") {
            break;
        }
        let length = header.first_chunk().map_or(usize::MAX, |length| u32::from_be_bytes(*length) as usize);
        at = at.saturating_add(length).saturating_add(FRAME);
    }
    match bytes.get(at..) {
        Some(rest) if END.starts_with(rest) => Cow::Owned([&bytes[..at], &END].concat()),
        _ => Cow::Borrowed(bytes),
    }
}
