/** Runs in the recorded page, from before its first element. */
import { record } from '@rrweb/record';

/** @type {import('@rrweb/types').eventWithTime[]} */
const events = [];

// rrweb takes its snapshot at the page's load event, when all images are loaded.
const stop = record({ emit: (event) => void events.push(event), inlineImages: true, collectFonts: true });

/** All events, after rrweb has emitted those that it delays. */
export async function finish() {
  await new Promise((resolve) => setTimeout(resolve, 100));
  stop?.();
  return events;
}
