import { bytesOfBase64, bytesOfList } from './bytes-as-text';
import { type Digest, hex, webCryptoDigest } from './digest';
import { BEFORE_BASE64, BEFORE_FONT, REFERENCE, escaped } from './reference';

/**
 * Smaller ones stay in the line: checking whether an asset is stored, preflight included, costs as much as sending and
 * keeping 31 kB in the snapshots of two pages (docs/assets.md has the calculation).
 */
export const MIN_ASSET_BYTES = 32 * 1024;

/** Under the 10 MB of API Gateway, in millions or in mebibytes. A larger one stays in its batch. */
export const MAX_ASSET_BYTES = 9_500_000;

/** An image or a font that stood in a line. */
export interface Asset {
  /** 64 digits of lower case hexadecimal. */
  readonly sha256: string;
  /** As the page named it, such as `image/png`; `application/octet-stream` for a font made from bytes. */
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Extracted {
  /** The JSON with references in place of `assets`. */
  readonly line: string;
  /** Each once, in the order of the line. */
  readonly assets: readonly Asset[];
}

export interface ExtractOptions {
  /** The fewest bytes that are worth a request; {@link MIN_ASSET_BYTES} by default. */
  readonly minBytes?: number;
  /** Larger ones stay in the line; {@link MAX_ASSET_BYTES} by default. */
  readonly maxBytes?: number;
  /** Web Crypto's by default. With `null`, as on a page that is not in a secure context, nothing is taken out. */
  readonly digest?: Digest | null;
}

/**
 * The line without its large images and fonts: the JSON of one event, as `JSON.stringify` writes it, or of many.
 *
 * `restoreAssets` restores exactly the same characters, for any `line`.
 */
export async function extractAssets(
  line: string,
  { minBytes = MIN_ASSET_BYTES, maxBytes = MAX_ASSET_BYTES, digest = webCryptoDigest }: ExtractOptions = {},
): Promise<Extracted> {
  const assets = new Map<string, Asset>();
  const parts: string[] = [];
  let done = 0;
  for (const { 0: marker, index } of digest ? line.matchAll(MARKERS) : []) {
    const start = index + marker.length;
    const found = marker === BEFORE_BASE64 ? inBase64(line, index, start, minBytes) : inList(line, start);
    if (!found || found.bytes.length < minBytes || found.bytes.length > maxBytes) continue;
    const { end, mediaType, bytes } = found;
    const sha256 = hex(await digest!(bytes));
    assets.set(sha256, { sha256, mediaType, bytes });
    parts.push(escaped(line.slice(done, start)), REFERENCE, sha256);
    done = end;
  }
  parts.push(escaped(line.slice(done)));
  return { line: parts.join(''), assets: [...assets.values()] };
}

interface Embedded {
  readonly end: number;
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const MARKERS = new RegExp(`${BEFORE_BASE64}|${BEFORE_FONT}(?=\\[)`, 'g');
const DATA_URL_START = /data:([\w.+-]+\/[\w.+-]+)(?:;[\w.=+-]+)*$/i;
/** Longer than any media type with its parameters. */
const LONGEST_START = 128;

function inBase64(line: string, marker: number, start: number, minBytes: number): Embedded | undefined {
  const end = endOf(line, start, NOT_BASE64);
  if ((end - start) * 3 < minBytes * 4) return undefined; // most are small: do not decode them
  const mediaType = DATA_URL_START.exec(line.slice(Math.max(0, marker - LONGEST_START), marker))?.[1];
  if (!mediaType) return undefined;
  const bytes = bytesOfBase64(line.slice(start, end));
  return bytes && { end, mediaType: mediaType.toLowerCase(), bytes };
}

function inList(line: string, start: number): Embedded | undefined {
  const end = endOf(line, start + 1, NOT_OF_LIST) + 1;
  const bytes = bytesOfList(line.slice(start, end));
  return bytes && { end, mediaType: 'application/octet-stream', bytes };
}

const NOT_BASE64 = /[^\w+/=]|_/g;
const NOT_OF_LIST = /[^\d,]/g;

/** The position of the next character that is `other`. Matching the ones before it would overflow the stack for a large image. */
function endOf(line: string, start: number, other: RegExp): number {
  other.lastIndex = start;
  return other.exec(line)?.index ?? line.length;
}
