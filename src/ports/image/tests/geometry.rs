//! Which pixels end up where.

use super::*;

#[test]
fn a_crop_keeps_what_was_framed() {
    let bytes = png(quarters(200, 100));
    for (text, expected) in [
        ("0,0,50,50", [RED; 4]),
        ("100,0,50,50", [GREEN; 4]),
        ("20,55,40,40", [BLUE; 4]),
        ("150,50,50,50", [YELLOW; 4]),
        ("75,25,50,50", [RED, GREEN, BLUE, YELLOW]),
        ("10,10,1,1", [RED; 4]),
        // Wider than high: its centre.
        ("50,25,100,50", [RED, GREEN, BLUE, YELLOW]),
        // Overhanging: what it covers.
        ("150,50,500,500", [YELLOW; 4]),
    ] {
        assert_colours(&shown(&bytes, crop(text)).unwrap(), expected);
    }
}

#[test]
fn a_crop_beside_the_picture_is_refused() {
    let bytes = png(quarters(200, 100));
    let outside = Err(AvatarError::CropOutside { width: 200, height: 100 });
    for text in ["200,0,10,10", "0,100,10,10", "5,5,0,9"] {
        assert_eq!(shown(&bytes, crop(text)), outside, "{text}");
    }
}

#[test]
fn a_focus_point_chooses_the_square() {
    let bytes = png(quarters(200, 100));
    for (point, expected) in [
        (FocusPoint::Left, [RED, RED, BLUE, BLUE]),
        (FocusPoint::Centre, [RED, GREEN, BLUE, YELLOW]),
        (FocusPoint::TopRight, [GREEN, GREEN, YELLOW, YELLOW]),
    ] {
        assert_colours(&shown(&bytes, Region::Focus(point)).unwrap(), expected);
    }
}

/// The picture as a camera held in one of eight ways stores it, by the definition of EXIF's tag 0x0112: which side
/// of the scene the first row and the first column are.
fn stored(upright: &RgbaImage, orientation: u8) -> RgbaImage {
    let (right, bottom) = (upright.width() - 1, upright.height() - 1);
    let (width, height) = if orientation < 5 { upright.dimensions() } else { (upright.height(), upright.width()) };
    RgbaImage::from_fn(width, height, |x, y| {
        let (x, y) = match orientation {
            1 => (x, y),
            2 => (right - x, y),
            3 => (right - x, bottom - y),
            4 => (x, bottom - y),
            5 => (y, x),
            6 => (right - y, x),
            7 => (right - y, bottom - x),
            _ => (y, bottom - x),
        };
        *upright.get_pixel(x, y)
    })
}

#[test]
fn a_picture_is_turned_upright_before_it_is_cropped() {
    for orientation in 1..=8 {
        let exif = [b"Exif\0\0", &crafted::exif(orientation)[..]].concat();
        let bytes = crafted::jpeg_with(&jpeg(stored(&quarters(160, 96), orientation)), &[(0xE1, &exif)]);
        let framed = |text| shown(&bytes, crop(text)).unwrap();
        assert_colours(&framed("32,0,96,96"), [RED, GREEN, BLUE, YELLOW]);
        assert_colours(&framed("0,8,64,32"), [RED; 4]);
        assert_colours(&framed("64,56,32,32"), [BLUE, YELLOW, BLUE, YELLOW]);
        let outside = shown(&bytes, crop("160,0,9,9"));
        assert_eq!(outside, Err(AvatarError::CropOutside { width: 160, height: 96 }), "orientation {orientation}");
    }
}

#[test]
fn png_and_webp_are_turned_upright_too() {
    let turned = stored(&quarters(64, 64), 6);
    let exif = crafted::exif(6);
    let uploads = [
        crafted::png_with(&png(turned.clone()), &crafted::png_chunk(b"eXIf", &exif)),
        crafted::webp_with(turned, &[(b"EXIF", &exif), (b"XMP ", b"")]),
    ];
    for upload in uploads {
        assert_colours(&shown(&upload, whole()).unwrap(), [RED, GREEN, BLUE, YELLOW]);
    }
}

#[test]
fn damaged_metadata_is_no_reason_to_refuse() {
    for exif in [&b"Exif\0\0"[..], b"Exif\0\0MM\0\x2A\xFF\xFF\xFF\xFF", b"Exif\0\0II\x2A\0\x08\0\0\0\xFF\xFF"] {
        let bytes = crafted::jpeg_with(&jpeg(quarters(32, 32)), &[(0xE1, exif)]);
        assert_colours(&shown(&bytes, whole()).unwrap(), [RED, GREEN, BLUE, YELLOW]);
    }
}
