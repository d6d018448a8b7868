/** Runs in the recorded page, from before its first element. */
import { record } from '@rrweb/record';

/** @type {import('@rrweb/types').eventWithTime[]} */
const events = [];

// It takes its snapshot at the page's load event, when all images are there.
const stop = record({ emit: (event) => void events.push(event), inlineImages: true, collectFonts: true });

/** All events, once rrweb has given those that it still holds back. */
export async function finish() {
  await new Promise((resolve) => setTimeout(resolve, 100));
  stop?.();
  return events;
}
