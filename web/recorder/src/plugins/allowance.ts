import { DEFAULT_FLUSH_BYTES, DEFAULT_FLUSH_MS } from '../options';
import type { PluginHost } from '../plugins';
import { DROPPED_TAG } from '../report-names';

const MIN_WINDOW_MS = 10_000;
/** A window gets at most this share of the largest batch. No batch lies in more than two windows. */
const SHARE = 1 / 32;

/**
 * Bound how much of one kind is recorded: so many events a second on average, and a share of a batch.
 *
 * What goes beyond it is counted, and told by one custom event for each window.
 */
export function createAllowance(reason: string, perSecond: number, { options, emit }: Pick<PluginHost, 'options' | 'emit'>) {
  const { flushMs = DEFAULT_FLUSH_MS, flushBytes = DEFAULT_FLUSH_BYTES } = options;
  const windowMs = Math.max(flushMs, MIN_WINDOW_MS);
  let endsAtMs = 0;
  let events = 0;
  let characters = 0;
  let dropped: { fromMs: number; toMs: number; events: number } | undefined;

  function report(): void {
    if (dropped) emit(5, { tag: DROPPED_TAG, payload: { reason, movements: 0, ...dropped } });
    dropped = undefined;
  }

  return {
    /** Whether an event with so many characters may be recorded now. */
    take(length: number): boolean {
      const nowMs = performance.now();
      if (nowMs >= endsAtMs) {
        report();
        endsAtMs = nowMs + windowMs;
        events = characters = 0;
      }
      if (events < (perSecond * windowMs) / 1_000 && characters + length <= flushBytes * SHARE) {
        events += 1;
        characters += length;
        return true;
      }
      const toMs = Date.now();
      dropped = { fromMs: dropped?.fromMs ?? toMs, toMs, events: (dropped?.events ?? 0) + 1 };
      return false;
    },
    /** Report what this window has refused so far. */
    report,
  };
}
