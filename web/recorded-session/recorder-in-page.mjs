/** Runs in the recorded page: records from before its first element until `finish`. */
import { record } from '@rrweb/record';
import { pageFacts } from './page-facts.mjs';

/** @type {import('@rrweb/types').eventWithTime[]} */
const events = [];

// Only the page itself: rrweb opens an empty iframe for a moment, where this script is injected as well,
// and a recorder in there would open the next one, without end.
const stop =
  window === window.top
    ? record({
        emit: (event) => void events.push(event),
        maskAllInputs: true,
        inlineImages: true, // so that a replay needs no network
      })
    : undefined;

/**
 * Stop, and return the events with what the page shows at this very moment.
 *
 * @throws {Error} rrweb did not record
 */
export function finish() {
  if (!stop) throw new Error('rrweb did not start to record');
  stop();
  return { events, facts: pageFacts(document) };
}
