//! An upload whose headers were found acceptable, ready to be decoded.

use std::{borrow::Cow, io::Cursor};

use fast_image_resize::{PixelType, images::Image};
use image::{
    ColorType, ImageDecoder, ImageError, ImageFormat, ImageReader, ImageResult, Limits, RgbaImage,
    error::{DecodingError, LimitErrorKind},
    metadata::Orientation,
};
use sha2::{Digest, Sha256};

use super::{
    colour, gif_file,
    jpeg_file::{self, Structure},
    png_file, scale, vp8l, webp_file,
};
use crate::domain::avatar::{AvatarError, MAX_BYTES, MAX_PIXELS, MAX_SIDE, Region, check_area};

/// Most bytes a decoder may take beside the pixels it returns: a GIF frame that is not the size of its screen.
const MAX_SCRATCH: u64 = MAX_PIXELS * 4;

/// A picture within the limits, of which no pixel is decoded yet.
pub(super) struct Source<'a> {
    format: ImageFormat,
    decoder: Box<dyn ImageDecoder + 'a>,
    encoded_len: u64,
    /// A JPEG without an end marker, which may lack rows.
    open_end: Option<&'a [u8]>,
    is_finely_sampled: bool,
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
        let structure = match format {
            ImageFormat::Jpeg => jpeg_file::structure(bytes)?,
            _ => Structure::default(),
        };
        let (open_end, is_finely_sampled) = (structure.is_open.then_some(bytes), structure.is_finely_sampled);
        let bytes = match format {
            ImageFormat::WebP => Cow::Borrowed(webp_file::checked(bytes)?),
            ImageFormat::Png => png_file::ended(bytes),
            ImageFormat::Gif => gif_file::with_screen(bytes),
            _ if structure.is_open => Cow::Owned(jpeg_file::ended(bytes)),
            _ => Cow::Borrowed(bytes),
        };
        let decoder = decoder(bytes, format, is_finely_sampled)?;
        // `ImageReader` bounds each side alone, and its decoders hand out the size of a buffer without ever asking
        // whether it may be that large.
        check_area(decoder.dimensions())?;
        Ok(Self { format, decoder, encoded_len, open_end, is_finely_sampled })
    }

    /// The media type by the content.
    pub(super) fn media_type(&self) -> &'static str {
        self.format.to_mime_type()
    }

    /// Peak bytes of decoding: the pixels, what the decoder keeps beside them, and the file.
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
        // The file, which a decoder may copy, and which may have been copied to end it.
        self.decoder.total_bytes() + beside + 3 * self.encoded_len + scale::SCRATCH
    }

    /// Decodes the first frame and cuts `region` out of it: 512 pixels wide, upright and in sRGB.
    pub(super) fn square(mut self, region: Region) -> Result<RgbaImage, AvatarError> {
        // Unreadable metadata is no reason to refuse readable pixels.
        let orientation = self.decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let (width, height) = self.decoder.dimensions();
        let (upright_width, upright_height) =
            if scale::swaps_sides(orientation) { (height, width) } else { (width, height) };
        let square = region.square(upright_width, upright_height)?;

        let color = self.decoder.color_type();
        let profile = self.decoder.icc_profile().ok().flatten().filter(|_| color.has_color());
        let mut picture = Image::new(width, height, pixel_type(color)?);
        self.read(picture.buffer_mut())?;
        let stored = scale::stored(square, (upright_width, upright_height), orientation);
        let mut square = scale::square(picture, color, stored, orientation)?;
        if let Some(profile) = profile {
            colour::to_srgb(&mut square, &profile);
        }
        Ok(square)
    }

    /// Decodes all pixels, and makes sure that they are the file's own.
    fn read(self, pixels: &mut [u8]) -> Result<(), AvatarError> {
        self.decoder.read_image_boxed(pixels).map_err(refusal)?;
        if let Some(bytes) = self.open_end {
            // Compared by digest: a second copy of 50 megapixels would cost too much.
            let shown = Sha256::digest(&pixels);
            let continued = decoder(Cow::Owned(jpeg_file::continued(bytes)), self.format, self.is_finely_sampled)?;
            continued.read_image_boxed(pixels).map_err(refusal)?;
            if Sha256::digest(&pixels) != shown {
                return Err(AvatarError::Undecodable);
            }
        }
        Ok(())
    }
}

/// A decoder that keeps to our limits.
fn decoder(
    bytes: Cow<'_, [u8]>,
    format: ImageFormat,
    is_finely_sampled: bool,
) -> Result<Box<dyn ImageDecoder + '_>, AvatarError> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_SCRATCH);
    let finely_sampled = is_finely_sampled.then(|| bytes.clone());
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(refusal)?;
    Ok(match finely_sampled {
        Some(bytes) => Box::new(FinelySampled { bytes, headers: decoder }),
        None => Box::new(decoder),
    })
}

/// A JPEG whose samples are spread in another way than cameras do it. `image`'s own decoder garbles these, and has the
/// headers read alone; the pixels are another's.
struct FinelySampled<'a, D> {
    bytes: Cow<'a, [u8]>,
    headers: D,
}

impl<D: ImageDecoder> ImageDecoder for FinelySampled<'_, D> {
    fn dimensions(&self) -> (u32, u32) {
        self.headers.dimensions()
    }

    fn color_type(&self) -> ColorType {
        self.headers.color_type()
    }

    fn icc_profile(&mut self) -> ImageResult<Option<Vec<u8>>> {
        self.headers.icc_profile()
    }

    fn orientation(&mut self) -> ImageResult<Orientation> {
        self.headers.orientation()
    }

    fn read_image(self, pixels: &mut [u8]) -> ImageResult<()> {
        let undecodable =
            |cause: &str| ImageError::Decoding(DecodingError::new(ImageFormat::Jpeg.into(), cause.to_owned()));
        let mut decoder = jpeg_decoder::Decoder::new(&*self.bytes);
        let decoded = decoder.decode().map_err(|error| undecodable(&error.to_string()))?;
        if decoded.len() != pixels.len() {
            return Err(undecodable("neither grey nor three colours"));
        }
        pixels.copy_from_slice(&decoded);
        Ok(())
    }

    fn read_image_boxed(self: Box<Self>, pixels: &mut [u8]) -> ImageResult<()> {
        (*self).read_image(pixels)
    }
}

/// The type by its first bytes: a name or a declared type is only what the uploader says.
fn sniff(bytes: &[u8]) -> Result<ImageFormat, AvatarError> {
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP)) => Ok(format),
        _ => Err(heif(bytes).map_or(AvatarError::UnsupportedType, |name| AvatarError::OtherFormat { name })),
    }
}

/// The name of a HEIF picture's format, by the brands of its `ftyp` box (ISO/IEC 23008-12 and AV1 Image File Format).
fn heif(bytes: &[u8]) -> Option<&'static str> {
    let (length, rest) = bytes.split_first_chunk()?;
    let brands = rest.strip_prefix(b"ftyp")?;
    let (brands, _) = brands[..brands.len().min((u32::from_be_bytes(*length) as usize).saturating_sub(8))].as_chunks();
    let has = |names: &[&[u8; 4]]| brands.iter().any(|brand| names.contains(&brand));
    match () {
        () if has(&[b"avif", b"avis"]) => Some("AVIF"),
        () if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) => Some("HEIC"),
        () => None,
    }
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
