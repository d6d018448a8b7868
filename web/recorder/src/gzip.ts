import { startTurn } from './turn';

/** Chromium compresses a piece within the page's own thread. */
const PIECE_BYTES = 64 * 1024;

export const canGzip = (): boolean => typeof CompressionStream !== 'undefined';

/**
 * The text as a gzip member; `undefined` if the browser has no `CompressionStream`.
 *
 * Written in pieces, in turns, so a large text does not block the page. A blob would stream in pieces too, but to make
 * one, or to ask one for its size, the page waits for the browser's process.
 */
export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!canGzip()) return undefined;
  const { readable, writable } = new CompressionStream('gzip');
  const [zipped] = await Promise.all([new Response(readable).arrayBuffer(), write(new TextEncoder().encode(text), writable.getWriter())]);
  return new Uint8Array(zipped);
}

async function write(bytes: Uint8Array<ArrayBuffer>, writer: WritableStreamDefaultWriter<BufferSource>): Promise<void> {
  const rest = startTurn();
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    if (at) await rest();
    await writer.write(bytes.subarray(at, at + PIECE_BYTES));
  }
  await writer.close();
}
