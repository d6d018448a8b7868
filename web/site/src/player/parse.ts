import type { eventWithTime } from '@rrweb/types';
import { type GetAsset, restoreAssets } from 'assets';
import { isEvent } from './event';
import { yieldToBrowser } from './yield-to-browser';

/** How long the browser may be kept from drawing at a time. */
const SLICE_MS = 8;

export interface Slice {
  readonly events: eventWithTime[];
  /** Number of lines that were parsed for it. */
  readonly lines: number;
  /** Number of those lines that are no events. */
  readonly unreadable: number;
}

export interface ParseOptions {
  /** Bytes by their SHA-256; they are used only if that is their digest. */
  readonly readAsset: GetAsset;
  /** Removes anything harmful from an event; throws if the event must not be shown. */
  readonly sanitize: (event: unknown) => void;
}

/**
 * The events of some lines, a few at a time: between two slices the browser can draw and react to input. Rejects as
 * `readAsset` does, after a slice with everything before that line.
 */
export async function* parsed(lines: readonly string[], { readAsset, sanitize }: ParseOptions): AsyncGenerator<Slice> {
  let slice: Slice = { events: [], lines: 0, unreadable: 0 };
  let endsAt = performance.now() + SLICE_MS;
  for (const line of lines) {
    let restored: string;
    try {
      ({ line: restored } = await restoreAssets(line, readAsset));
    } catch (error) {
      yield slice;
      throw error;
    }
    const event = eventOf(restored, sanitize);
    if (event) slice.events.push(event);
    slice = { events: slice.events, lines: slice.lines + 1, unreadable: slice.unreadable + (event ? 0 : 1) };
    if (performance.now() > endsAt) {
      yield slice;
      slice = { events: [], lines: 0, unreadable: 0 };
      await yieldToBrowser();
      endsAt = performance.now() + SLICE_MS;
    }
  }
  yield slice;
}

function eventOf(line: string, sanitize: ParseOptions['sanitize']): eventWithTime | undefined {
  try {
    const event: unknown = JSON.parse(line);
    if (!isEvent(event)) return undefined;
    sanitize(event);
    return event;
  } catch {
    return undefined;
  }
}
