import type { eventWithTime } from '@rrweb/types';
import { type GetAsset, restoreAssets } from 'assets';
import { browserTurn } from './browser-turn';
import { isEvent } from './event';

/** How long the page may be kept from drawing at a time. */
const SLICE_MS = 8;

export interface Slice {
  readonly events: eventWithTime[];
  /** Lines that are no events. */
  readonly unreadable: number;
}

export interface ParseOptions {
  /** Bytes by their SHA-256; they are used only if it is theirs. */
  readonly readAsset: GetAsset;
  /** Removes from an event what could do harm; throws if it must not be shown. */
  readonly sanitize: (event: unknown) => void;
}

/** The events of some lines, a few at a time: between two slices the browser draws and answers. */
export async function* parsed(lines: readonly string[], { readAsset, sanitize }: ParseOptions): AsyncGenerator<Slice> {
  let events: eventWithTime[] = [];
  let unreadable = 0;
  let ends = performance.now() + SLICE_MS;
  for (const line of lines) {
    const { line: restored } = await restoreAssets(line, readAsset);
    try {
      const event: unknown = JSON.parse(restored);
      if (!isEvent(event)) throw new TypeError('this is no event of rrweb');
      sanitize(event);
      events.push(event);
    } catch {
      unreadable += 1;
    }
    if (performance.now() > ends) {
      yield { events, unreadable };
      [events, unreadable] = [[], 0];
      await browserTurn();
      ends = performance.now() + SLICE_MS;
    }
  }
  yield { events, unreadable };
}
