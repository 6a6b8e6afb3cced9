//! Files made to mislead, to exhaust or to crash.

use proptest::{prelude::*, sample::Index};

use super::*;
use crate::domain::avatar::{MAX_BYTES, MAX_PIXELS, MAX_SIDE};

const SIDE_TOO_LONG: AvatarError = AvatarError::SideTooLong { max_side: MAX_SIDE };
const TOO_MANY_PIXELS: AvatarError = AvatarError::TooManyPixels { max_pixels: MAX_PIXELS };

/// Holds both doors against one answer: the estimate must refuse whatever can be refused without decoding.
#[track_caller]
fn assert_refused_unread(bytes: &[u8], expected: AvatarError) {
    assert_eq!(decode_cost(bytes), Err(expected.clone()));
    assert_eq!(process(bytes, whole()), Err(expected));
}

#[test]
fn other_files_whatever_they_are_called() {
    let others: [&[u8]; 11] = [
        b"PK\x03\x04\x14\0\0\0\x08\0avatar.png",
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"%PDF-1.7\n",
        b"BM\x3A\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0\0\0\0\0",
        b"II\x2A\0\x08\0\0\0\0\0",
        b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0",
        b"\x7FELF\x02\x01\x01\0",
        b"#!/bin/sh\n",
        b"\x89PNG",
    ];
    for other in others {
        assert_refused_unread(other, AvatarError::UnsupportedType);
    }
}

#[test]
fn nothing_and_too_much() {
    assert_refused_unread(b"", AvatarError::Empty);
    let mut bytes = png(quarters(8, 8));
    bytes.resize(MAX_BYTES as usize, 0);
    assert!(decode_cost(&bytes).is_ok());
    bytes.push(0);
    assert_refused_unread(&bytes, AvatarError::TooLarge { max_bytes: MAX_BYTES });
}

#[test]
fn pictures_that_are_cut_short() {
    let picture = quarters(48, 48);
    let lossy = webp::Encoder::from_rgba(picture.as_raw(), 48, 48).encode(90.0).to_vec();
    let formats = [ImageFormat::Gif, ImageFormat::WebP].map(|format| encoded(&picture.clone().into(), format));
    for bytes in formats.into_iter().chain([lossy, png(picture.clone()), jpeg(picture)]) {
        // The last bytes of some formats say no more than that they are the last.
        for len in (0..bytes.len() - 16).step_by(bytes.len() / 40 + 1) {
            assert!(process(&bytes[..len], whole()).is_err(), "{len} of {}", bytes.len());
        }
    }
}

#[test]
fn a_png_that_claims_to_be_large() {
    let header = |width, height, format| crafted::png_of((width, height), format, &[], &[0; 8]);
    for format in [[8, 0, 0], [8, 2, 0], [16, 6, 0], [16, 6, 1], [1, 0, 0]] {
        assert_refused_unread(&header(60_000, 60_000, format), SIDE_TOO_LONG);
        assert_refused_unread(&header(8193, 1, format), SIDE_TOO_LONG);
        assert_refused_unread(&header(8192, 8192, format), TOO_MANY_PIXELS);
        assert_refused_unread(&header(u32::MAX, 1, format), SIDE_TOO_LONG);
        assert_refused_unread(&header(0, 1, format), AvatarError::Undecodable);
    }
    assert_eq!(process(&header(8192, 6000, [1, 0, 0]), whole()), Err(AvatarError::Undecodable));
}

