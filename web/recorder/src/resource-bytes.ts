/** Why the bytes of a resource are not stored. */
export type Reason = 'cors' | 'size' | 'budget' | 'failed';

export interface ResourceBytes {
  /** By its first bytes, whatever the server says. */
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The first bytes of pictures and fonts. https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern */
const SIGNS: readonly [RegExp, string][] = [
  [/^\x89PNG/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8/, 'image/gif'],
  [/^RIFF.{4}WEBP/s, 'image/webp'],
  [/^.{4}ftypavi[fs]/s, 'image/avif'],
  [/^BM/, 'image/bmp'],
  [/^\0\0\x01\0/, 'image/x-icon'],
  [/^wOF2/, 'font/woff2'],
  [/^wOFF/, 'font/woff'],
  [/^OTTO/, 'font/otf'],
  [/^(?:\0\x01\0\0|true|ttcf)/, 'font/ttf'],
];
const SIGN_BYTES = 16;

export const SVG_TYPE = 'image/svg+xml';
export const STYLE_TYPE = 'text/css';

/**
 * The bytes of an address that the page has loaded, from the browser's cache where it still has them, or why there are none:
 * `refused` if there was no answer that a page may read.
 *
 * Another origin gets no credentials. The page's own hooks of `fetch` see nothing: the build calls the browser's.
 */
export async function readResource(url: string, maxBytes: number, maxMs: number): Promise<ResourceBytes | 'size' | 'failed' | 'refused'> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), maxMs);
  let isAnswered = false;
  try {
    const answer = await fetch(url, {
      cache: 'force-cache',
      credentials: new URL(url).origin === location.origin ? 'same-origin' : 'omit',
      priority: 'low',
      signal: ending.signal,
    });
    isAnswered = true;
    if (!answer.ok) return 'failed';
    const bytes = await bytesOf(answer, maxBytes);
    if (!bytes) return 'size';
    const mediaType = mediaTypeOf(bytes, answer.headers.get('Content-Type') ?? '');
    return mediaType ? { mediaType, bytes } : 'failed';
  } catch {
    return isAnswered || ending.signal.aborted ? 'failed' : 'refused';
  } finally {
    clearTimeout(timer);
    ending.abort(); // what is too large is not read to its end
  }
}

async function bytesOf(answer: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!answer.body || Number(answer.headers.get('Content-Length')) > maxBytes) return undefined;
  const reader = answer.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > maxBytes) return undefined;
    chunks.push(part.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Drawings and style sheets have no sign, and are what the server says; a page in place of a picture is nothing. */
function mediaTypeOf(bytes: Uint8Array, said: string): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, SIGN_BYTES));
  return SIGNS.find(([sign]) => sign.test(start))?.[1] ?? /^(?:image\/svg\+xml|text\/css)\b/i.exec(said)?.[0].toLowerCase();
}
