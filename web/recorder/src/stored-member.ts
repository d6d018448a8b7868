/** The limit of one stored block: RFC 1951, 3.2.4. */
const MAX_BLOCK_BYTES = 0xffff;
/** RFC 1952, 2.3: magic number and deflate; the flags, the time and the rest are zero. */
const HEADER = [0x1f, 0x8b, 8];
const HEADER_BYTES = 10;

/**
 * The text as a gzip member that is not compressed, made within this task: a closing page cannot wait for
 * `CompressionStream`.
 *
 * Stored blocks of RFC 1951 (3.2.4) between the header, and the CRC-32 and length of RFC 1952 (2.3).
 */
export function storedMember(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  const blocks = Math.ceil(bytes.length / MAX_BLOCK_BYTES) || 1;
  const member = new Uint8Array(HEADER_BYTES + 5 * blocks + bytes.length + 8);
  const view = new DataView(member.buffer);
  member.set(HEADER);
  let at = HEADER_BYTES;
  for (let n = 1; n <= blocks; n += 1) {
    const block = bytes.subarray((n - 1) * MAX_BLOCK_BYTES, n * MAX_BLOCK_BYTES);
    member[at] = +(n === blocks); // the last one
    view.setUint16(at + 1, block.length, true);
    view.setUint16(at + 3, ~block.length, true);
    member.set(block, at + 5);
    at += 5 + block.length;
  }
  view.setUint32(at, crc32(bytes), true);
  view.setUint32(at + 4, bytes.length, true);
  return member;
}

/** RFC 1952, 8, bit by bit: for 60 kB that is fast enough, and a table would enlarge the script. */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320);
  }
  return ~crc;
}
