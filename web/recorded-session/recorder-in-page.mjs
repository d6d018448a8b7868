/** Runs in the recorded page: records from before its first element until `finish`. */
import { record } from '@rrweb/record';
import { pageFacts } from './page-facts.mjs';

/** @type {import('@rrweb/types').eventWithTime[]} */
const events = [];

// Only in the page itself: rrweb briefly opens an empty iframe, in which this script runs, too, and a
// recorder there would open the next one, endlessly.
const stop =
  window === window.top
    ? record({
        emit: (event) => void events.push(event),
        maskAllInputs: true,
        inlineImages: true, // so that a replay needs no network
      })
    : undefined;

/**
 * Stop, and return the events with the page's facts at this moment.
 *
 * @throws {Error} rrweb did not record
 */
export function finish() {
  if (!stop) throw new Error('rrweb did not start recording');
  stop();
  return { events, facts: pageFacts(document) };
}