#[test]
fn a_png_that_inflates_to_more_than_it_claims() {
    // Sixteen megabytes of black, deflated to some kilobytes, as the data and as the profile of four pixels.
    let large = encoded(&image::GrayImage::new(4096, 4096).into(), ImageFormat::Png);
    let data = large.windows(4).position(|name| name == b"IDAT").unwrap();
    let len = u32::from_be_bytes(large[data - 4..data].try_into().unwrap()) as usize;
    let deflated = &large[data + 4..data + 4 + len];
    assert!(len < 100_000);

    let mut bytes = crafted::png_of((2, 2), [8, 0, 0], &[], &[0; 6]);
    bytes.truncate(33);
    bytes.extend([crafted::png_chunk(b"IDAT", deflated), crafted::png_chunk(b"IEND", b"")].concat());
    assert_colours(&shown(&bytes, whole()).unwrap(), [[0; 3]; 4]);

    let profile = crafted::png_chunk(b"iCCP", &[b"p\0\0", deflated].concat());
    let bytes = crafted::png_with(&png(quarters(16, 16)), &profile);
    assert_colours(&shown(&bytes, whole()).unwrap(), [RED, GREEN, BLUE, YELLOW]);
}

#[test]
fn a_jpeg_that_claims_to_be_large() {
    let small = jpeg(quarters(16, 16));
    assert_refused_unread(&crafted::jpeg_claiming(&small, 65_500, 65_500), SIDE_TOO_LONG);
    assert_refused_unread(&crafted::jpeg_claiming(&small, 8192, 8192), TOO_MANY_PIXELS);
    assert_refused_unread(&crafted::jpeg_claiming(&small, 0, 16), AvatarError::Undecodable);
}

#[test]
fn a_gif_that_claims_to_be_large() {
    let small = encoded(&quarters(16, 16).into(), ImageFormat::Gif);
    let screen = [&small[..6], &[0xFF; 4], &small[10..]].concat();
    assert_refused_unread(&screen, SIDE_TOO_LONG);
    // The frame's sides follow the separator and the offsets; a small screen hides them from the first look.
    let frame = 5 + small.windows(9).position(|window| window == [0x2C, 0, 0, 0, 0, 16, 0, 16, 0]).unwrap();
    let bytes = [&small[..frame], &[0xFF; 4], &small[frame + 4..]].concat();
    assert_eq!(process(&bytes, whole()), Err(TOO_MANY_PIXELS));
}

#[test]
fn a_webp_that_claims_to_be_large() {
    let lossy = [0x10, 0, 0, 0x9D, 0x01, 0x2A, 0xFF, 0x3F, 0xFF, 0x3F, 0, 0];
    let lossless = [0x2F, 0xFE, 0xBF, 0xFF, 0x0F, 0, 0, 0];
    let canvas = crafted::canvas(0, 16, 16);
    assert_refused_unread(&crafted::riff(&[(b"VP8 ", &lossy)]), SIDE_TOO_LONG);
    assert_refused_unread(&crafted::riff(&[(b"VP8L", &lossless)]), SIDE_TOO_LONG);
    assert_refused_unread(&crafted::riff(&[(b"VP8X", &crafted::canvas(0, 1 << 24, 1 << 24))]), SIDE_TOO_LONG);
    assert_refused_unread(&crafted::riff(&[(b"VP8X", &crafted::canvas(0, 8192, 8192))]), TOO_MANY_PIXELS);

    // A small canvas over a bitstream of 268 megapixels: bare, in a frame, and in a frame under another name.
    let frame = |chunks: &[(&[u8; 4], &[u8])]| {
        let header = [&[0; 6][..], &canvas[4..], &[0; 4]].concat();
        [header, crafted::riff(chunks)[12..].to_vec()].concat()
    };
    let animation = |frame: &[u8]| {
        let canvas = crafted::canvas(2, 16, 16);
        crafted::riff(&[(b"VP8X", &canvas), (b"ANIM", &[0; 6]), (b"ANMF", frame)])
    };
    for bytes in [
        crafted::riff(&[(b"VP8X", &canvas), (b"VP8 ", &lossy)]),
        crafted::riff(&[(b"VP8X", &canvas), (b"VP8L", &lossless)]),
        animation(&frame(&[(b"VP8 ", &lossy)])),
        animation(&frame(&[(b"VP8L", &lossless)])),
        animation(&frame(&[(b"ALPH", &[0; 300]), (b"VP8 ", &lossy)])),
        animation(&frame(&[(b"ALPH", &[0; 300]), (b"none", &lossy)])),
    ] {
        assert_refused_unread(&bytes, AvatarError::Undecodable);
    }
}

