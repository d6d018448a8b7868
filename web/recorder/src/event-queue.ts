import type { eventWithTime } from '@rrweb/types';
import { type Asset, escaped, extractAssets } from 'assets';

/** The length of a turn, so that no task of ours is a long one. */
const TURN_MS = 8;
/** Events wait at most this time for a batch that the previous page may have handed over. */
const HOLD_MS = 2_000;

/**
 * Events in, lines of JSON out, oldest first.
 *
 * @param maxAssetBytes larger images and fonts stay in their line
 * @param append gets each line and the assets that were taken out of it, and calls nothing once it has added them: as its
 *   page goes, Firefox may end a script at any call, and another one goes on from there
 * @param appended gets the same line afterwards, unless the page is being left
 */
export function createEventQueue(
  maxAssetBytes: number,
  append: (line: string, assets: readonly Asset[]) => void,
  appended: (line: string, event: eventWithTime, assets: readonly Asset[]) => void,
) {
  const events: eventWithTime[] = [];
  let release: Promise<unknown> = Promise.resolve();
  let draining: Promise<void> | undefined;

  async function drainInTurns(): Promise<void> {
    await release;
    let startedAtMs = performance.now();
    const rest = async (): Promise<void> => {
      if (performance.now() - startedAtMs <= TURN_MS) return;
      await new Promise((resolve) => setTimeout(resolve, 0));
      startedAtMs = performance.now();
    };
    for (let event = events[0]; event; event = events[0]) {
      const line = JSON.stringify(event);
      await rest(); // the line of a snapshot takes long by itself
      const { line: text, assets } = await extractAssets(line, { maxBytes: maxAssetBytes });
      if (events[0] !== event) continue; // `drainNow` has added it
      append(text, assets);
      events.shift();
      appended(text, event, assets);
      await rest();
    }
  }

  /** Resolves when no event waits. */
  const drain = (): Promise<void> => (draining ??= drainInTurns().finally(() => (draining = undefined)));

  return {
    drain,
    add(event: eventWithTime): void {
      if (events.push(event) === 1) setTimeout(() => void drain(), 0); // later events follow in the same turns
    },
    /** Append all events within this task, with their assets still in the lines. */
    drainNow(): void {
      for (let event = events[0]; event; event = events[0]) {
        append(escaped(JSON.stringify(event)), []);
        events.shift();
      }
    },
    /** Let events wait until this has come, or two seconds are over. */
    hold(coming: Promise<unknown>): void {
      let timer: ReturnType<typeof setTimeout>;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, HOLD_MS)));
      release = Promise.race([coming.finally(() => clearTimeout(timer)), late]);
    },
  };
}
