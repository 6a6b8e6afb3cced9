//! Files as cameras, telephones, scanners and broken connections leave them.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::*;

/// A picture that differs everywhere, so that a row made up by a decoder is told from one that was there.
fn slopes(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        let slope = |at: u32, all: u32| (at * 255 / all.max(1)) as u8;
        Rgba([slope(x, width), slope(y, height), slope((x + y) / 2, width.max(height)), 255])
    })
}

/// A JPEG by an encoder that knows what few use.
fn unusual(picture: &RgbaImage, choose: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    choose(&mut encoder);
    let (width, height) = picture.dimensions();
    encoder.encode(picture, width as u16, height as u16, ColorType::Rgba).unwrap();
    bytes
}

/// The mean difference of two pictures, of 255.
fn difference(a: &RgbaImage, b: &RgbaImage) -> f64 {
    let sum: u64 = a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

#[track_caller]
fn assert_like(bytes: &[u8], expected: &RgbaImage) {
    let found = shown(bytes, whole()).unwrap();
    let expected = shown(&png(expected.clone()), whole()).unwrap();
    let difference = difference(&found, &expected);
    assert!(difference <= 3.0, "{difference}");
}

#[test]
fn what_telephones_make_is_told_by_name_whatever_the_file_is_called() {
    let ftyp = |brands: &[&[u8; 4]]| {
        let brands: Vec<u8> = brands.iter().flat_map(|brand| brand.iter().copied()).collect();
        [&(8 + brands.len() as u32).to_be_bytes()[..], b"ftyp", &brands, b"\0\0\x01\0meta"].concat()
    };
    for (brands, name) in [
        (&[b"heic", b"\0\0\0\0", b"mif1", b"heic"][..], "HEIC"),
        (&[b"heix", b"\0\0\0\0"], "HEIC"),
        (&[b"mif1", b"\0\0\0\0", b"mif1", b"heic", b"miaf"], "HEIC"),
        (&[b"avif", b"\0\0\0\0", b"avif", b"mif1", b"miaf"], "AVIF"),
        (&[b"mif1", b"\0\0\0\0", b"avif", b"mif1"], "AVIF"),
    ] {
        assert_eq!(process(&ftyp(brands), whole()), Err(AvatarError::OtherFormat { name }));
    }
    // Films have that box as well, and a box may be cut.
    assert_eq!(process(&ftyp(&[b"isom", b"\0\0\0\0"]), whole()), Err(AvatarError::UnsupportedType));
    assert_eq!(process(b"\0\0\0\x18ftyphei", whole()), Err(AvatarError::UnsupportedType));
}

#[test]
fn a_picture_that_lacks_its_end_marker_alone_is_taken() {
    let picture = slopes(64, 64);
    let jpegs = [
        jpeg(picture.clone()),
        unusual(&picture, |encoder| encoder.set_progressive(true)),
        unusual(&picture, |encoder| encoder.set_restart_interval(1)),
    ];
    for whole in jpegs {
        for missing in [1, 2] {
            assert_like(&whole[..whole.len() - missing], &picture);
        }
    }
    let file = png(picture.clone());
    for missing in 1..=12 {
        assert_like(&file[..file.len() - missing], &picture);
    }
    let frame = quarters(64, 64);
    let gif = encoded(&frame.clone().into(), ImageFormat::Gif);
    assert_eq!(gif.last(), Some(&0x3B));
    assert_colours(&shown(&gif[..gif.len() - 1], whole()).unwrap(), [RED, GREEN, BLUE, YELLOW]);
}

#[test]
fn a_picture_that_lacks_rows_is_refused() {
    // Flat, so that what a decoder makes up could be right by chance.
    for picture in [slopes(64, 64), RgbaImage::from_pixel(64, 64, Rgba([128, 128, 128, 255]))] {
        let files = [
            jpeg(picture.clone()),
            unusual(&picture, |encoder| encoder.set_progressive(true)),
            unusual(&picture, |encoder| encoder.set_restart_interval(1)),
            png(picture.clone()),
            encoded(&picture.into(), ImageFormat::Gif),
        ];
        for (which, file) in files.iter().enumerate() {
            // Of a small file the headers are most.
            let data = match which {
                0..=2 => file.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap() + 14,
                _ => file.len() / 2,
            };
            let cut = &file[..data + (file.len() - data) / 3];
            assert_eq!(shown(cut, whole()).err(), Some(AvatarError::Undecodable), "file {which}");
        }
    }
}

#[test]
fn samplings_restarts_and_colour_spaces_of_jpeg() {
    let picture = slopes(121, 87);
    for factor in [
        SamplingFactor::F_1_1,
        SamplingFactor::F_2_1,
        SamplingFactor::F_1_2,
        SamplingFactor::F_2_2,
        SamplingFactor::F_4_1,
        SamplingFactor::F_4_2,
        SamplingFactor::F_1_4,
        SamplingFactor::F_2_4,
    ] {
        for interval in [0, 1, 7] {
            for progressive in [false, true] {
                let bytes = unusual(&picture, |encoder| {
                    encoder.set_sampling_factor(factor);
                    encoder.set_progressive(progressive);
                    if interval > 0 {
                        encoder.set_restart_interval(interval);
                    }
                });
                assert_like(&bytes, &picture);
            }
        }
    }

    // Adobe's transform 0 says that the three components are red, green and blue.
    let rgb = DynamicImage::from(picture.clone()).into_rgb8();
    let mut bytes = Vec::new();
    let encoder = Encoder::new(&mut bytes, 95);
    encoder.encode(&rgb, 121, 87, ColorType::Ycbcr).unwrap();
    let jfif = 2 + 2 + usize::from(u16::from_be_bytes([bytes[4], bytes[5]]));
    let bare = [&bytes[..2], &bytes[jfif..]].concat();
    let adobe = crafted::jpeg_with(&bare, &[(0xEE, b"Adobe\0\x64\0\0\0\0\0")]);
    assert_like(&adobe, &picture);
}

#[test]
fn arithmetic_coding_is_told_in_words() {
    let mut bytes = jpeg(quarters(32, 32));
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    for marker in [0xC9, 0xCA] {
        bytes[frame + 1] = marker;
        assert_eq!(process(&bytes, whole()), Err(AvatarError::ArithmeticJpeg));
    }
}

/// Cameras put a second picture behind the first (CIPA DC-007), others what they like.
#[test]
fn what_follows_the_end_does_not_matter() {
    let first = jpeg(quarters(64, 64));
    let second = jpeg(slopes(640, 480));
    for after in [&second[..], b"trailing words", &[0; 5000]] {
        let bytes = [&first[..], after].concat();
        assert_colours(&shown(&bytes, whole()).unwrap(), [RED, GREEN, BLUE, YELLOW]);
    }
}

#[test]
fn the_first_frame_of_a_gif_wherever_it_lies() {
    let gif = encoded(&quarters(32, 32).into(), ImageFormat::Gif);
    let frame = gif.windows(5).position(|window| window == [0x2C, 0, 0, 0, 0]).unwrap();
    let altered = |changes: &[(usize, u8)]| {
        let mut gif = gif.clone();
        changes.iter().for_each(|(at, value)| gif[*at] = *value);
        shown(&gif, whole()).unwrap()
    };
    // A screen without a pixel is as large as the frame.
    assert_colours(&altered(&[(6, 0), (8, 0)]), [RED, GREEN, BLUE, YELLOW]);
    assert_colours(&altered(&[(6, 0)]), [RED, GREEN, BLUE, YELLOW]);
    // Partly outside, to the right and below: its upper left quarter in the lower right one of the screen.
    let outside = altered(&[(frame + 1, 16), (frame + 3, 16)]);
    assert_eq!(outside.get_pixel(128, 128)[3], 0);
    assert_colours(&DynamicImage::from(outside).crop_imm(256, 256, 256, 256).into_rgba8(), [RED; 4]);
}

#[test]
fn a_gif_of_ten_thousand_frames() {
    let mut bytes = Vec::new();
    let frame = RgbaImage::from_pixel(1, 1, Rgba([220, 30, 30, 255]));
    let frames = (0..10_000).map(|_| image::Frame::new(frame.clone()));
    image::codecs::gif::GifEncoder::new_with_speed(&mut bytes, 30).encode_frames(frames).unwrap();
    assert_colours(&shown(&bytes, whole()).unwrap(), [RED; 4]);
}
