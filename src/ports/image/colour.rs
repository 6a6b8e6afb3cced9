//! Colours, which an ICC profile may say are of another space than sRGB.

use std::panic::{self, AssertUnwindSafe};

use image::RgbaImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// Brings a picture to sRGB, which is what pictures without a profile are taken for. A profile that is broken, or of another
/// kind than the pixels that the decoder returns, changes nothing: the picture is worth more than its exact colours.
pub(super) fn to_srgb(picture: &mut RgbaImage, profile: &[u8]) {
    // A crafted profile may even make the library panic.
    let converted = panic::catch_unwind(AssertUnwindSafe(|| convert(picture, profile)));
    if let Ok(Some(converted)) = converted {
        picture.copy_from_slice(&converted);
    }
}

fn convert(picture: &RgbaImage, profile: &[u8]) -> Option<Vec<u8>> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    if profile.color_space != DataColorSpace::Rgb {
        return None;
    }
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgba, TransformOptions::default());
    let mut converted = vec![0; picture.len()];
    transform.ok()?.transform(picture, &mut converted).ok()?;
    Some(converted)
}
