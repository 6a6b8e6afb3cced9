//! What the code tables of a lossless WebP bitstream (VP8L) take in memory.
//!
//! Any pixel of its entropy image may ask for up to 65,536 groups of five prefix codes, and a code of a dozen bytes
//! becomes a table of 4 KiB: a file of 4 MB, calling itself 8 pixels wide, takes 1.3 GB of a decoder that believes
//! it. So this reads the stream up to its pixels, by section 3 of RFC 9649 and, where that is silent, as the decoder
//! does, and adds up the tables before the decoder builds them.

use std::{iter, mem, sync::LazyLock};

use crate::domain::avatar::AvatarError;

/// Most bytes of tables. libwebp's encoder stops at 2,600 groups, whose tables of 4 KiB come to less than half of it.
pub(super) const TABLES: u64 = 128 << 20;

const LITERALS: u16 = 256;
const LENGTHS: u16 = 24;
const DISTANCES: u16 = 40;
/// The order in which the lengths of the code-length code stand in the stream.
const CODE_LENGTH_ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Refuses a stream, given without its header, whose tables are too large or which is damaged before its pixels.
pub(super) fn check(stream: &[u8], (width, height): (u32, u32)) -> Result<(), AvatarError> {
    (Bits { bytes: stream, at: 0 }).check(width, height).ok_or(AvatarError::Undecodable)
}

/// A stream of bits, least significant first; every reading is `None` where it ends or breaks the format.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    /// The next `count` bits, 32 at most.
    fn take(&mut self, count: u32) -> Option<u32> {
        let from = self.bytes.get(self.at / 8..)?;
        let mut window = [0; 8];
        let len = from.len().min(window.len());
        window[..len].copy_from_slice(&from[..len]);
        let offset = self.at % 8;
        self.at += count as usize;
        let value = u64::from_le_bytes(window) >> offset;
        (self.at <= self.bytes.len() * 8).then_some((value & ((1 << count) - 1)) as u32)
    }

    /// Reads everything before the pixels of a picture; `None` if its tables are too large, too.
    fn check(&mut self, width: u32, height: u32) -> Option<()> {
        let width = self.transforms(width, height)?;
        let cache_size = self.cache_size()?;
        let groups = match self.take(1)? {
            0 => 1,
            _ => self.blocks(width, height)?.into_iter().map(|pixel| (pixel >> 8 & 0xFFFF) + 1).max()?,
        };
        let mut tables = 0;
        for _ in 0..groups {
            for alphabet in [LITERALS + LENGTHS + cache_size, LITERALS, LITERALS, LITERALS, DISTANCES] {
                tables += self.code(alphabet)?.table();
            }
            if tables > TABLES {
                return None;
            }
        }
        Some(())
    }

    /// Reads the transforms of a picture; the width of what they leave of it.
    fn transforms(&mut self, mut width: u32, height: u32) -> Option<u32> {
        let mut seen = [false; 4];
        while self.take(1)? == 1 {
            let transform = self.take(2)? as usize;
            if mem::replace(&mut seen[transform], true) {
                return None;
            }
            match transform {
                0 | 1 => {
                    self.blocks(width, height)?;
                }
                2 => {}
                _ => {
                    let colours = self.take(8)? + 1;
                    self.image(colours, 1)?;
                    // Where colours are few, 8, 4 or 2 of their indices share a pixel.
                    width = width.div_ceil(match colours {
                        1..=2 => 8,
                        3..=4 => 4,
                        5..=16 => 2,
                        _ => 1,
                    });
                }
            }
        }
        Some(width)
    }

    /// Reads an image that has one pixel for each block of a picture.
    fn blocks(&mut self, width: u32, height: u32) -> Option<Vec<u32>> {
        let side = 4 << self.take(3)?;
        self.image(width.div_ceil(side), height.div_ceil(side))
    }

    /// Reads an image with one group of codes into ARGB.
    fn image(&mut self, width: u32, height: u32) -> Option<Vec<u32>> {
        let cache_size = self.cache_size()?;
        let mut cache = vec![0; cache_size.into()];
        let green = self.code(LITERALS + LENGTHS + cache_size)?;
        let [red, blue, alpha] = [self.code(LITERALS)?, self.code(LITERALS)?, self.code(LITERALS)?];
        let distances = self.code(DISTANCES)?;

        let total = (width * height) as usize;
        let mut pixels: Vec<u32> = Vec::with_capacity(total);
        while pixels.len() < total {
            let known = pixels.len();
            match green.read(self)? {
                green @ ..LITERALS => {
                    let [red, blue, alpha] = [red.read(self)?, blue.read(self)?, alpha.read(self)?].map(u32::from);
                    pixels.push(alpha << 24 | red << 16 | u32::from(green) << 8 | blue);
                }
                symbol if symbol < LITERALS + LENGTHS => {
                    let length = self.number(symbol - LITERALS)? as usize;
                    let code = distances.read(self)?;
                    let distance = pixels_back(self.number(code)?, width);
                    if distance > known || length > total - known {
                        return None;
                    }
                    (known..known + length).for_each(|at| pixels.push(pixels[at - distance]));
                }
                symbol => pixels.push(*cache.get(usize::from(symbol - LITERALS - LENGTHS))?),
            }
            if cache_size > 0 {
                for pixel in &pixels[known..] {
                    // The cache's slot is as many upper bits of the hash as it has bits.
                    let hash = 0x1E35_A7BD_u32.wrapping_mul(*pixel);
                    cache[(hash >> (32 - cache_size.ilog2())) as usize] = *pixel;
                }
            }
        }
        Some(pixels)
    }

    /// How many recent colours are kept, 0 for none.
    fn cache_size(&mut self) -> Option<u16> {
        if self.take(1)? == 0 {
            return Some(0);
        }
        self.take(4).filter(|bits| (1..=11).contains(bits)).map(|bits| 1 << bits)
    }

    /// A length or distance: its prefix gives the magnitude, the bits after it the rest.
    fn number(&mut self, prefix: u16) -> Option<u32> {
        let prefix = u32::from(prefix);
        if prefix < 4 {
            return Some(prefix + 1);
        }
        let extra = (prefix - 2) / 2;
        Some(((2 + prefix % 2) << extra) + self.take(extra)? + 1)
    }

    /// Reads a prefix code over `alphabet` symbols.
    fn code(&mut self, alphabet: u16) -> Option<Code> {
        if self.take(1)? == 1 {
            let second = self.take(1)? == 1;
            let width = 1 + 7 * self.take(1)?;
            let mut symbols = vec![self.take(width)? as u16];
            if second {
                symbols.push(self.take(8)? as u16);
            }
            let mut counts = [0; 16];
            counts[1] = symbols.len() as u16;
            return Some(Code { counts, symbols });
        }
        let mut lengths = [0; 19];
        for at in &CODE_LENGTH_ORDER[..4 + self.take(4)? as usize] {
            lengths[*at] = self.take(3)? as u8;
        }
        let code = Code::new(&lengths)?;
        let mut tokens = u32::from(alphabet);
        if self.take(1)? == 1 {
            let width = 2 + 2 * self.take(3)?;
            tokens = 2 + self.take(width)?;
        }
        let mut lengths = Vec::with_capacity(alphabet.into());
        let mut previous = 8;
        while lengths.len() < alphabet.into() && tokens > 0 {
            tokens -= 1;
            let (length, times) = match code.read(self)? {
                16 => (previous, 3 + self.take(2)?),
                17 => (0, 3 + self.take(3)?),
                18 => (0, 11 + self.take(7)?),
                length => (length as u8, 1),
            };
            lengths.extend(iter::repeat_n(length, times as usize));
            if length != 0 {
                previous = length;
            }
        }
        (lengths.len() <= alphabet.into()).then_some(lengths).and_then(|lengths| Code::new(&lengths))
    }
}

