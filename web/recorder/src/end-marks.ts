import type { eventWithTime } from '@rrweb/types';
import { customEvent } from './corrections/recorded-nodes';

/** Why nothing more of a recording comes. */
export type EndReason = 'stopped' | 'refused';

/**
 * A custom event of rrweb that says that a page went, or, with a reason, that the recording has ended.
 *
 * @param atMs of the newest event: with its own time, a tab that is forgotten for hours would make a recording of hours
 */
export const endMark = (atMs: number, reason?: EndReason): eventWithTime =>
  reason ? customEvent('rrweb-store:end', { reason }, atMs) : customEvent('rrweb-store:left', {}, atMs);