#[test]
fn a_webp_whose_chunks_reach_beyond_it() {
    let mut bytes = crafted::webp_with(quarters(16, 16), &[(b"XMP ", b""), (b"EXIF", b"none")]);
    let exif = bytes.len() - 8;
    bytes[exif..exif + 4].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0x7F]);
    assert_refused_unread(&bytes, AvatarError::Undecodable);
}

#[test]
fn a_lossless_webp_with_a_gigabyte_of_tables() {
    let stream = crafted::vp8l_of_many_tables();
    assert!(stream.len() < 4_000_000);
    assert_refused_unread(&crafted::riff(&[(b"VP8L", &stream)]), AvatarError::Undecodable);
    // The alpha of a lossy picture is such a stream without its header.
    let alpha = [&[1], &stream[5..]].concat();
    let canvas = crafted::canvas(0x10, 8, 8);
    let lossy = [0x10, 0, 0, 0x9D, 0x01, 0x2A, 8, 0, 8, 0];
    let bytes = crafted::riff(&[(b"VP8X", &canvas), (b"ALPH", &alpha), (b"VP8 ", &lossy)]);
    assert_refused_unread(&bytes, AvatarError::Undecodable);
}

#[test]
fn pictures_that_are_something_else_as_well() {
    let script = b"/*<script>alert(1)</script>*/";
    let small = encoded(&quarters(16, 16).into(), ImageFormat::Gif);
    let comment = [&[0x21, 0xFE, script.len() as u8][..], script, &[0]].concat();
    let frame = small.windows(3).position(|window| window == [0x2C, 0, 0]).unwrap();
    let gif = [&small[..frame], &comment, &small[frame..]].concat();
    let png = [&png(quarters(16, 16))[..], b"PK\x05\x06", script].concat();
    let webp = [&crafted::webp_with(quarters(16, 16), &[(b"EXIF", b""), (b"XMP ", b"")])[..], script].concat();
    for bytes in [gif, png, webp] {
        assert_colours(&shown(&bytes, whole()).unwrap(), [RED, GREEN, BLUE, YELLOW]);
        let renditions = process(&bytes, whole()).unwrap();
        let kept = renditions.webp.iter().map(|(_, bytes)| bytes).chain([&renditions.jpeg]);
        assert_eq!(kept.filter(|bytes| bytes.windows(7).any(|window| window == b"<script")).count(), 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise_behind_a_signature(
        signature in prop::sample::select(vec![
            &b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", b"GIF89a", b"RIFF\xF0\0\0\0WEBPVP8L", b"RIFF\xF0\0\0\0WEBPVP8X\x0A\0\0\0",
        ]),
        noise in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        prop_assert!(process(&[signature, &noise].concat(), whole()).is_err());
    }

    #[test]
    fn pictures_with_wrong_bytes(
        which in 0..6_usize,
        errors in prop::collection::vec((any::<Index>(), any::<u8>()), 1..6),
    ) {
        let picture = quarters(24, 24);
        let mut bytes = match which {
            0 => png(picture),
            1 => jpeg(picture),
            2 => encoded(&picture.into(), ImageFormat::Gif),
            3 => encoded(&picture.into(), ImageFormat::WebP),
            4 => webp::Encoder::from_rgba(picture.as_raw(), 24, 24).encode(80.0).to_vec(),
            _ => include_bytes!("../fixtures/progressive.jpg").to_vec(),
        };
        for (at, value) in errors {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        // Whatever it shows now, or that it is refused: it neither panics nor comes out in another shape.
        if let Ok(picture) = shown(&bytes, whole()) {
            prop_assert_eq!(picture.dimensions(), (512, 512));
        }
    }
}
