// Portraits of people who do not exist: flat shapes, laid over each other on a square of side 1.

import { crc32, deflateSync } from 'node:zlib';

const ellipse = (x, y, rx, ry = rx) => (px, py) => ((px - x) / rx) ** 2 + ((py - y) / ry) ** 2 < 1;
const box = (left, top, right, bottom) => (px, py) => px > left && px < right && py > top && py < bottom;
const ring = (x, y, r, width) => (px, py) => Math.abs(Math.hypot(px - x, py - y) - r) < width / 2;
const both = (one, other) => (px, py) => one(px, py) && other(px, py);
const either = (...shapes) => (px, py) => shapes.some((shape) => shape(px, py));

/** What lies on what, from the ground up: shapes, each with its colour. */
function layers({ ground, clothes, skin, hair, style, glasses, beard }) {
  const crown = ellipse(0.5, 0.42, 0.215, 0.235);
  const shade = skin.map((channel) => channel * 0.88);
  const cut = {
    short: [],
    long: [either(ellipse(0.5, 0.46, 0.25, 0.27), box(0.25, 0.46, 0.75, 0.76))],
    curly: [either(...Array.from({ length: 9 }, (_, n) => ellipse(0.5 - 0.23 * Math.cos((n * Math.PI) / 8), 0.42 - 0.2 * Math.sin((n * Math.PI) / 8), 0.1)))],
    bun: [ellipse(0.5, 0.16, 0.1)],
    scarf: [either(ellipse(0.5, 0.45, 0.26, 0.29), both(ellipse(0.5, 0.74, 0.28, 0.2), box(0, 0.5, 1, 1)))],
    bald: [],
  }[style];
  const fringe = (px, py) => py < 0.33 + 0.22 * (px - 0.42) ** 2 * 8;
  const face = either(ellipse(0.5, 0.46, 0.185, 0.225), ellipse(0.315, 0.48, 0.03, 0.045), ellipse(0.685, 0.48, 0.03, 0.045));
  const dark = [38, 34, 40];
  return [
    [ellipse(0.72, 0.28, 0.5), ground.map((channel) => channel + (255 - channel) * 0.18)],
    ...cut.map((shape) => [shape, hair]),
    [ellipse(0.5, 1.06, 0.42, 0.32), clothes],
    [both(ellipse(0.5, 0.76, 0.14, 0.09), box(0, 0.7, 1, 1)), shade],
    [box(0.425, 0.6, 0.575, 0.77), shade],
    [face, skin],
    ...(beard ? [[both(ellipse(0.5, 0.49, 0.19, 0.21), (px, py) => py > 0.54 + 1.2 * (px - 0.5) ** 2), hair]] : []),
    ...(style === 'bald' ? [] : [[both(crown, fringe), hair]]),
    [either(ellipse(0.4, 0.56, 0.035, 0.022), ellipse(0.6, 0.56, 0.035, 0.022)), skin.map((c, n) => c * [1, 0.84, 0.82][n])],
    [either(ellipse(0.43, 0.48, 0.017, 0.021), ellipse(0.57, 0.48, 0.017, 0.021)), dark],
    [either(box(0.4, 0.425, 0.46, 0.437), box(0.54, 0.425, 0.6, 0.437)), hair.map((channel) => channel * 0.8)],
    [both(ring(0.5, 0.56, 0.065, 0.016), box(0.4, 0.59, 0.6, 0.7)), beard ? [236, 214, 206] : dark],
    ...(glasses ? [[either(ring(0.43, 0.48, 0.058, 0.013), ring(0.57, 0.48, 0.058, 0.013), box(0.485, 0.474, 0.515, 0.486)), dark]] : []),
  ];
}

/** A PNG file. */
export function portrait(look, side = 384) {
  const shapes = layers(look).reverse();
  const steps = [1 / 6, 3 / 6, 5 / 6];
  const lines = Buffer.alloc(side * (side * 3 + 1)); // Each line begins with its filter: none.
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const sum = [0, 0, 0];
      for (const dy of steps) {
        for (const dx of steps) {
          const [px, py] = [(x + dx) / side, (y + dy) / side];
          const colour = shapes.find(([shape]) => shape(px, py))?.[1] ?? look.ground;
          for (const channel of sum.keys()) sum[channel] += colour[channel];
        }
      }
      lines.set(sum.map((total) => Math.round(total / 9)), y * (side * 3 + 1) + 1 + x * 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8); // 8 bits, red green blue.
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND')]);
}

function chunk(kind, data = Buffer.alloc(0)) {
  const body = Buffer.concat([Buffer.from(kind), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
