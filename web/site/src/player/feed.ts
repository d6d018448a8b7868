import { isPassing } from '../api/errors';
import type { EventsPage } from '../api/events';

export interface FeedOptions {
  readonly readPage: (cursor: string | undefined, signal: AbortSignal) => Promise<EventsPage>;
  /** Adds a page; the next one is requested when it resolves. After a rejection it may be called again with that page. */
  readonly take: (page: EventsPage) => Promise<void>;
  /** How long to wait before asking for new events, in milliseconds; `undefined` if no more will come. */
  readonly pauseMs: () => number | undefined;
  /** A page was received. */
  readonly onAnswer: () => void;
  /** A page could not be read or added. Without `willRetry`, nothing more happens until `run`. */
  readonly onError: (error: unknown, willRetry: boolean) => void;
  /** No more events will come: nothing more happens until `run`. */
  readonly onEnd: () => void;
}

const RETRY_AFTER_MS = [1000, 2000, 4000, 8000];

/** Reads a recording page by page and follows it as it grows, until `stop`. */
export function createFeed({ readPage, take, pauseMs, onAnswer, onError, onEnd }: FeedOptions) {
  const stopping = new AbortController();
  const { signal } = stopping;
  let cursor: string | undefined;
  let page: EventsPage | undefined; // received, and not yet added as a whole
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

  async function readAndTake(): Promise<EventsPage> {
    if (!page) {
      page = await readPage(cursor, signal);
      onAnswer();
    }
    const taken = page;
    await take(taken);
    page = undefined;
    return taken;
  }

  /** The next page, after as many retries as it needs; `undefined` if they do not help. */
  async function nextPage(): Promise<EventsPage | undefined> {
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        return await readAndTake();
      } catch (error) {
        if (signal.aborted) return undefined;
        const waitMs = isPassing(error) ? RETRY_AFTER_MS[failures] : undefined;
        onError(error, waitMs !== undefined);
        if (waitMs === undefined) return undefined;
        await pause(waitMs);
      }
    }
    return undefined;
  }

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (!signal.aborted) {
      const taken = await nextPage();
      if (!taken || signal.aborted) break;
      cursor = taken.nextCursor || cursor;
      if (taken.hasMore) continue;
      const ms = taken.nextCursor === '' ? undefined : pauseMs();
      if (ms === undefined) {
        running = false;
        onEnd();
        return;
      }
      await pause(ms);
    }
    running = false;
  }

  return {
    /** Start, or go on after an error or an end. */
    run: (): void => void run(),
    /** Ask now instead of after the pause. */
    hurry: (): void => wake?.(),
    stop(): void {
      stopping.abort();
      wake?.();
    },
  };
}
