//! What an uploaded picture may be, and which part of it becomes the avatar.

mod region;

use std::{fmt, str::FromStr, time::Duration};

use thiserror::Error as ThisError;

pub use region::{Crop, FocusPoint, Region, Square};

/// Most bytes of an upload.
pub const MAX_BYTES: u64 = 10 * 1024 * 1024;
/// Most pixels along either side of an upload.
pub const MAX_SIDE: u32 = 8192;
/// Most pixels of an upload: 50 megapixels.
pub const MAX_PIXELS: u64 = 50_000_000;
/// Most uploads kept per account; one more pushes out the oldest that no profile uses.
pub const MAX_STORED: usize = 10;
/// Most uploads of one account within an hour.
pub const UPLOADS_PER_HOUR: u32 = 20;
/// How long an upload that no profile uses is kept.
pub const UNUSED_KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// What a file input offers. A hint for people only: the server looks at the content.
pub const ACCEPT: &str = "image/jpeg,image/png,image/gif,image/webp";

/// Why a picture, or what was asked of it, is refused.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum AvatarError {
    /// Nothing was uploaded.
    #[error("the file is empty")]
    Empty,
    /// More bytes than [`MAX_BYTES`].
    #[error("the file is larger than {max_bytes} bytes")]
    TooLarge {
        /// Most bytes allowed.
        max_bytes: u64,
    },
    /// The content is neither JPEG, PNG, GIF nor WebP, whatever its name says.
    #[error("the file is not a JPEG, PNG, GIF or WebP picture")]
    UnsupportedType,
    /// HEIC or AVIF, told by name: telephones make them, and whoever has one does not know why it is not taken.
    #[error("the file is {name}; save it as JPEG and choose that")]
    OtherFormat {
        /// The format.
        name: &'static str,
    },
    /// A JPEG with arithmetic coding, which no browser shows either.
    #[error("the JPEG uses arithmetic coding, which few programs read; save it anew as an ordinary JPEG")]
    ArithmeticJpeg,
    /// A side is longer than [`MAX_SIDE`].
    #[error("the picture is wider or higher than {max_side} pixels")]
    SideTooLong {
        /// Most pixels along a side.
        max_side: u32,
    },
    /// More pixels than [`MAX_PIXELS`].
    #[error("the picture has more than {max_pixels} pixels")]
    TooManyPixels {
        /// Most pixels allowed.
        max_pixels: u64,
    },
    /// Of a type we take, but damaged, cut short, or in a variant that cannot be read.
    #[error("the picture is damaged and cannot be read")]
    Undecodable,
    /// Neither `x,y,width,height` nor the name of a [`FocusPoint`].
    #[error("the crop is not of the form x,y,width,height")]
    CropMalformed,
    /// The crop covers no pixel of the picture.
    #[error("the crop lies outside the picture of {width}x{height} pixels")]
    CropOutside {
        /// Width of the upright picture, in pixels.
        width: u32,
        /// Height of the upright picture, in pixels.
        height: u32,
    },
    /// A size that is not one of [`Size::ALL`].
    #[error("the size is not one of 512, 256, 128 and 64")]
    UnknownSize,
}

/// Holds the sides of a picture and their product against the limits.
///
/// # Errors
/// [`AvatarError::Undecodable`] for nothing at all, [`AvatarError::SideTooLong`] or [`AvatarError::TooManyPixels`].
pub fn check_area((width, height): (u32, u32)) -> Result<(), AvatarError> {
    if width == 0 || height == 0 {
        return Err(AvatarError::Undecodable);
    }
    if width.max(height) > MAX_SIDE {
        return Err(AvatarError::SideTooLong { max_side: MAX_SIDE });
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(AvatarError::TooManyPixels { max_pixels: MAX_PIXELS });
    }
    Ok(())
}

/// The side of a stored rendition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Size {
    /// 512 pixels, and what is served when no size is asked for.
    #[default]
    Px512,
    /// 256 pixels.
    Px256,
    /// 128 pixels.
    Px128,
    /// 64 pixels.
    Px64,
}

impl Size {
    /// Every size, largest first.
    pub const ALL: [Self; 4] = [Self::Px512, Self::Px256, Self::Px128, Self::Px64];

    /// The side in pixels.
    pub const fn px(self) -> u32 {
        match self {
            Self::Px512 => 512,
            Self::Px256 => 256,
            Self::Px128 => 128,
            Self::Px64 => 64,
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.px().fmt(f)
    }
}

impl FromStr for Size {
    type Err = AvatarError;

    fn from_str(text: &str) -> Result<Self, AvatarError> {
        // Compared as written: `0512` or `+512` would be further addresses of one resource in every cache.
        Self::ALL.into_iter().find(|size| size.to_string() == text).ok_or(AvatarError::UnknownSize)
    }
}

/// The public name of an upload: a capability that cannot be guessed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccessKey(String);

impl AccessKey {
    /// Ends every key, so that its address passes for a picture's by NextGate's rule.
    pub const SUFFIX: &str = ".webp";

    /// Takes a key of the right form: 22 to 64 characters of base64url (22 hold 128 bits) and [`Self::SUFFIX`].
    pub fn parse(text: &str) -> Option<Self> {
        let token = text.strip_suffix(Self::SUFFIX)?;
        let url_safe = token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        (url_safe && (22..=64).contains(&token.len())).then(|| Self(text.to_owned()))
    }

    /// The key as it stands in an address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_one_of_four_as_written() {
        for size in Size::ALL {
            assert_eq!(size.to_string().parse(), Ok(size));
        }
        assert_eq!(Size::default().px(), 512);
        for wrong in ["", "0512", "+512", " 512", "512px", "1024", "63", "0", "-64"] {
            assert_eq!(wrong.parse::<Size>(), Err(AvatarError::UnknownSize), "{wrong}");
        }
    }

    #[test]
    fn an_access_key_holds_128_bits_and_ends_like_a_picture() {
        let key = "AZaz09-_AZaz09-_AZaz09.webp";
        assert_eq!(AccessKey::parse(key).map(|key| key.to_string()).as_deref(), Some(key));
        for wrong in [
            "",
            ".webp",
            "AZaz09-_AZaz09-_AZaz0.webp",
            "AZaz09-_AZaz09-_AZaz09",
            "AZaz09-_AZaz09-_AZaz09.WEBP",
            "AZaz09-_AZaz09-_AZaz09.webp.webp",
            "AZaz09-_AZaz09-_AZaz0/.webp",
            "AZaz09-_AZaz09-_AZaz0%.webp",
            "../../../../etc/passwd_.webp",
            "AZaz09-_AZaz09-_AZaz0é.webp",
        ] {
            assert_eq!(AccessKey::parse(wrong), None, "{wrong}");
        }
        assert_eq!(AccessKey::parse(&format!("{}.webp", "a".repeat(65))), None);
    }
}
