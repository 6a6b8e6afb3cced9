//! From an upload to an avatar: pure, bounded, and distrustful of every byte.
//!
//! 1. The type is told by the content; JPEG, PNG, GIF and WebP go on, whatever the upload calls itself.
//! 2. Size and structure are read from the headers, and refused before anything is allocated for pixels.
//! 3. The first frame is decoded, once, straight into the buffer that is resized.
//! 4. The square is cut in place and scaled to 512 pixels; only that is turned upright, made RGBA, and brought to sRGB by the
//!    upload's colour profile.
//! 5. The renditions are encoded from those pixels alone, so no metadata of the upload can survive.
//!
//! Decoding is Rust throughout. The one C library, libwebp's encoder, sees our own 512 pixels and no upload.
//!
//! Decoding is what takes memory: [`decode_cost`] says how much before [`process`] takes it. Both are
//! processor-bound and belong on a blocking thread.

mod colour;
mod encode;
mod gif_file;
mod jpeg_file;
mod png_file;
mod scale;
mod source;
mod vp8l;
mod webp_file;

use std::panic;

use crate::domain::avatar::{AvatarError, Region, Size};
use source::Source;

/// What is stored of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renditions {
    /// Lossy WebP in every size, largest first; transparent where the upload was.
    pub webp: [(Size, Vec<u8>); Size::ALL.len()],
    /// JPEG of 512 pixels for clients without WebP, on white where the upload was transparent.
    pub jpeg: Vec<u8>,
    /// The media type of the upload, by its content.
    pub source_type: &'static str,
}

/// Makes the avatar from `region` of an uploaded picture, upright and square.
///
/// A region of fewer than 512 pixels is enlarged, so that every size exists for every avatar.
///
/// # Errors
/// Any [`AvatarError`] but [`AvatarError::CropMalformed`] and [`AvatarError::UnknownSize`], which parsing gives.
pub fn process(bytes: &[u8], region: Region) -> Result<Renditions, AvatarError> {
    contained(|| {
        let source = Source::open(bytes)?;
        let source_type = source.media_type();
        encode::renditions(&source.square(region)?, source_type)
    })
}

/// About how many bytes [`process`] holds at its peak for this picture, so that a caller can keep to a budget.
///
/// Reads headers only; a picture refused here is refused by [`process`] with the same error.
///
/// # Errors
/// Whatever can be said against the picture without decoding it.
pub fn decode_cost(bytes: &[u8]) -> Result<u64, AvatarError> {
    contained(|| Ok(Source::open(bytes)?.cost()))
}

/// Runs `work` so that a panic of a decoder, which a crafted picture may provoke, refuses that picture and no more.
fn contained<T>(work: impl FnOnce() -> Result<T, AvatarError> + panic::UnwindSafe) -> Result<T, AvatarError> {
    panic::catch_unwind(work).unwrap_or(Err(AvatarError::Undecodable))
}

#[cfg(test)]
mod tests;
