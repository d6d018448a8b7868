import type { eventWithTime } from '@rrweb/types';

const CUSTOM = 5;

/** Why nothing more of a recording comes. */
export type EndReason = 'stopped' | 'refused';

/**
 * A custom event of rrweb that says that a page went, or, with a reason, that the recording has ended.
 *
 * @param atMs of the newest event: with its own time, a tab that is forgotten for hours would make a recording of hours
 */
export const endMark = (atMs: number, reason?: EndReason): eventWithTime => ({
  type: CUSTOM,
  data: reason ? { tag: 'rrweb-store:end', payload: { reason } } : { tag: 'rrweb-store:left', payload: {} },
  timestamp: atMs,
});
