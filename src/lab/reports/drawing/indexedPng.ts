/**
 * The smallest PNG that holds a heatmap: one byte a cell, a palette, colour 0 transparent. A map of 240 x 40 cells takes about
 * 2 KB as a data URI where as many SVG rectangles take 200 KB.
 *
 *   signature (8) | IHDR: width u32, height u32, depth 8, colour type 3, 0, 0, 0 | PLTE: rgb x n | tRNS: 0 | IDAT: zlib(filter 0 + row)... | IEND
 *   each chunk: length u32 big-endian, type (4), data, crc32 of type and data u32. Source: PNG specification, third edition.
 */
import { crc32, deflateSync } from 'node:zlib';
import type { Rgb } from './colourRamp.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOUR_TYPE_PALETTE = 3;

/** @param cells `width * height` palette indices, rows from the top. @returns a `data:` URI. */
export function indexedPngUri(
  width: number,
  height: number,
  cells: Uint8Array,
  palette: readonly Rgb[],
): string {
  if (cells.length !== width * height) throw new RangeError('cells must fill the image');
  if (palette.length < 1 || palette.length > 256) throw new RangeError('a palette holds 1 to 256 colours');
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = COLOUR_TYPE_PALETTE;
  const raw = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row++)
    raw.set(cells.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  const png = Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('tRNS', Buffer.from([0])),
    chunk('IDAT', deflateSync(raw, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return `data:image/png;base64,${png.toString('base64')}`;
}

function chunk(type: string, data: Buffer): Buffer {
  const framed = Buffer.alloc(data.length + 12);
  framed.writeUInt32BE(data.length, 0);
  framed.write(type, 4, 'latin1');
  framed.set(data, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, 8 + data.length)), 8 + data.length);
  return framed;
}
