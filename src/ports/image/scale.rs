//! Cutting, scaling and turning pixels.

use fast_image_resize::{
    FilterType, MulDiv, PixelType, ResizeAlg, ResizeOptions, Resizer,
    images::{CroppedImage, CroppedImageMut, Image, ImageRef},
};
use image::{ColorType, DynamicImage, RgbaImage, metadata::Orientation};

use crate::domain::avatar::{AvatarError, MAX_SIDE, Size, Square};

const TOP: u32 = Size::ALL[0].px();

/// Most bytes held beside the decoded picture: the resizer's rows of 16-bit RGBA between its two passes, and 8 MiB
/// for the renditions and their encoders.
pub(super) const SCRATCH: u64 = TOP as u64 * MAX_SIDE as u64 * 8 + (8 << 20);

/// Whether turning a picture upright exchanges its width and its height.
pub(super) fn swaps_sides(orientation: Orientation) -> bool {
    use Orientation::*;
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

/// Where `square` of the upright picture lies in the picture as it is stored.
///
/// Turning the rendition instead of the picture saves a second copy of up to 50 megapixels.
pub(super) fn stored(square: Square, (width, height): (u32, u32), orientation: Orientation) -> Square {
    let Square { x, y, side } = square;
    let (right, below) = (width - x - side, height - y - side);
    let (x, y) = match orientation {
        Orientation::NoTransforms => (x, y),
        Orientation::FlipHorizontal => (right, y),
        Orientation::Rotate180 => (right, below),
        Orientation::FlipVertical => (x, below),
        Orientation::Rotate90FlipH => (y, x),
        Orientation::Rotate90 => (y, right),
        Orientation::Rotate270FlipH => (below, right),
        Orientation::Rotate270 => (below, x),
    };
    Square { x, y, side }
}

/// Cuts `square` out of `picture`, scales it to the largest size and turns it upright.
pub(super) fn square(
    mut picture: Image<'_>,
    color: ColorType,
    Square { x, y, side }: Square,
    orientation: Orientation,
) -> Result<RgbaImage, AvatarError> {
    let mut scaled = Image::new(TOP, TOP, picture.pixel_type());
    // Scaled as they are, transparent pixels would bleed their invisible colour into their neighbours. The resizer
    // would multiply by alpha in a copy of the picture; in place costs nothing.
    let alpha = MulDiv::new();
    if color.has_alpha() {
        let mut framed = CroppedImageMut::new(&mut picture, x, y, side, side).map_err(impossible)?;
        alpha.multiply_alpha_inplace(&mut framed).map_err(impossible)?;
    }
    let framed = CroppedImage::new(&picture, x, y, side, side).map_err(impossible)?;
    let options = ResizeOptions::new().resize_alg(filter(side)).use_alpha(false);
    Resizer::new().resize(&framed, &mut scaled, &options).map_err(impossible)?;
    drop(picture);
    if color.has_alpha() {
        alpha.divide_alpha_inplace(&mut scaled).map_err(impossible)?;
    }

    let mut upright = DynamicImage::ImageRgba8(rgba(&scaled, color));
    upright.apply_orientation(orientation);
    Ok(upright.into_rgba8())
}

/// Scales a square of the largest size down to `size`.
pub(super) fn smaller(square: &RgbaImage, size: Size) -> Result<RgbaImage, AvatarError> {
    let source = ImageRef::new(TOP, TOP, square.as_raw(), PixelType::U8x4).map_err(impossible)?;
    let mut scaled = Image::new(size.px(), size.px(), PixelType::U8x4);
    let options = ResizeOptions::new().resize_alg(filter(TOP));
    Resizer::new().resize(&source, &mut scaled, &options).map_err(impossible)?;
    RgbaImage::from_raw(size.px(), size.px(), scaled.into_vec()).ok_or(AvatarError::Undecodable)
}

/// Lanczos keeps photographs crisp when they shrink; enlarged it rings around edges, where Catmull-Rom is calmer.
fn filter(side: u32) -> ResizeAlg {
    ResizeAlg::Convolution(if side < TOP { FilterType::CatmullRom } else { FilterType::Lanczos3 })
}

/// Grey or colour, 8 or 16 bits, with or without alpha: as 8-bit RGBA.
fn rgba(scaled: &Image<'_>, color: ColorType) -> RgbaImage {
    let channels = usize::from(color.channel_count());
    let depth = usize::from(color.bytes_per_pixel()) / channels;
    let sample = |at: usize| match *scaled.buffer() {
        ref bytes if depth == 1 => bytes[at],
        // 257 is what one step of 8 bits is worth in 16.
        ref bytes => ((u32::from(u16::from_ne_bytes([bytes[2 * at], bytes[2 * at + 1]])) + 128) / 257) as u8,
    };
    RgbaImage::from_fn(TOP, TOP, |x, y| {
        let at = (y * TOP + x) as usize * channels;
        image::Rgba(match channels {
            1 => [sample(at), sample(at), sample(at), u8::MAX],
            2 => [sample(at), sample(at), sample(at), sample(at + 1)],
            3 => [sample(at), sample(at + 1), sample(at + 2), u8::MAX],
            _ => [sample(at), sample(at + 1), sample(at + 2), sample(at + 3)],
        })
    })
}

/// The square lies within the picture and both ends share a pixel type: the resizer has nothing left to refuse.
fn impossible<E>(_: E) -> AvatarError {
    AvatarError::Undecodable
}
