//! An upload whose headers were found acceptable, ready to be decoded.

use std::io::Cursor;

use fast_image_resize::{PixelType, images::Image};
use image::{
    ColorType, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbaImage, error::LimitErrorKind,
    metadata::Orientation,
};

use super::{scale, vp8l, webp_file};
use crate::domain::avatar::{AvatarError, MAX_BYTES, MAX_PIXELS, MAX_SIDE, Region, check_area};

/// Most bytes a decoder may take beside the pixels it returns: a GIF frame that is not the size of its screen.
const MAX_SCRATCH: u64 = MAX_PIXELS * 4;

/// A picture within the limits, of which no pixel is decoded yet.
pub(super) struct Source<'a> {
    format: ImageFormat,
    decoder: Box<dyn ImageDecoder + 'a>,
    encoded_len: u64,
}

impl<'a> Source<'a> {
    /// Reads the headers and holds them against the limits.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, AvatarError> {
        let encoded_len = bytes.len() as u64;
        if encoded_len == 0 {
            return Err(AvatarError::Empty);
        }
        if encoded_len > MAX_BYTES {
            return Err(AvatarError::TooLarge { max_bytes: MAX_BYTES });
        }
        let format = sniff(bytes)?;
        let bytes = match format {
            ImageFormat::WebP => webp_file::checked(bytes)?,
            ImageFormat::Jpeg if !jpeg_is_whole(bytes) => return Err(AvatarError::Undecodable),
            _ => bytes,
        };
        let mut limits = Limits::no_limits();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(MAX_SCRATCH);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        reader.limits(limits);
        let decoder = reader.into_decoder().map_err(refusal)?;
        // `ImageReader` bounds each side alone, and its decoders hand out the size of a buffer without ever asking
        // whether it may be that large.
        check_area(decoder.dimensions())?;
        Ok(Self { format, decoder: Box::new(decoder), encoded_len })
    }

    /// The media type by the content.
    pub(super) fn media_type(&self) -> &'static str {
        self.format.to_mime_type()
    }

    /// Peak bytes of decoding: the pixels, what the decoder keeps beside them, and the file, which it may copy.
    pub(super) fn cost(&self) -> u64 {
        let (width, height) = self.decoder.dimensions();
        let pixels = u64::from(width) * u64::from(height);
        let beside = match self.format {
            // Whole rows only.
            ImageFormat::Png => 0,
            // A frame that does not fill its screen, in RGBA.
            ImageFormat::Gif => 4 * pixels,
            // Coefficients of a progressive picture: 16 bits for each of up to four components.
            ImageFormat::Jpeg => 8 * pixels,
            // An animation's frame and its canvas in RGBA, and the tables to read them. The planes of a still
            // picture, and its alpha on the way from RGBA to grey, take no more.
            _ => 8 * pixels + vp8l::TABLES,
        };
        self.decoder.total_bytes() + beside + 2 * self.encoded_len + scale::SCRATCH
    }

    /// Decodes the first frame and cuts `region` out of it, 512 pixels wide and upright.
    pub(super) fn square(mut self, region: Region) -> Result<RgbaImage, AvatarError> {
        // Unreadable metadata is no reason to refuse readable pixels.
        let orientation = self.decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let (width, height) = self.decoder.dimensions();
        let (upright_width, upright_height) =
            if scale::swaps_sides(orientation) { (height, width) } else { (width, height) };
        let square = region.square(upright_width, upright_height)?;

        let color = self.decoder.color_type();
        let mut picture = Image::new(width, height, pixel_type(color)?);
        self.decoder.read_image_boxed(picture.buffer_mut()).map_err(refusal)?;
        scale::square(picture, color, scale::stored(square, (upright_width, upright_height), orientation), orientation)
    }
}

/// The type by its first bytes: a name or a declared type is only what the uploader says.
fn sniff(bytes: &[u8]) -> Result<ImageFormat, AvatarError> {
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP)) => Ok(format),
        _ => Err(AvatarError::UnsupportedType),
    }
}

/// Whether the JPEG's data ends with an end-of-image marker. The decoder pads a cut picture with grey; it should be
/// refused, as those of the other formats are.
fn jpeg_is_whole(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    // Segments before the first scan are stepped over: a thumbnail within one has an end of its own.
    while let Some(at) = rest.iter().position(|byte| *byte == 0xFF) {
        rest = match &rest[at + 1..] {
            [0xDA, scan @ ..] => return scan.windows(2).any(|pair| pair == [0xFF, 0xD9]),
            // Filling, and markers that stand alone.
            marker @ [0xFF, ..] => marker,
            [0x00 | 0x01 | 0xD0..=0xD8, after @ ..] => after,
            [_, segment @ ..] => {
                let length = segment.first_chunk().map_or(usize::MAX, |bytes| u16::from_be_bytes(*bytes).into());
                segment.get(length..).unwrap_or_default()
            }
            [] => return false,
        };
    }
    false
}

/// How the resizer names what the decoders return.
fn pixel_type(color: ColorType) -> Result<PixelType, AvatarError> {
    match color {
        ColorType::L8 => Ok(PixelType::U8),
        ColorType::La8 => Ok(PixelType::U8x2),
        ColorType::Rgb8 => Ok(PixelType::U8x3),
        ColorType::Rgba8 => Ok(PixelType::U8x4),
        ColorType::L16 => Ok(PixelType::U16),
        ColorType::La16 => Ok(PixelType::U16x2),
        ColorType::Rgb16 => Ok(PixelType::U16x3),
        ColorType::Rgba16 => Ok(PixelType::U16x4),
        _ => Err(AvatarError::Undecodable),
    }
}

/// What a decoder's error means to the person who uploaded.
fn refusal(error: ImageError) -> AvatarError {
    match error {
        ImageError::Limits(limit) => match limit.kind() {
            LimitErrorKind::DimensionError => AvatarError::SideTooLong { max_side: MAX_SIDE },
            _ => AvatarError::TooManyPixels { max_pixels: MAX_PIXELS },
        },
        _ => AvatarError::Undecodable,
    }
}
