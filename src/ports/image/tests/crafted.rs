//! Files put together by hand.

use image::{DynamicImage, ImageFormat, RgbaImage};

use super::encoded;

/// A TIFF header with one entry beside a camera's name: the orientation.
pub fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0\x2A\0\0\0\x08\0\x02".to_vec();
    tiff.extend([0x01, 0x0F, 0, 2, 0, 0, 0, 7, 0, 0, 0, 38]);
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    tiff.extend(b"\0\0\0\0SECRET\0");
    tiff
}

/// The JPEG with segments put in after its start.
pub fn jpeg_with(jpeg: &[u8], segments: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = jpeg[..2].to_vec();
    for (marker, body) in segments {
        bytes.extend([0xFF, *marker]);
        bytes.extend((body.len() as u16 + 2).to_be_bytes());
        bytes.extend(*body);
    }
    bytes.extend(&jpeg[2..]);
    bytes
}

/// The markers of a JPEG up to its scan.
pub fn jpeg_markers(jpeg: &[u8]) -> Vec<u8> {
    let (mut at, mut markers) = (2, Vec::new());
    while jpeg[at + 1] != 0xDA {
        markers.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    markers
}

/// The JPEG with other sides in its frame header.
pub fn jpeg_claiming(jpeg: &[u8], width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg.to_vec();
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

pub fn png_chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [name, body].concat();
    let crc = !named.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    });
    [&(body.len() as u32).to_be_bytes()[..], &named, &crc.to_be_bytes()].concat()
}

/// The PNG with chunks put in after its header.
pub fn png_with(png: &[u8], chunks: &[u8]) -> Vec<u8> {
    [&png[..33], chunks, &png[33..]].concat()
}

/// A PNG of `raw` scan lines, filter bytes included.
pub fn png_of((width, height): (u32, u32), [depth, color, interlaced]: [u8; 3], before: &[u8], raw: &[u8]) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([depth, color, 0, 0, interlaced]);
    let parts = [
        b"\x89PNG\r\n\x1A\n".to_vec(),
        png_chunk(b"IHDR", &header),
        before.to_vec(),
        png_chunk(b"IDAT", &zlib(raw)),
        png_chunk(b"IEND", b""),
    ];
    parts.concat()
}

/// A zlib stream that stores up to 65,535 bytes.
pub fn zlib(raw: &[u8]) -> Vec<u8> {
    let len = raw.len() as u16;
    let (a, b) = raw.iter().fold((1, 0), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65521;
        (a, (b + a) % 65521)
    });
    [&[0x78, 0x01, 0x01][..], &len.to_le_bytes(), &(!len).to_le_bytes(), raw, &(b << 16 | a).to_be_bytes()].concat()
}

/// The chunks of an animation of two frames over a still PNG; `second` is a PNG of the same size.
pub fn apng(first: &[u8], second: &[u8], side: u32) -> Vec<u8> {
    let control = |number: u32| {
        let fields = [number, side, side, 0, 0].map(u32::to_be_bytes).concat();
        png_chunk(b"fcTL", &[&fields[..], &[0, 1, 0, 1, 0, 0]].concat())
    };
    let data = second.windows(4).position(|name| name == b"IDAT").unwrap();
    let len = u32::from_be_bytes(second[data - 4..data].try_into().unwrap()) as usize;
    let frame = [&2_u32.to_be_bytes()[..], &second[data + 4..data + 4 + len]].concat();
    let (body, end) = first.split_at(first.len() - 12);
    let opening = [png_chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]), control(0)].concat();
    [&png_with(body, &opening)[..], &control(1), &png_chunk(b"fdAT", &frame), end].concat()
}

/// A WebP of these chunks, or the chunks of a frame if `name` says so.
pub fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let body: Vec<u8> = chunks.iter().flat_map(|(name, body)| riff_chunk(name, body)).collect();
    [b"RIFF", &(body.len() as u32 + 4).to_le_bytes()[..], b"WEBP", &body].concat()
}

