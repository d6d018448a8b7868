export interface Read {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether more bytes followed, which were not loaded. */
  readonly isCut: boolean;
}

/** The first bytes of an answer, after decompression. No more than `maxBytes` are loaded. */
export async function readUpTo(answer: Response, maxBytes: number): Promise<Read> {
  const reader = answer.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isCut = false;
  while (reader && !isCut) {
    const { done, value } = await reader.read();
    if (done) break;
    isCut = length + value.byteLength > maxBytes;
    chunks.push(isCut ? value.subarray(0, maxBytes - length) : value);
    length += chunks.at(-1)!.byteLength;
    if (isCut) await reader.cancel();
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return { bytes, isCut };
}
