import { crc32, deflateSync } from 'node:zlib';
import type { Browser } from '@playwright/test';

const COLOURS = {
  red: [214, 32, 40],
  green: [24, 150, 62],
  blue: [30, 80, 210],
  yellow: [250, 210, 30],
} as const;

export type Colour = keyof typeof COLOURS;

/** Four quarters. */
export const QUADRANTS: Colour[][] = [
  ['red', 'green'],
  ['blue', 'yellow'],
];

/** Three squares side by side, so that a square crop has to choose. */
export const BANDS: Colour[][] = [['red', 'green', 'blue']];

/** A PNG file of square cells, for a file input. */
export function picture(cells: Colour[][], side = 200) {
  const rows = cells.map((row) => {
    const pixels = row.flatMap((colour) => Array.from({ length: side }, () => COLOURS[colour]).flat());
    return Buffer.from([0, ...pixels]); // Each line begins with its filter: none.
  });
  const lines = Buffer.concat(rows.flatMap((row) => Array.from({ length: side }, () => row)));
  const header = Buffer.alloc(13);
  header.writeUInt32BE((cells[0]?.length ?? 0) * side, 0);
  header.writeUInt32BE(cells.length * side, 4);
  header.set([8, 2], 8); // 8 bits, red green blue.
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const buffer = Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND')]);
  return { name: 'colours.png', mimeType: 'image/png', buffer };
}

function chunk(kind: string, data = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(kind), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** How much of a picture each colour covers, from 0 to 1, and its size; decoded by a browser of its own. */
export async function look(browser: Browser, file: Buffer) {
  const context = await browser.newContext({ javaScriptEnabled: true });
  const page = await context.newPage();
  const seen = await page.evaluate(readPixels, { base64: file.toString('base64'), colours: COLOURS });
  await context.close();
  return seen;
}

async function readPixels({ base64, colours }: { base64: string; colours: typeof COLOURS }) {
  const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const { width, height } = bitmap;
  const drawing = new OffscreenCanvas(width, height).getContext('2d')!;
  drawing.drawImage(bitmap, 0, 0);
  const { data } = drawing.getImageData(0, 0, width, height);
  const share: Record<string, number> = {};
  for (const [name, colour] of Object.entries(colours)) {
    let covered = 0;
    for (let pixel = 0; pixel < data.length; pixel += 4) {
      if (colour.every((value, channel) => Math.abs(value - (data[pixel + channel] ?? 0)) < 30)) covered += 1;
    }
    share[name] = covered / (width * height);
  }
  return { width, height, share: share as Record<keyof typeof colours, number> };
}
