/** A UUIDv7: ids made later sort later. https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7 */
export function uuidv7(nowMs = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 5, left = nowMs; at >= 0; at -= 1, left = Math.floor(left / 256)) bytes[at] = left % 256;
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
