/** The latest date: https://tc39.es/ecma262/#sec-time-values-and-time-range */
export const MAX_DATE_MS = 8.64e15;
/** Another clock may be ahead of ours by this much; later times are invalid. */
const AHEAD_AT_MOST_MS = 600_000;

/**
 * A recording whose newest event is younger than this is being made now, unless a mark says that it has ended: the recorder
 * sends every 30 s, which takes a moment more until it can be read.
 */
export const LIVE_WITHIN_MS = 45_000;

/** Whether a time, by any clock, is no longer ago than this. */
export function isRecent(atMs: number, withinMs: number, nowMs = Date.now()): boolean {
  return nowMs - atMs < withinMs && atMs - nowMs < AHEAD_AT_MOST_MS;
}

/** When a recording started: by the client's clock if that is plausible, else by the server's. */
export function beganAtMs({ createdAtMs, startedAtMs }: { createdAtMs: number; startedAtMs?: number }): number {
  return startedAtMs !== undefined && startedAtMs - createdAtMs < AHEAD_AT_MOST_MS ? startedAtMs : createdAtMs;
}
