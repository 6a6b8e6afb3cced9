//! Which part of a picture becomes the avatar.

use std::{fmt, str::FromStr};

use super::AvatarError;

/// A square of pixels that lies within a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Square {
    /// Pixels left of it.
    pub x: u32,
    /// Pixels above it.
    pub y: u32,
    /// Width and height in pixels, at least 1.
    pub side: u32,
}

/// The rectangle a person framed, in pixels of the upright picture (after EXIF orientation).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crop {
    /// Pixels left of it.
    pub x: u32,
    /// Pixels above it.
    pub y: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl Crop {
    /// The largest centred square of what the rectangle covers of a `width` × `height` picture.
    ///
    /// A rectangle that overhangs is cut at the edges, for croppers round outwards.
    ///
    /// # Errors
    /// [`AvatarError::CropOutside`] when it covers no pixel.
    pub fn square(self, width: u32, height: u32) -> Result<Square, AvatarError> {
        let covered_width = self.x.saturating_add(self.width).min(width).saturating_sub(self.x);
        let covered_height = self.y.saturating_add(self.height).min(height).saturating_sub(self.y);
        let side = covered_width.min(covered_height);
        if side == 0 {
            return Err(AvatarError::CropOutside { width, height });
        }
        Ok(Square { x: self.x + (covered_width - side) / 2, y: self.y + (covered_height - side) / 2, side })
    }
}

impl FromStr for Crop {
    type Err = AvatarError;

    /// Reads `x,y,width,height`. Croppers send fractions of pixels: they are rounded.
    fn from_str(text: &str) -> Result<Self, AvatarError> {
        let numbers = text.split(',').map(pixels).collect::<Option<Vec<_>>>().ok_or(AvatarError::CropMalformed)?;
        let [x, y, width, height] = numbers[..] else { return Err(AvatarError::CropMalformed) };
        Ok(Self { x, y, width, height })
    }
}

/// A count of pixels as a browser writes it, to the nearest whole one; `None` for what cannot be one.
fn pixels(text: &str) -> Option<u32> {
    let rounded = text.trim().parse::<f64>().ok()?.round();
    (0.0..=f64::from(u32::MAX)).contains(&rounded).then_some(rounded as u32)
}

/// Where the face is, for people whose browser runs no cropper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named after its place")]
pub enum FocusPoint {
    TopLeft,
    Top,
    TopRight,
    Left,
    #[default]
    Centre,
    Right,
    BottomLeft,
    Bottom,
    BottomRight,
}

impl FocusPoint {
    /// Every point, row by row, as a form shows them.
    pub const ALL: [Self; 9] = [
        Self::TopLeft,
        Self::Top,
        Self::TopRight,
        Self::Left,
        Self::Centre,
        Self::Right,
        Self::BottomLeft,
        Self::Bottom,
        Self::BottomRight,
    ];

    /// The name it has in forms: kebab-case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TopLeft => "top-left",
            Self::Top => "top",
            Self::TopRight => "top-right",
            Self::Left => "left",
            Self::Centre => "centre",
            Self::Right => "right",
            Self::BottomLeft => "bottom-left",
            Self::Bottom => "bottom",
            Self::BottomRight => "bottom-right",
        }
    }

    /// The largest square of a `width` × `height` picture, moved as far towards the point as it goes.
    pub fn square(self, width: u32, height: u32) -> Square {
        let side = width.min(height);
        let (right, down) = (width - side, height - side);
        let x = match self {
            Self::TopLeft | Self::Left | Self::BottomLeft => 0,
            Self::Top | Self::Centre | Self::Bottom => right / 2,
            Self::TopRight | Self::Right | Self::BottomRight => right,
        };
        let y = match self {
            Self::TopLeft | Self::Top | Self::TopRight => 0,
            Self::Left | Self::Centre | Self::Right => down / 2,
            Self::BottomLeft | Self::Bottom | Self::BottomRight => down,
        };
        Square { x, y, side }
    }
}

