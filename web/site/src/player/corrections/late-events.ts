import type { eventWithTime } from '@rrweb/types';
import { CUSTOM, isObject } from '../event';

const TAGS: readonly unknown[] = ['rrweb-store:top-layer', 'rrweb-store:animations', 'rrweb-store:states', 'rrweb-store:highlights'];
/** A state is told some frames after it has changed. A page that is hidden has no frames, and no other events. */
const MAX_LATE_MS = 1_000;

/** When the recorder told what the event tells, which is later than its timestamp here. */
const told = new WeakMap<eventWithTime, number>();

export const toldAtMs = (event: eventWithTime): number => told.get(event) ?? event.timestamp;

/** Gives an event that tells of a state the time at which that has changed; its payload says how late it was told. */
export function redate(event: eventWithTime): void {
  const { type, data } = event as { type: number; data: unknown };
  if (type !== CUSTOM || !isObject(data) || !TAGS.includes(data['tag']) || !isObject(data['payload'])) return;
  const { late } = data['payload'];
  if (typeof late !== 'number' || !(late > 0 && late <= MAX_LATE_MS)) return;
  told.set(event, event.timestamp);
  event.timestamp -= late;
}
