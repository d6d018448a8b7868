/** An image that is as hard to compress as a photograph, and the same in each run. */
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const RGB_8_BIT = [8, 2, 0, 0, 0];

/**
 * A PNG of random pixels.
 *
 * @param {number} width in pixels
 * @param {number} height in pixels
 * @param {number} seed not 0; each seed gives another image
 * @returns {Buffer}
 */
export function noisePng(width, height, seed) {
  const row = 1 + width * 3; // the first byte names a row's filter: none
  const pixels = Buffer.alloc(row * height);
  let state = seed;
  for (let at = 0; at < pixels.length; at += 1) {
    // Xorshift, https://doi.org/10.18637/jss.v008.i14
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    if (at % row !== 0) pixels[at] = state;
  }
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', Buffer.concat([size, Buffer.from(RGB_8_BIT)])),
    chunk('IDAT', deflateSync(pixels, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * https://www.w3.org/TR/png-3/#5Chunk-layout
 *
 * @param {string} type
 * @param {Buffer} data
 */
function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
