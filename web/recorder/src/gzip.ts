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
  const [zipped] = await Promise.all([new Response(readable).arrayBuffer(), write(text, writable.getWriter())]);
  return new Uint8Array(zipped);
}

async function write(text: string, writer: WritableStreamDefaultWriter<BufferSource>): Promise<void> {
  const rest = startTurn();
  for (let at = 0; at < text.length; ) {
    if (at) await rest();
    const piece = new Uint8Array(PIECE_BYTES); // not used again: a browser may compress it later
    const { read, written } = new TextEncoder().encodeInto(text.slice(at), piece);
    await writer.write(piece.subarray(0, written));
    at += read;
  }
  await writer.close();
}
