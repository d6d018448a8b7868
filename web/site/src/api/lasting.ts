import { isPassing } from './errors';

const RETRY_AFTER_MS = [1000, 2000, 4000, 8000];

export interface LastingOptions {
  readonly signal: AbortSignal;
  /** @default by a timer */
  readonly wait?: ((ms: number) => Promise<unknown>) | undefined;
}

/** Returns a function that does something again where that may help, and rejects as it does. */
export function createLasting({ signal, wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms)) }: LastingOptions) {
  return async function lasting<T>(attempt: () => Promise<T>): Promise<T> {
    for (let failures = 0; ; failures++) {
      signal.throwIfAborted();
      try {
        return await attempt();
      } catch (error) {
        const waitMs = RETRY_AFTER_MS[failures];
        if (!isPassing(error) || waitMs === undefined) throw error;
        await wait(waitMs);
      }
    }
  };
}
