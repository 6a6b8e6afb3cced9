//! The renditions of a finished square.

use image::{ExtendedColorType, RgbaImage, codecs::jpeg::JpegEncoder};

use super::{Renditions, scale};
use crate::domain::avatar::{AvatarError, Size};

/// Where WebP of faces is no longer told from the original at these sizes.
const WEBP_QUALITY: f32 = 82.0;
/// About as good, in JPEG's own scale.
const JPEG_QUALITY: u8 = 85;

/// Encodes a square of the largest size, and its smaller ones.
pub(super) fn renditions(square: &RgbaImage, source_type: &'static str) -> Result<Renditions, AvatarError> {
    let smaller = |size| scale::smaller(square, size).and_then(|scaled| webp(&scaled));
    let [top, half, quarter, eighth] = Size::ALL;
    Ok(Renditions {
        webp: [(top, webp(square)?), (half, smaller(half)?), (quarter, smaller(quarter)?), (eighth, smaller(eighth)?)],
        jpeg: jpeg(square)?,
        source_type,
    })
}

/// Lossy WebP; libwebp itself leaves out an alpha channel that is opaque throughout.
fn webp(square: &RgbaImage) -> Result<Vec<u8>, AvatarError> {
    let encoder = webp::Encoder::from_rgba(square.as_raw(), square.width(), square.height());
    encoder.encode_simple(false, WEBP_QUALITY).map(|encoded| encoded.to_vec()).map_err(|_| AvatarError::Undecodable)
}

/// JPEG, which knows no transparency, on white.
fn jpeg(square: &RgbaImage) -> Result<Vec<u8>, AvatarError> {
    let on_white = |value: u8, alpha: u8| {
        let (value, alpha) = (u16::from(value), u16::from(alpha));
        ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    let flat: Vec<u8> =
        square.pixels().flat_map(|&image::Rgba([r, g, b, a])| [r, g, b].map(|value| on_white(value, a))).collect();
    let mut encoded = Vec::new();
    JpegEncoder::new_with_quality(&mut encoded, JPEG_QUALITY)
        .encode(&flat, square.width(), square.height(), ExtendedColorType::Rgb8)
        .map_err(|_| AvatarError::Undecodable)?;
    Ok(encoded)
}
