export const canGzip = (): boolean => typeof CompressionStream !== 'undefined';

/**
 * The text as a gzip member; `undefined` if the browser has no `CompressionStream`.
 *
 * A blob streams in pieces of 64 KiB, each in a task of its own, so a large text does not block the page.
 */
export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!canGzip()) return undefined;
  const zipped = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(zipped).arrayBuffer());
}
