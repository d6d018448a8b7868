import { CUSTOM, isObject } from '../player/event';
import { LIVE_WITHIN_MS, isRecent } from './moment';

/** Whether a recording is being made. */
export type Liveness =
  /** Its newest event is young, and no mark says that nothing follows. */
  | 'live'
  /** The visitor left, or the recorder was stopped. */
  | 'ended'
  /** Nothing has come for some time, and no mark says why: the visitor does nothing, or the connection is lost. */
  | 'lost';

/** A page of the recording went, and the next one may follow; or nothing more will come. */
export type EndMark = 'left' | 'end';

/** What the newest events of a recording say. */
export interface Newest {
  /** Timestamp of the newest one. */
  readonly lastEventAtMs: number;
  /** After which nothing was recorded. Older recorders wrote none. */
  readonly endMark?: EndMark | undefined;
}

/** The next page of the tab has to load, and its recorder sends the first snapshot within 10 s. */
const NEXT_PAGE_WITHIN_MS = 15_000;

const MARKS: Readonly<Record<string, EndMark>> = { 'rrweb-store:left': 'left', 'rrweb-store:end': 'end' };

/** What is known of the end after an event later than all others. */
export function endMarkAfter({ type, data }: { type: unknown; data?: unknown }, before: EndMark | undefined): EndMark | undefined {
  if (type !== CUSTOM) return undefined;
  const tag = isObject(data) ? data['tag'] : undefined;
  const mark = typeof tag === 'string' && Object.hasOwn(MARKS, tag) ? MARKS[tag] : undefined;
  return mark ?? before; // what a page still tells as it goes is nothing that was done on it
}

/**
 * What is known of the end with the facts of the recording, which go also where a page goes with no events to send.
 *
 * @param durationMs from the first event to the newest; a page that has returned makes it longer
 */
export function withFacts<Known extends Newest>(newest: Known, durationMs: number, { leftAfterMs }: { readonly leftAfterMs?: number }): Known {
  return leftAfterMs === undefined || durationMs > leftAfterMs ? newest : { ...newest, endMark: newest.endMark ?? 'left' };
}

export function livenessOf({ lastEventAtMs, endMark }: Newest, nowMs = Date.now()): Liveness {
  if (endMark === 'end') return 'ended';
  if (endMark === 'left') return isRecent(lastEventAtMs, NEXT_PAGE_WITHIN_MS, nowMs) ? 'live' : 'ended';
  return isRecent(lastEventAtMs, LIVE_WITHIN_MS, nowMs) ? 'live' : 'lost';
}

/** Whether to ask for more: a page may follow after all, if late. */
export function mayGrow({ lastEventAtMs, endMark }: Newest, nowMs = Date.now()): boolean {
  return endMark !== 'end' && isRecent(lastEventAtMs, LIVE_WITHIN_MS, nowMs);
}
