export const canGzip = (): boolean => typeof CompressionStream !== 'undefined';

/**
 * The text as a gzip member, or `undefined` where the browser cannot.
 *
 * A blob streams in pieces of 64 KiB, each a task of its own, so that a large text does not hold the page up.
 */
export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!canGzip()) return undefined;
  const zipped = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(zipped).arrayBuffer());
}