/// A canonical prefix code: how many codes have each length, and their symbols in order.
struct Code {
    counts: [u16; 16],
    symbols: Vec<u16>,
}

impl Code {
    /// The code whose symbols have these lengths, 0 for those it leaves out; `None` unless it is complete.
    fn new(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0; 16];
        let mut symbols: Vec<u16> = (0..).zip(lengths).filter(|(_, length)| **length > 0).map(|(at, _)| at).collect();
        symbols.sort_by_key(|symbol| lengths[usize::from(*symbol)]);
        for symbol in &symbols {
            counts[usize::from(lengths[usize::from(*symbol)])] += 1;
        }
        let share: u64 = (0..16).zip(counts).map(|(length, count)| u64::from(count) << (15 - length)).sum();
        (symbols.len() == 1 || share == 1 << 15).then_some(Self { counts, symbols })
    }

    /// Bytes the decoder keeps for it: 4 for each value of up to 10 bits, 32 for each symbol of a longer code, and
    /// as much for the code itself as two allocations and a growing list of groups come to.
    fn table(&self) -> u64 {
        let longest = self.counts.iter().rposition(|count| *count > 0).unwrap_or_default();
        let long: u64 = self.counts[11..].iter().copied().map(u64::from).sum();
        (4 << longest.min(10)) + 32 * long + 256
    }

    fn read(&self, bits: &mut Bits<'_>) -> Option<u16> {
        // An only symbol takes no bits.
        if let [symbol] = self.symbols[..] {
            return Some(symbol);
        }
        let (mut code, mut first, mut index) = (0, 0, 0);
        for count in self.counts[1..].iter().copied().map(u32::from) {
            code = code << 1 | bits.take(1)?;
            first <<= 1;
            if (first..first + count).contains(&code) {
                return self.symbols.get((index + code - first) as usize).copied();
            }
            first += count;
            index += count;
        }
        None
    }
}

/// The neighbours that the first 120 distance codes name, nearest first, by columns to the left and rows up.
static NEAR: LazyLock<Vec<(i32, i32)>> = LazyLock::new(|| {
    let all = (0_i32..8).flat_map(|up| (-7_i32..=8).map(move |left| (left, up)));
    let mut near: Vec<_> = all.filter(|(left, up)| *up > 0 || *left > 0).collect();
    near.sort_by_key(|(left, up)| (left * left + up * up, left.abs(), *left < 0));
    near
});

/// How many pixels back a distance code lies in an image of this width.
fn pixels_back(code: u32, width: u32) -> usize {
    match NEAR.get(code as usize - 1) {
        Some((left, up)) => (left + up * width as i32).max(1) as usize,
        None => code as usize - NEAR.len(),
    }
}
