/** Returns the SHA-256 of some bytes: 32 bytes. */
export type Digest = (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

/** The browser's own; `null` on a page that is not in a secure context. */
export const webCryptoDigest: Digest | null = globalThis.crypto?.subtle
  ? async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  : null;

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The bytes of {@link hex}, in base64. */
export function base64OfHex(digits: string): string {
  return btoa(digits.replace(/../g, (byte) => String.fromCharCode(parseInt(byte, 16))));
}
