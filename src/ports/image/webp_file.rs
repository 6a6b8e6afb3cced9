//! The structure of a WebP file, held against itself before a decoder believes it.
//!
//! A WebP names its size up to three times: for the canvas, for a frame, and in the bitstream. The decoder reports the
//! first and allocates by the last, so that a file of 40 bytes can call itself small and take a gigabyte. It also
//! sets aside as much for a metadata chunk as the chunk claims to be long. After [`checked`] neither is possible.
//!
//! The layout is that of RFC 9649, section 2.

use super::vp8l;
use crate::domain::avatar::{AvatarError, check_area};

const RIFF_HEADER: usize = 12;
/// Position, size, duration and flags of an animation's frame.
const FRAME_HEADER: usize = 16;
/// Signature, size, alpha and version of a lossless bitstream.
const LOSSLESS_HEADER: usize = 5;

type Area = (u32, u32);

/// The file without what trails it, if all chunks lie within it, and all bitstreams within an acceptable canvas.
pub(super) fn checked(bytes: &[u8]) -> Result<&[u8], AvatarError> {
    let declared = bytes.get(4..8).and_then(u32_le).ok_or(AvatarError::Undecodable)?;
    let file = &bytes[..bytes.len().min(declared as usize + 8)];
    let mut chunks = Chunks(file.get(RIFF_HEADER..).unwrap_or_default());

    let first = chunks.next().ok_or(AvatarError::Undecodable)??;
    let canvas = match &first.name {
        b"VP8X" => extent(first.body.get(4..10)),
        _ => first.bitstream(),
    };
    let canvas = canvas.ok_or(AvatarError::Undecodable)?;
    check_area(canvas)?;
    if first.name != *b"VP8X" {
        first.check_bitstream(canvas)?;
        return Ok(file);
    }
    for chunk in chunks {
        let chunk = chunk?;
        match &chunk.name {
            b"VP8 " | b"VP8L" => chunk.check_bitstream(canvas)?,
            b"ALPH" => chunk.check_alpha(canvas)?,
            b"ANMF" => check_frame(chunk.body, canvas)?,
            _ => {}
        }
    }
    Ok(file)
}

/// A frame is a bitstream, or its alpha and then a bitstream. What follows alpha the decoder takes for a bitstream
/// without looking at its name.
fn check_frame(body: &[u8], canvas: Area) -> Result<(), AvatarError> {
    let frame = extent(body.get(6..12)).ok_or(AvatarError::Undecodable)?;
    if frame.0 > canvas.0 || frame.1 > canvas.1 {
        return Err(AvatarError::Undecodable);
    }
    let mut chunks = Chunks(body.get(FRAME_HEADER..).unwrap_or_default());
    let mut next = || chunks.next().ok_or(AvatarError::Undecodable)?;
    let first = next()?;
    if first.name != *b"ALPH" {
        return first.check_bitstream(frame);
    }
    first.check_alpha(frame)?;
    next()?.check_bitstream(frame)
}

struct Chunk<'a> {
    name: [u8; 4],
    body: &'a [u8],
}

impl Chunk<'_> {
    /// The size that a bitstream declares; `None` for anything else.
    fn bitstream(&self) -> Option<Area> {
        match (&self.name, self.body) {
            (b"VP8 ", [_, _, _, 0x9D, 0x01, 0x2A, size @ ..]) => {
                let size = size.get(..4).and_then(u32_le)?;
                // The two bits above each side are a hint for scaling.
                Some((size & 0x3FFF, size >> 16 & 0x3FFF))
            }
            (b"VP8L", [0x2F, size @ ..]) => {
                let size = size.get(..4).and_then(u32_le)?;
                Some(((size & 0x3FFF) + 1, (size >> 14 & 0x3FFF) + 1))
            }
            _ => None,
        }
    }

    fn check_bitstream(&self, (width, height): Area) -> Result<(), AvatarError> {
        let own = self.bitstream().filter(|own| own.0 <= width && own.1 <= height).ok_or(AvatarError::Undecodable)?;
        if self.name == *b"VP8L" { vp8l::check(&self.body[LOSSLESS_HEADER..], own) } else { Ok(()) }
    }

    /// Alpha is raw or, by the lower two bits of its first byte, a lossless bitstream without header.
    fn check_alpha(&self, frame: Area) -> Result<(), AvatarError> {
        match self.body {
            [flags, stream @ ..] if flags & 3 == 1 => vp8l::check(stream, frame),
            _ => Ok(()),
        }
    }
}

/// The chunks of a RIFF body; an error where one reaches beyond it.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<Chunk<'a>, AvatarError>;

    fn next(&mut self) -> Option<Self::Item> {
        // Fewer bytes than a header are no chunk: the decoder stops here, too.
        let (header, rest) = self.0.split_first_chunk::<8>()?;
        let [n0, n1, n2, n3, length @ ..] = *header;
        let length = u32::from_le_bytes(length) as usize;
        let Some(body) = rest.get(..length) else {
            self.0 = &[];
            return Some(Err(AvatarError::Undecodable));
        };
        // Chunks start at even offsets; the last may lack its padding.
        self.0 = rest.get(length + length % 2..).unwrap_or_default();
        Some(Ok(Chunk { name: [n0, n1, n2, n3], body }))
    }
}

/// Width and height as containers hold them: 24 bits each, less one.
fn extent(bytes: Option<&[u8]>) -> Option<Area> {
    let &[w0, w1, w2, h0, h1, h2] = bytes? else { return None };
    Some((u32::from_le_bytes([w0, w1, w2, 0]) + 1, u32::from_le_bytes([h0, h1, h2, 0]) + 1))
}

fn u32_le(bytes: &[u8]) -> Option<u32> {
    bytes.try_into().ok().map(u32::from_le_bytes)
}
