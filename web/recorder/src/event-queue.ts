import type { eventWithTime } from '@rrweb/types';
import { type Asset, escaped, extractAssets } from 'assets';
import { type BoxOf, linesOf } from './large-values';
import { orderSiblings } from './sibling-order';
import { startTurn } from './turn';

/** Events wait at most this time for a batch that the previous page may have handed over. */
const HOLD_MS = 2_000;

/**
 * Events in, lines of JSON out, oldest first.
 *
 * @param maxAssetBytes larger images and fonts stay in their line
 * @param append gets each line, its event and the assets that were taken out of it, and calls nothing once it has added them: as its
 *   page goes, Firefox may end a script at any call, and another one goes on from there
 * @param appended gets the same line afterwards, unless the page is being left
 * @param boxOf the size of an element whose picture is too large
 */
export function createEventQueue(
  maxAssetBytes: number,
  append: (line: string, event: eventWithTime, assets: readonly Asset[]) => void,
  appended: (line: string, event: eventWithTime, assets: readonly Asset[]) => void,
  boxOf: BoxOf,
) {
  /** On a page without Web Crypto, which is not in a secure context, pictures stay in their line. */
  const maxTakenBytes = globalThis.crypto?.subtle ? maxAssetBytes : 0;
  const events: eventWithTime[] = [];
  let release: Promise<unknown> = Promise.resolve();
  let draining: Promise<void> | undefined;

  async function drainInTurns(): Promise<void> {
    await release;
    const rest = startTurn();
    for (let event = events[0]; event; event = events[0]) {
      orderSiblings(event);
      await rest();
      const [line, omission] = linesOf(event, maxTakenBytes, boxOf);
      await rest(); // the line of a snapshot takes long by itself
      const { line: text, assets } = await extractAssets(line, { maxBytes: maxAssetBytes });
      if (events[0] !== event) continue; // `drainNow` has added it
      const said = omission && JSON.stringify(omission);
      if (line) append(text, event, assets);
      if (said) append(said, omission, []);
      events.shift();
      if (line) appended(text, event, assets);
      if (said) appended(said, omission, []);
      await rest();
    }
  }

  /** Resolves when no event waits. */
  const drain = (): Promise<void> => (draining ??= drainInTurns().finally(() => (draining = undefined)));

  return {
    /** Whether events wait. */
    waits: (): boolean => events.length > 0,
    drain,
    add(event: eventWithTime): void {
      if (events.push(event) === 1) setTimeout(() => void drain(), 0); // later events follow in the same turns
    },
    /** Append all events within this task, with their assets still in the lines. */
    drainNow(): void {
      for (let event = events[0]; event; event = events[0]) {
        orderSiblings(event);
        const [line, omission] = linesOf(event, 0, boxOf);
        const text = line && escaped(line);
        const said = omission && JSON.stringify(omission);
        if (text) append(text, event, []);
        if (said) append(said, omission, []);
        events.shift();
      }
    },
    /** Let events wait until this has come, or two seconds are over. Resolves then. */
    hold(coming: Promise<unknown>): Promise<unknown> {
      let timer: ReturnType<typeof setTimeout>;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, HOLD_MS)));
      return (release = Promise.race([coming.finally(() => clearTimeout(timer)), late]));
    },
  };
}
