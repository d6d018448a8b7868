/** Runs in the replaying page: rrweb's player, which seeks to the end of a recording. */
import { Replayer } from '@rrweb/replay';
import { pageFacts } from './page-facts.mjs';

/** @type {import('@rrweb/types').EventType.FullSnapshot} */
const FULL_SNAPSHOT = 2;
/** The first frame takes milliseconds; this bounds the wait for one that never comes. */
const MAX_MS_TO_FIRST_FRAME = 10_000;

/**
 * The facts of the replayed page after the last event, and the player's warnings.
 *
 * @param {import('@rrweb/types').eventWithTime[]} events
 * @returns {Promise<{ facts: import('./page-facts.mjs').PageFacts, warnings: string[], durationMs: number }>}
 * @throws {Error} rrweb cannot play these events at all
 */
export async function replayToEnd(events) {
  if (!events.some(({ type }) => type === FULL_SNAPSHOT)) throw new Error('there is no full snapshot to start from');
  /** @type {string[]} */
  const warnings = [];
  const replayer = new Replayer(events, {
    root: document.body,
    mouseTail: false,
    logger: { log: () => {}, warn: (...words) => void warnings.push(words.map(asText).join(' ')) },
  });
  const { sandbox } = replayer.iframe;
  if (sandbox.contains('allow-scripts') || sandbox.length === 0) {
    throw new Error(`the replayed page could run scripts: its sandbox is "${sandbox.value}"`);
  }
  // Timers show the player's first frame, at its first size; they would undo an earlier seek.
  await new Promise((resolve, reject) => {
    replayer.on('fullsnapshot-rebuilded', resolve);
    setTimeout(() => reject(new Error('the full snapshot did not become a page')), MAX_MS_TO_FIRST_FRAME);
  });

  const { totalTime } = replayer.getMetaData();
  replayer.pause(totalTime + 1); // events at exactly the given time are not applied

  const { contentDocument } = replayer.iframe;
  if (!contentDocument) throw new Error('the player has no document');
  // The facts show an image that cannot load by its size.
  await Promise.allSettled([...contentDocument.images].map((image) => image.decode()));
  return { facts: pageFacts(contentDocument), warnings, durationMs: totalTime };
}

/** @param {unknown} word */
function asText(word) {
  return typeof word === 'string' ? word.trim() : JSON.stringify(word);
}
