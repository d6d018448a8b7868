/** Runs in the page that replays: rrweb's player, brought to the end of a recording. */
import { Replayer } from '@rrweb/replay';
import { pageFacts } from './page-facts.mjs';

/** @type {import('@rrweb/types').EventType.FullSnapshot} */
const FULL_SNAPSHOT = 2;
/** The first frame takes milliseconds. One that never comes must not keep the caller waiting. */
const MAX_MS_TO_FIRST_FRAME = 10_000;

/**
 * What the replayed page shows after the last event, and what the player could not apply on the way.
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
  // The player shows its first frame, at its first size, by timers: a jump before that would be undone.
  await new Promise((resolve, reject) => {
    replayer.on('fullsnapshot-rebuilded', resolve);
    setTimeout(() => reject(new Error('the full snapshot did not become a page')), MAX_MS_TO_FIRST_FRAME);
  });

  const { totalTime } = replayer.getMetaData();
  replayer.pause(totalTime + 1); // events at exactly the given time are not applied yet

  const { contentDocument } = replayer.iframe;
  if (!contentDocument) throw new Error('the player has no document');
  // An image that cannot load is told by its size in the facts.
  await Promise.allSettled([...contentDocument.images].map((image) => image.decode()));
  return { facts: pageFacts(contentDocument), warnings, durationMs: totalTime };
}

/** @param {unknown} word */
function asText(word) {
  return typeof word === 'string' ? word.trim() : JSON.stringify(word);
}
