/** The last moment that a date can be: https://tc39.es/ecma262/#sec-time-values-and-time-range */
export const MAX_DATE_MS = 8.64e15;
/** A clock may go so far ahead of ours; what is later is nonsense. */
const AHEAD_AT_MOST_MS = 600_000;

/** Whether what happened then, by whoever's clock, is no longer ago than this. */
export function isRecent(atMs: number, withinMs: number, nowMs = Date.now()): boolean {
  return nowMs - atMs < withinMs && atMs - nowMs < AHEAD_AT_MOST_MS;
}

/** When a recording began: by the client's clock if that can be, else by the server's. */
export function beganAtMs({ createdAtMs, startedAtMs }: { createdAtMs: number; startedAtMs?: number }): number {
  return startedAtMs !== undefined && startedAtMs - createdAtMs < AHEAD_AT_MOST_MS ? startedAtMs : createdAtMs;
}
