/** Arguments of one call: every engine allows so many. */
const CHUNK = 0x8000;

export function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}

/** The bytes of `text`, or `undefined` if {@link base64Of} would write them differently. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  let binary;
  try {
    binary = atob(text);
  } catch {
    return undefined;
  }
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return btoa(binary) === text ? bytes : undefined;
}

export function listOf(bytes: Uint8Array): string {
  return `[${bytes.join(',')}]`;
}

/** The bytes of `text`, or `undefined` if {@link listOf} would write them differently. */
export function bytesOfList(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = Uint8Array.from(text.slice(1, -1).split(','), Number);
  return listOf(bytes) === text ? bytes : undefined;
}
