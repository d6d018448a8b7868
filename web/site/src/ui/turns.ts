/** Resolves with the call that ends the turn, which an abort also does. Rejects if aborted before the turn starts. */
export type TakeTurn = (signal: AbortSignal) => Promise<() => void>;

export interface TurnsOptions {
  /** Number of turns at the same time. @default 1 */
  readonly atOnce?: number;
  /** A longer turn no longer keeps the others waiting, in milliseconds. @default 10,000 */
  readonly maxMs?: number;
  /** Calls back when a turn may start. @default when the browser is idle */
  readonly whenFree?: (start: () => void) => void;
}

/** Work that takes turns, first come, first served, each starting when the browser is idle. */
export function createTurns({ atOnce = 1, maxMs = 10_000, whenFree = whenIdle }: TurnsOptions = {}): TakeTurn {
  const waiting = new Set<() => void>();
  let taken = 0;

  function next(): void {
    const [start] = waiting;
    if (!start || taken >= atOnce) return;
    waiting.delete(start);
    taken += 1;
    whenFree(start);
  }

  function release(): void {
    taken -= 1;
    next();
  }

  return (signal) =>
    new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', leave);
        if (signal.aborted) return release();
        let ended = false;
        const end = () => {
          if (ended) return;
          ended = true;
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          release();
        };
        const timer = setTimeout(end, maxMs);
        signal.addEventListener('abort', end);
        resolve(end);
      };
      const leave = () => {
        waiting.delete(start);
        reject(signal.reason as Error);
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      waiting.add(start);
      next();
    });
}

/** So that a page that is never idle does not wait for ever. */
const IDLE_WITHIN_MS = 1000;

function whenIdle(start: () => void): void {
  // Not in Safari: https://developer.mozilla.org/docs/Web/API/Window/requestIdleCallback#browser_compatibility
  if (typeof requestIdleCallback === 'function') requestIdleCallback(start, { timeout: IDLE_WITHIN_MS });
  else setTimeout(start, 50);
}
