import { REFERENCE } from 'assets';
import { eventOf, isObject } from '../player/event';
import { RESOURCES_TAG } from '../player/resources/resource-store';

const REFERENCES = new RegExp(`${REFERENCE}([0-9a-f]{64})`, 'g');
const SHA256 = /^[0-9a-f]{64}$/;

/** The SHA-256 of each asset to which the event of a line refers. */
export function assetNames(line: string): string[] {
  const named = [...line.matchAll(REFERENCES)].map(([, sha256]) => sha256!);
  if (!line.includes(RESOURCES_TAG)) return named;
  const data = eventOf(line)?.data;
  const payload = isObject(data) && data['tag'] === RESOURCES_TAG ? data['payload'] : undefined;
  const stored = isObject(payload) && isObject(payload['stored']) ? Object.values(payload['stored']) : [];
  return [...named, ...stored.flatMap((one) => (Array.isArray(one) && SHA256.test(String(one[0])) ? [String(one[0])] : []))];
}
