import { base64Of, listOf } from './bytes-as-text';
import { type Digest, hex, webCryptoDigest } from './digest';
import { REFERENCE } from './reference';

/** Returns the bytes of an asset by its SHA-256; `undefined` if it is not stored. */
export type GetAsset = (sha256: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

export interface Restored {
  /** The original line, with references to the `missing` assets. */
  readonly line: string;
  /** The SHA-256 of each asset that is not stored, or has other bytes. */
  readonly missing: readonly string[];
}

export interface RestoreOptions {
  /** Web Crypto's by default; with `null` no bytes can be trusted, so all are missing. */
  readonly digest?: Digest | null;
}

/** JSON may have whitespace between its tokens. */
const ENDS_BEFORE_FONT = /"fontSource"\s*:\s*"$/;
/** Longer than that. */
const LOOK_BACK = 40;
const REFERENCES = new RegExp(`${REFERENCE}(:|[0-9a-f]{64})`, 'g');

/** The line that `extractAssets` got. Each asset is fetched once, and used only if its SHA-256 is right. */
export async function restoreAssets(
  line: string,
  getAsset: GetAsset,
  { digest = webCryptoDigest }: RestoreOptions = {},
): Promise<Restored> {
  if (!line.includes(REFERENCE)) return { line, missing: [] };
  const wanted = new Set<string>();
  for (const [, name] of line.matchAll(REFERENCES)) {
    if (name !== ':') wanted.add(name!);
  }
  const assets = new Map<string, Uint8Array>();
  const missing: string[] = [];
  await Promise.all(
    [...wanted].map(async (sha256) => {
      const bytes = digest ? await getAsset(sha256) : undefined;
      if (bytes && hex(await digest!(bytes)) === sha256) assets.set(sha256, bytes);
      else missing.push(sha256);
    }),
  );
  const restored = line.replace(REFERENCES, (reference, name: string, at: number) => {
    if (name === ':') return REFERENCE;
    const bytes = assets.get(name);
    if (!bytes) return reference;
    return ENDS_BEFORE_FONT.test(line.slice(Math.max(0, at - LOOK_BACK), at)) ? listOf(bytes) : base64Of(bytes);
  });
  return { line: restored, missing };
}