impl fmt::Display for FocusPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for FocusPoint {
    type Err = AvatarError;

    fn from_str(text: &str) -> Result<Self, AvatarError> {
        Self::ALL.into_iter().find(|point| point.name() == text).ok_or(AvatarError::CropMalformed)
    }
}

/// Which part of an upload becomes the avatar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// What was framed in a cropper, or sent over REST.
    Crop(Crop),
    /// What was chosen without a cropper; the default is the centre.
    Focus(FocusPoint),
}

impl Default for Region {
    fn default() -> Self {
        Self::Focus(FocusPoint::default())
    }
}

impl Region {
    /// The square it means in an upright picture of `width` × `height` pixels, neither of them 0.
    ///
    /// # Errors
    /// [`AvatarError::CropOutside`] when a crop covers no pixel.
    pub fn square(self, width: u32, height: u32) -> Result<Square, AvatarError> {
        match self {
            Self::Crop(crop) => crop.square(width, height),
            Self::Focus(point) => Ok(point.square(width, height)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn square(x: u32, y: u32, side: u32) -> Square {
        Square { x, y, side }
    }

    #[test]
    fn a_crop_is_four_numbers() {
        let crop = Crop { x: 10, y: 0, width: 200, height: 201 };
        for text in ["10,0,200,201", "10.4, -0.3 ,199.5,200.7", "1e1,0,2e2,201"] {
            assert_eq!(text.parse(), Ok(crop), "{text}");
        }
        for wrong in [
            "",
            "1",
            "1,2,3",
            "1,2,3,4,5",
            "1,2,3,",
            "a,b,c,d",
            "-1,0,5,5",
            "NaN,0,1,1",
            "0,0,inf,1",
            "0,0,1,4294967296",
        ] {
            assert_eq!(wrong.parse::<Crop>(), Err(AvatarError::CropMalformed), "{wrong}");
        }
    }

    #[test]
    fn a_crop_is_cut_at_the_edges_and_squared_at_its_centre() {
        let within = |text: &str| text.parse::<Crop>().and_then(|crop| crop.square(100, 60));
        assert_eq!(within("10,20,30,30"), Ok(square(10, 20, 30)));
        assert_eq!(within("10,20,40,30"), Ok(square(15, 20, 30)));
        assert_eq!(within("10,10,30,50"), Ok(square(10, 20, 30)));
        assert_eq!(within("81,21,20,40"), Ok(square(81, 31, 19)));
        assert_eq!(within("0,0,4294967295,4294967295"), Ok(square(20, 0, 60)));
        assert_eq!(within("99,59,1,1"), Ok(square(99, 59, 1)));
        for outside in ["100,0,5,5", "0,60,5,5", "5,5,0,5", "5,5,5,0.4", "4294967295,4294967295,4294967295,1"] {
            assert_eq!(within(outside), Err(AvatarError::CropOutside { width: 100, height: 60 }), "{outside}");
        }
    }

    #[test]
    fn a_focus_point_moves_the_largest_square() {
        let wide = FocusPoint::ALL.map(|point| point.square(100, 60));
        assert_eq!(wide.map(|square| square.x), [0, 20, 40, 0, 20, 40, 0, 20, 40]);
        assert!(wide.iter().all(|square| square.y == 0 && square.side == 60));
        let high = FocusPoint::ALL.map(|point| point.square(60, 100));
        assert_eq!(high.map(|square| square.y), [0, 0, 0, 20, 20, 20, 40, 40, 40]);
        assert!(high.iter().all(|square| square.x == 0 && square.side == 60));
        assert_eq!(Region::default().square(1, 7), Ok(square(0, 3, 1)));
    }

    #[test]
    fn focus_points_are_read_as_they_are_written() {
        for point in FocusPoint::ALL {
            assert_eq!(point.to_string().parse(), Ok(point));
        }
        for wrong in ["", "center", "Top", "top left", "middle"] {
            assert_eq!(wrong.parse::<FocusPoint>(), Err(AvatarError::CropMalformed), "{wrong}");
        }
    }
}
