//! What comes out for what goes in. [`crafted`] makes what no encoder of ours can.

mod colour;
mod crafted;
mod formats;
mod geometry;
mod hostile;
mod oddities;

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

use super::{contained, decode_cost, process, source::Source};
use crate::domain::avatar::{AvatarError, FocusPoint, Region, Size};

const RED: [u8; 3] = [220, 30, 30];
const GREEN: [u8; 3] = [30, 160, 60];
const BLUE: [u8; 3] = [40, 70, 220];
const YELLOW: [u8; 3] = [240, 210, 40];

/// A picture whose quarters are red, green, blue and yellow, row by row.
fn quarters(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        let [r, g, b] = match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => YELLOW,
        };
        Rgba([r, g, b, 255])
    })
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn png(picture: RgbaImage) -> Vec<u8> {
    encoded(&picture.into(), ImageFormat::Png)
}

fn jpeg(picture: RgbaImage) -> Vec<u8> {
    encoded(&DynamicImage::from(picture).into_rgb8().into(), ImageFormat::Jpeg)
}

fn whole() -> Region {
    Region::default()
}

fn crop(text: &str) -> Region {
    Region::Crop(text.parse().unwrap())
}

fn decoded(bytes: &[u8]) -> RgbaImage {
    image::load_from_memory(bytes).unwrap().into_rgba8()
}

/// The colours in the middle of the quarters, row by row.
fn colours(picture: &RgbaImage) -> [[u8; 3]; 4] {
    let (near, far) = (picture.width() / 4, picture.width() * 3 / 4);
    [(near, near), (far, near), (near, far), (far, far)].map(|(x, y)| {
        let Rgba([r, g, b, _]) = *picture.get_pixel(x, y);
        [r, g, b]
    })
}

/// What a picture is made into before it is encoded: most of what can go wrong has gone wrong by then.
fn shown(bytes: &[u8], region: Region) -> Result<RgbaImage, AvatarError> {
    contained(|| Source::open(bytes)?.square(region))
}

/// Holds the quarters of a picture against the colours they should have, as nearly as lossy formats keep them.
#[track_caller]
fn assert_colours(picture: &RgbaImage, expected: [[u8; 3]; 4]) {
    let found = colours(picture);
    let near = found.iter().flatten().zip(expected.iter().flatten()).all(|(a, b)| a.abs_diff(*b) <= 16);
    assert!(near, "{found:?} instead of {expected:?}");
}

#[test]
fn renditions_are_four_webp_and_a_jpeg() {
    let renditions = process(&png(quarters(600, 600)), whole()).unwrap();
    assert_eq!(renditions.webp.each_ref().map(|(size, _)| *size), Size::ALL);
    for (size, webp) in &renditions.webp {
        assert_eq!(image::guess_format(webp).unwrap(), ImageFormat::WebP);
        assert_eq!(&webp[12..16], b"VP8 ", "lossy and without alpha");
        assert_eq!(decoded(webp).dimensions(), (size.px(), size.px()));
        assert_colours(&decoded(webp), [RED, GREEN, BLUE, YELLOW]);
    }
    assert_eq!(renditions.source_type, "image/png");
    assert_eq!(image::guess_format(&renditions.jpeg).unwrap(), ImageFormat::Jpeg);
    assert_eq!(decoded(&renditions.jpeg).dimensions(), (512, 512));
    assert_colours(&decoded(&renditions.jpeg), [RED, GREEN, BLUE, YELLOW]);
}

#[test]
fn the_same_picture_gives_the_same_renditions() {
    let bytes = jpeg(quarters(90, 70));
    assert_eq!(process(&bytes, whole()), process(&bytes, whole()));
}

#[test]
fn decoding_costs_at_least_its_pixels_and_its_file() {
    let bytes = png(quarters(1000, 500));
    let cost = decode_cost(&bytes).unwrap();
    assert!(cost > 1000 * 500 * 4 + bytes.len() as u64);
    assert!(cost < 64 << 20, "{cost}");
}

#[test]
fn transparent_pixels_are_white_in_jpeg_and_bleed_no_colour() {
    // What is transparent is red, invisibly; what is not is blue.
    let picture = RgbaImage::from_fn(64, 64, |x, _| if x < 32 { Rgba([255, 0, 0, 0]) } else { Rgba([0, 0, 255, 255]) });
    for picture in [DynamicImage::from(picture.clone()), DynamicImage::from(picture).into_rgba16().into()] {
        let renditions = process(&encoded(&picture, ImageFormat::Png), whole()).unwrap();
        let webp = decoded(&renditions.webp[0].1);
        assert_eq!((webp.get_pixel(128, 256)[3], webp.get_pixel(384, 256)[3]), (0, 255));
        let Rgba([red, _, blue, _]) = *webp.get_pixel(262, 256);
        assert!(red < 24 && blue > 200, "red {red} and blue {blue} beside the edge");
        let jpeg = decoded(&renditions.jpeg);
        assert!(jpeg.get_pixel(128, 256).0.iter().all(|value| *value > 245));
        assert!(jpeg.get_pixel(256, 256)[0] <= jpeg.get_pixel(128, 256)[0]);
    }
}

#[test]
fn no_metadata_survives() {
    let exif = crafted::exif(1);
    let text = crafted::png_chunk(b"tEXt", b"Comment\0SECRET");
    let exif_chunk = crafted::png_chunk(b"eXIf", &exif);
    let uploads = [
        crafted::jpeg_with(&jpeg(quarters(32, 32)), &[(0xE1, &[b"Exif\0\0", &exif[..]].concat()), (0xFE, b"SECRET")]),
        crafted::png_with(&png(quarters(32, 32)), &[text, exif_chunk].concat()),
        crafted::webp_with(quarters(32, 32), &[(b"EXIF", &exif), (b"XMP ", b"<x:xmpmeta>SECRET</x:xmpmeta>")]),
    ];
    for upload in uploads {
        assert!(upload.windows(6).any(|window| window == b"SECRET"));
        let renditions = process(&upload, whole()).unwrap();
        for (_, webp) in &renditions.webp {
            assert_eq!(crafted::chunk_names(webp), [*b"VP8 "]);
        }
        // Application segments other than JFIF's own, and comments.
        let telling =
            crafted::jpeg_markers(&renditions.jpeg).into_iter().filter(|marker| matches!(marker, 0xE1..=0xEF | 0xFE));
        assert_eq!(telling.count(), 0);
    }
}