pub fn riff_chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let padding = &[0][..body.len() % 2];
    [name, &(body.len() as u32).to_le_bytes()[..], body, padding].concat()
}

pub fn chunk_names(webp: &[u8]) -> Vec<[u8; 4]> {
    let (mut at, mut names) = (12, Vec::new());
    while at < webp.len() {
        names.push(webp[at..at + 4].try_into().unwrap());
        let len = u32::from_le_bytes(webp[at + 4..at + 8].try_into().unwrap()) as usize;
        at += 8 + len + len % 2;
    }
    names
}

/// The body of a `VP8X` chunk.
pub fn canvas(flags: u8, width: u32, height: u32) -> Vec<u8> {
    [&[flags, 0, 0, 0][..], &(width - 1).to_le_bytes()[..3], &(height - 1).to_le_bytes()[..3]].concat()
}

/// A lossless bitstream, without its chunk's header.
pub fn vp8l(picture: RgbaImage) -> Vec<u8> {
    let webp = encoded(&DynamicImage::from(picture), ImageFormat::WebP);
    assert_eq!(&webp[12..16], b"VP8L");
    webp[20..].to_vec()
}

/// A lossless WebP with further chunks.
pub fn webp_with(picture: RgbaImage, chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let canvas = canvas(0b1100, picture.width(), picture.height());
    let bitstream = vp8l(picture);
    riff(&[&[(b"VP8X", &canvas[..]), (b"VP8L", &bitstream)], chunks].concat())
}

/// A lossless bitstream of 8×8 pixels that asks for 65,536 groups of codes with tables of 4 KiB each: 4 MB of them
/// at 12 bytes each, which a decoder makes 1.3 GB of.
pub fn vp8l_of_many_tables() -> Vec<u8> {
    let mut bits = Bits::default();
    // Signature; sides less one; no alpha, version 0; no transform, no cache, an entropy image of blocks of four.
    for (value, count) in [(0x2F, 8), (7, 14), (7, 14), (0, 4), (0, 1), (0, 1), (1, 1), (0, 3)] {
        bits.put(value, count);
    }
    // Its only colour is that of group 65,535: without cache, one symbol of 8 bits for green, red, blue, alpha.
    bits.put(0, 1);
    for value in [255, 255, 0, 0, 0] {
        bits.put(0b101 | value << 3, 11);
    }
    let before = bits.at;
    for _ in 0..5 {
        bits.put_code();
    }
    // The codes of one group end at a byte's edge in eight of them at the latest.
    let group: Vec<bool> = (before..bits.at).map(|at| bits.get(at)).collect();
    for _ in 1..65_536 {
        group.iter().for_each(|bit| bits.put(u32::from(*bit), 1));
    }
    bits.bytes
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    at: usize,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        for bit in 0..count {
            if self.at.is_multiple_of(8) {
                self.bytes.push(0);
            }
            self.bytes[self.at / 8] |= ((value >> bit & 1) as u8) << (self.at % 8);
            self.at += 1;
        }
    }

    fn get(&self, at: usize) -> bool {
        self.bytes[at / 8] >> (at % 8) & 1 == 1
    }

    /// A prefix code with lengths 1, 2, … 9, 10, 10.
    fn put_code(&mut self) {
        // Lengths 1 to 6 are themselves written in 3 bits, 7 to 10 in 4; in the order of the format.
        self.put(0, 1);
        let lengths = [0, 0, 0, 3, 3, 3, 3, 3, 0, 3, 4, 4, 4, 4];
        self.put(lengths.len() as u32 - 4, 4);
        lengths.iter().for_each(|length| self.put(*length, 3));
        // Eleven of them follow.
        self.put(0b0011, 4);
        self.put(11 - 2, 4);
        for length in (1..=10).chain([10]) {
            let (code, count) = if length <= 6 { (length - 1, 3) } else { (12 + length - 7, 4) };
            (0..count).rev().for_each(|bit| self.put(code >> bit & 1, 1));
        }
    }
}
