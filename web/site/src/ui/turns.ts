/** Gives the call that ends the turn; ends it by itself when the signal says so. Rejects if that comes first. */
export type TakeTurn = (signal: AbortSignal) => Promise<() => void>;

export interface TurnsOptions {
  /** How many may have their turn at the same time. @default 1 */
  readonly atOnce?: number;
  /** A turn that was not ended by then no longer keeps the others waiting, in milliseconds. @default 10,000 */
  readonly maxMs?: number;
  /** Calls back when a turn may begin. @default when the browser has nothing else to do */
  readonly whenFree?: (begin: () => void) => void;
}

/** Work that waits for its turn, first come, first served, and for a moment in which the browser is idle. */
export function createTurns({ atOnce = 1, maxMs = 10_000, whenFree = whenIdle }: TurnsOptions = {}): TakeTurn {
  const waiting = new Set<() => void>();
  let taken = 0;

  function next(): void {
    const [begin] = waiting;
    if (!begin || taken >= atOnce) return;
    waiting.delete(begin);
    taken += 1;
    whenFree(begin);
  }

  function release(): void {
    taken -= 1;
    next();
  }

  return (signal) =>
    new Promise((resolve, reject) => {
      const begin = () => {
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
        waiting.delete(begin);
        reject(signal.reason as Error);
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      waiting.add(begin);
      next();
    });
}

/** A page that is never idle shall not wait for ever. */
const IDLE_WITHIN_MS = 1000;

function whenIdle(begin: () => void): void {
  // Safari has none: https://developer.mozilla.org/docs/Web/API/Window/requestIdleCallback#browser_compatibility
  if (typeof requestIdleCallback === 'function') requestIdleCallback(begin, { timeout: IDLE_WITHIN_MS });
  else setTimeout(begin, 50);
}
