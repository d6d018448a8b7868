import { hex } from 'assets';

/** The digits of a UUID, with the version and the variant in their places. https://www.rfc-editor.org/rfc/rfc9562#name-uuid-format */
function uuid(digits: string, version: number): string {
  return digits.replace(/^(.{8})(.{4}).(...).(...)/, `$1-$2-${version}$3-8$4-`);
}

const random = (bytes: number): string => hex(crypto.getRandomValues(new Uint8Array(bytes))); // `randomUUID` needs a secure context

/** A UUIDv7: ids made later sort later. */
export const uuidv7 = (nowMs = Date.now()): string => uuid(nowMs.toString(16).padStart(12, '0') + random(10), 7);

/** A UUIDv4: random from its first character, so that the recordings of many visitors are spread over all partitions. */
export const uuidv4 = (): string => uuid(random(16), 4);
