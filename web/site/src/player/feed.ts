import { isPassing } from '../api/errors';
import type { EventsPage } from '../api/events';

export interface FeedOptions {
  readonly readPage: (cursor: string | undefined, signal: AbortSignal) => Promise<EventsPage>;
  /** Takes a page; the next one is asked for when it resolves. */
  readonly take: (page: EventsPage) => Promise<void>;
  /** How long to wait before asking for what came since, in milliseconds; `undefined`: nothing more will come. */
  readonly pauseMs: () => number | undefined;
  /** What keeps the next page from coming; `undefined` once it came. Only a passing fault is tried again by itself. */
  readonly onError: (error: unknown) => void;
}

const RETRY_AFTER_MS = [1000, 2000, 4000, 8000];

/** Reads a recording page by page, and goes on as it grows, until `stop`. */
export function createFeed({ readPage, take, pauseMs, onError }: FeedOptions) {
  const stopping = new AbortController();
  const { signal } = stopping;
  let cursor: string | undefined;
  let wake: (() => void) | undefined;
  let running = false;

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** The next page; waits and asks again after what passes by itself. */
  async function page(): Promise<EventsPage> {
    for (let failures = 0; ; failures++) {
      try {
        const got = await readPage(cursor, signal);
        onError(undefined);
        return got;
      } catch (error) {
        const waitMs = RETRY_AFTER_MS[failures];
        if (signal.aborted || !isPassing(error) || waitMs === undefined) throw error;
        onError(error);
        await pause(waitMs);
        signal.throwIfAborted();
      }
    }
  }

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    try {
      while (!signal.aborted) {
        const got = await page();
        await take(got);
        cursor = got.nextCursor || cursor;
        if (got.hasMore) continue;
        const ms = pauseMs();
        if (ms === undefined || got.nextCursor === '') return;
        await pause(ms);
      }
    } catch (error) {
      if (!signal.aborted) onError(error);
    } finally {
      running = false;
    }
  }

  return {
    /** Begin, or go on after an error or an end. */
    run: (): void => void run(),
    /** Ask now instead of after the pause. */
    hurry: (): void => wake?.(),
    stop(): void {
      stopping.abort();
      wake?.();
    },
  };
}
