//! Pictures whose numbers mean other colours than sRGB's.

use image::{ExtendedColorType, ImageEncoder, codecs, metadata::Orientation};
use moxcms::ColorProfile;

use super::*;

const PATCHES: [[u8; 3]; 4] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [200, 140, 120]];

fn patches() -> RgbaImage {
    RgbaImage::from_fn(64, 64, |x, y| {
        let [r, g, b] = PATCHES[(x / 32 + y / 32 * 2) as usize];
        Rgba([r, g, b, 255])
    })
}

/// The patches in each format, tagged with a profile.
fn tagged(profile: &[u8]) -> [Vec<u8>; 4] {
    let rgba = DynamicImage::from(patches());
    let rgb = rgba.to_rgb8();
    let deep = rgba.to_rgb16();
    let write = |encoder: &mut dyn FnMut(&mut Vec<u8>)| {
        let mut bytes = Vec::new();
        encoder(&mut bytes);
        bytes
    };
    [
        write(&mut |bytes| {
            let mut encoder = codecs::png::PngEncoder::new(bytes);
            encoder.set_icc_profile(profile.to_vec()).unwrap();
            encoder.write_image(&rgb, 64, 64, ExtendedColorType::Rgb8).unwrap();
        }),
        write(&mut |bytes| {
            let mut encoder = codecs::png::PngEncoder::new(bytes);
            encoder.set_icc_profile(profile.to_vec()).unwrap();
            let samples: Vec<u8> = deep.iter().flat_map(|sample| sample.to_ne_bytes()).collect();
            encoder.write_image(&samples, 64, 64, ExtendedColorType::Rgb16).unwrap();
        }),
        write(&mut |bytes| {
            let mut encoder = codecs::jpeg::JpegEncoder::new_with_quality(bytes, 98);
            encoder.set_icc_profile(profile.to_vec()).unwrap();
            encoder.write_image(&rgb, 64, 64, ExtendedColorType::Rgb8).unwrap();
        }),
        write(&mut |bytes| {
            let mut encoder = codecs::webp::WebPEncoder::new_lossless(bytes);
            encoder.set_icc_profile(profile.to_vec()).unwrap();
            encoder.write_image(&rgb, 64, 64, ExtendedColorType::Rgb8).unwrap();
        }),
    ]
}

#[track_caller]
fn assert_patches(profile: &[u8], expected: [[u8; 3]; 4], tolerance: u8) {
    for bytes in tagged(profile) {
        let found = colours(&shown(&bytes, whole()).unwrap());
        let near = found.iter().flatten().zip(expected.iter().flatten()).all(|(a, b)| a.abs_diff(*b) <= tolerance);
        assert!(near, "{found:?} instead of {expected:?} in {:?}", image::guess_format(&bytes));
    }
}

/// As colour management of browsers has it: relative, and cut where sRGB ends.
#[test]
fn wide_colours_become_those_of_srgb() {
    let p3 = ColorProfile::new_display_p3().encode().unwrap();
    assert_patches(&p3, [[255, 0, 0], [0, 255, 0], [0, 0, 255], [211, 137, 116]], 4);
    let adobe = ColorProfile::new_adobe_rgb().encode().unwrap();
    assert_patches(&adobe, [[255, 0, 0], [0, 255, 0], [0, 0, 255], [220, 141, 120]], 4);
}

#[test]
fn other_profiles_change_and_refuse_nothing() {
    let srgb = ColorProfile::new_srgb().encode().unwrap();
    let mut cmyk = ColorProfile::new_display_p3().encode().unwrap();
    cmyk[16..20].copy_from_slice(b"CMYK");
    let p3 = ColorProfile::new_display_p3().encode().unwrap();
    let (cut, noise) = (&p3[..p3.len() / 2], [0x5A; 700]);
    let mut lying = p3.clone();
    // The table of tags promises four billion of them.
    lying[128..132].fill(0xFF);
    for profile in [&srgb[..], &cmyk, cut, &noise, &lying, b"none"] {
        assert_patches(profile, PATCHES, 4);
    }
}

#[test]
fn grey_stays_as_it_is() {
    let p3 = ColorProfile::new_display_p3().encode().unwrap();
    for profile in [ColorProfile::new_gray_with_gamma(1.0).encode().unwrap(), p3] {
        let mut bytes = Vec::new();
        let mut encoder = codecs::png::PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile).unwrap();
        encoder.write_image(&[99; 16 * 16], 16, 16, ExtendedColorType::L8).unwrap();
        assert_eq!(colours(&shown(&bytes, whole()).unwrap()), [[99; 3]; 4]);
    }
}

#[test]
fn transparency_and_orientation_go_along() {
    let mut picture = patches();
    picture.enumerate_pixels_mut().filter(|(x, _, _)| *x < 32).for_each(|(_, _, pixel)| pixel.0[3] = 0);
    let mut bytes = Vec::new();
    let mut encoder = codecs::png::PngEncoder::new(&mut bytes);
    encoder.set_icc_profile(ColorProfile::new_adobe_rgb().encode().unwrap()).unwrap();
    encoder.write_image(&picture, 64, 64, ExtendedColorType::Rgba8).unwrap();
    let upside_down =
        crafted::png_with(&bytes, &crafted::png_chunk(b"eXIf", &crafted::exif(Orientation::Rotate180.to_exif())));
    let found = shown(&upside_down, whole()).unwrap();
    let Rgba([r, g, b, a]) = *found.get_pixel(128, 128);
    assert!(r.abs_diff(220) <= 4 && g.abs_diff(141) <= 4 && b.abs_diff(120) <= 4 && a == 255, "{r} {g} {b} {a}");
    assert_eq!(found.get_pixel(384, 384)[3], 0);
}
