import { hex } from 'assets';

/** A UUIDv7: ids made later sort later. https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7 */
export function uuidv7(nowMs = Date.now()): string {
  const random = hex(crypto.getRandomValues(new Uint8Array(10)));
  const digits = `${nowMs.toString(16).padStart(12, '0')}7${random.slice(1, 4)}8${random.slice(5)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
