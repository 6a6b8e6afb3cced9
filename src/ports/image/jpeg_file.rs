//! The segments of a JPEG, as far as they say whether it can be read and where it ends.
//!
//! The decoder makes up what a cut picture lacks, in grey. Such a picture is refused, as those of the other formats are; but
//! one that lacks its end marker alone has all its pixels.

use crate::domain::avatar::AvatarError;

const END: [u8; 2] = [0xFF, 0xD9];

/// What the segments tell.
#[derive(Default)]
pub(super) struct Structure {
    /// No end marker comes: whether rows are missing shows when they are decoded.
    pub is_open: bool,
    /// Some component has a sampling factor beyond 2.
    pub is_finely_sampled: bool,
}

/// Reads the segments up to the first scan, and looks for the end after it.
///
/// # Errors
/// [`AvatarError::ArithmeticJpeg`]; [`AvatarError::Undecodable`] where no scan begins.
pub(super) fn structure(bytes: &[u8]) -> Result<Structure, AvatarError> {
    let mut structure = Structure::default();
    let mut rest = bytes.get(2..).unwrap_or_default();
    // Segments before the first scan are stepped over: a thumbnail within one has an end of its own.
    while let Some(at) = rest.iter().position(|byte| *byte == 0xFF) {
        rest = match &rest[at + 1..] {
            [0xDA, scan @ ..] => {
                structure.is_open = !scan.windows(2).any(|pair| pair == END);
                return Ok(structure);
            }
            // Frames of ITU-T T.81 table B.1 with arithmetic coding.
            [0xC9..=0xCB | 0xCD..=0xCF, ..] => return Err(AvatarError::ArithmeticJpeg),
            // Filling, and markers that stand alone.
            marker @ [0xFF, ..] => marker,
            [0x00 | 0x01 | 0xD0..=0xD8, after @ ..] => after,
            [marker, segment @ ..] => {
                if (0xC0..=0xC2).contains(marker) {
                    structure.is_finely_sampled = is_finely_sampled(segment);
                }
                let length = segment.first_chunk().map_or(usize::MAX, |bytes| u16::from_be_bytes(*bytes).into());
                segment.get(length..).unwrap_or_default()
            }
            [] => break,
        };
    }
    Err(AvatarError::Undecodable)
}

/// Length, precision, height, width and number of components come before these, each with its name, two sampling factors of
/// four bits, and its table.
fn is_finely_sampled(frame: &[u8]) -> bool {
    let count = frame.get(7).copied().unwrap_or_default();
    let components = frame.get(8..).unwrap_or_default().chunks_exact(3).take(count.into());
    components.map(|component| component[1]).any(|factors| factors >> 4 > 2 || factors & 15 > 2)
}

/// The file with its end marker.
pub(super) fn ended(bytes: &[u8]) -> Vec<u8> {
    [without_fill(bytes), &END].concat()
}

/// The file with more data after its own, and then its end marker: decoded, it shows the same picture as [`ended`] only if
/// every row is there already, since a missing one is made of what follows.
pub(super) fn continued(bytes: &[u8]) -> Vec<u8> {
    let more: Vec<u8> = (0..4096_u32).map(|at| (at.wrapping_mul(0x9E37_79B1) >> 24) as u8 & 0x7F).collect();
    [without_fill(bytes), &more, &END].concat()
}

/// The first byte of a marker may be left of it.
fn without_fill(bytes: &[u8]) -> &[u8] {
    let fill = bytes.iter().rev().take_while(|byte| **byte == 0xFF).count();
    &bytes[..bytes.len() - fill]
}
