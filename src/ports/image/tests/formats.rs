//! Everything that the four formats can hold.

use image::Pixel;

use super::*;

/// Holds the picture's quarters against the renditions.
#[track_caller]
fn assert_shown(bytes: &[u8], expected: [[u8; 3]; 4]) {
    assert_colours(&shown(bytes, whole()).unwrap(), expected);
}

#[test]
fn every_colour_type_of_png() {
    let greys = [RED, GREEN, BLUE, YELLOW].map(|colour| [image::Rgb(colour).to_luma().0[0]; 3]);
    let picture = DynamicImage::from(quarters(40, 40));
    for (picture, expected) in [
        (DynamicImage::from(picture.to_rgb8()), [RED, GREEN, BLUE, YELLOW]),
        (picture.to_rgb16().into(), [RED, GREEN, BLUE, YELLOW]),
        (picture.to_rgba16().into(), [RED, GREEN, BLUE, YELLOW]),
        (picture.to_luma8().into(), greys),
        (picture.to_luma_alpha8().into(), greys),
        (picture.to_luma16().into(), greys),
        (picture.to_luma_alpha16().into(), greys),
    ] {
        assert_shown(&encoded(&picture, ImageFormat::Png), expected);
    }
}

#[test]
fn a_palette_and_interlacing() {
    let palette = crafted::png_chunk(b"PLTE", &[RED, GREEN, BLUE, YELLOW].concat());
    // Two bits a pixel, sixteen pixels across: a filter byte and four bytes a row.
    let rows: Vec<u8> =
        (0..16).flat_map(|y| if y < 8 { [0, 0, 0, 0x55, 0x55] } else { [0, 0xAA, 0xAA, 0xFF, 0xFF] }).collect();
    assert_shown(&crafted::png_of((16, 16), [2, 3, 0], &palette, &rows), [RED, GREEN, BLUE, YELLOW]);

    // Adam7: where each of its seven passes starts and how far it steps, across and down.
    let passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
    let picture = quarters(16, 16);
    let mut rows = Vec::new();
    for (left, top, across, down) in passes {
        for y in (top..16).step_by(down) {
            rows.push(0);
            rows.extend((left..16).step_by(across).flat_map(|x| picture.get_pixel(x, y).0));
        }
    }
    assert_shown(&crafted::png_of((16, 16), [8, 6, 1], &[], &rows), [RED, GREEN, BLUE, YELLOW]);
}

#[test]
fn every_kind_of_jpeg() {
    assert_shown(&jpeg(quarters(64, 64)), [RED, GREEN, BLUE, YELLOW]);
    assert_shown(include_bytes!("../fixtures/progressive.jpg"), [RED, GREEN, BLUE, YELLOW]);
    assert_shown(include_bytes!("../fixtures/cmyk.jpg"), [RED, GREEN, BLUE, YELLOW]);
    let grey = image::GrayImage::from_pixel(64, 64, image::Luma([99]));
    assert_shown(&encoded(&grey.into(), ImageFormat::Jpeg), [[99; 3]; 4]);
}

#[test]
fn both_kinds_of_webp() {
    let picture = quarters(64, 64);
    assert_shown(&encoded(&picture.clone().into(), ImageFormat::WebP), [RED, GREEN, BLUE, YELLOW]);
    let encoder = webp::Encoder::from_rgba(picture.as_raw(), 64, 64);
    assert_shown(&encoder.encode(90.0), [RED, GREEN, BLUE, YELLOW]);
    assert_shown(&encoder.encode_lossless(), [RED, GREEN, BLUE, YELLOW]);

    let half = RgbaImage::from_fn(64, 64, |x, _| Rgba([40, 70, 220, if x < 32 { 0 } else { 255 }]));
    let lossy = webp::Encoder::from_rgba(half.as_raw(), 64, 64).encode(90.0);
    assert!(lossy.windows(4).any(|name| name == b"ALPH"));
    let picture = shown(&lossy, whole()).unwrap();
    assert_eq!((picture.get_pixel(128, 256)[3], picture.get_pixel(384, 256)[3]), (0, 255));
}

/// libwebp uses every transform, a colour cache and groups of codes where a picture is busy in different ways.
#[test]
fn a_busy_lossless_webp() {
    let mut noise = 1_u32;
    let picture = RgbaImage::from_fn(300, 300, |x, y| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = (noise >> 24) as u8 >> (x / 60 + 1);
        let slope = |value: u32| (value * 255 / 600) as u8;
        match y / 100 {
            0 => Rgba([slope(x + y) + grain, slope(x), slope(y) + grain, 255]),
            1 => Rgba([x as u8 & 0xF0, grain & 0xF0, y as u8 & 0xF0, 255]),
            _ => Rgba([grain, grain, grain, 255]),
        }
    });
    let bytes = webp::Encoder::from_rgba(picture.as_raw(), 300, 300).encode_lossless();
    let found = shown(&bytes, whole()).unwrap();
    let expected = shown(&png(picture), whole()).unwrap();
    assert!(found == expected);
}

#[test]
fn only_the_first_frame_of_an_animation() {
    let (first, second) = (quarters(32, 32), RgbaImage::from_pixel(32, 32, Rgba([0, 0, 0, 255])));

    let mut gif = Vec::new();
    let frames = [first.clone(), second.clone()].map(image::Frame::new);
    image::codecs::gif::GifEncoder::new(&mut gif).encode_frames(frames).unwrap();
    assert_shown(&gif, [RED, GREEN, BLUE, YELLOW]);

    let config = webp::WebPConfig::new().unwrap();
    let mut animation = webp::AnimEncoder::new(32, 32, &config);
    animation.add_frame(webp::AnimFrame::from_rgba(first.as_raw(), 32, 32, 0));
    animation.add_frame(webp::AnimFrame::from_rgba(second.as_raw(), 32, 32, 100));
    let webp = animation.encode();
    assert!(webp.windows(4).any(|name| name == b"ANMF"));
    assert_shown(&webp, [RED, GREEN, BLUE, YELLOW]);

    let apng = crafted::apng(&png(first), &png(second), 32);
    assert_shown(&apng, [RED, GREEN, BLUE, YELLOW]);
}

#[test]
fn a_frame_that_is_not_the_size_of_its_screen() {
    let gif = encoded(&quarters(32, 32).into(), ImageFormat::Gif);
    let on_screen = |side: u8| {
        let mut gif = gif.clone();
        (gif[6], gif[8]) = (side, side);
        shown(&gif, whole())
    };
    assert_colours(&on_screen(32).unwrap(), [RED, GREEN, BLUE, YELLOW]);
    // What reaches beyond the screen is cut, what it leaves of the screen is transparent.
    assert_colours(&on_screen(16).unwrap(), [RED; 4]);
    let picture = on_screen(64).unwrap();
    assert_eq!((picture.get_pixel(64, 64)[3], picture.get_pixel(384, 384)[3]), (255, 0));
}
