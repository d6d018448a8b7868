import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProblemError, UnreachableError } from '../api/errors';
import type { EventsPage } from '../api/events';
import { createFeed } from './feed';

const BUSY = new ProblemError(503, 'Service unavailable', '', '', 0);
const GONE = new ProblemError(404, 'Not found', '', '', 0);

function page(n: number, hasMore = false): EventsPage {
  return { lines: [`line ${n}`], nextCursor: `${n}`, hasMore, missing: '', skipped: 0, tail: '' };
}

/** A feed of an API that returns or throws these one by one, and its log, in order. */
function feedOf(answers: (EventsPage | Error)[], options: { pauseMs?: number; failures?: Error[] } = {}) {
  const log: string[] = [];
  const failures = [...(options.failures ?? [])];
  const feed = createFeed({
    readPage: async (cursor) => {
      const answer = answers.shift();
      log.push(`read after ${cursor ?? 'nothing'}`);
      if (!answer) return new Promise(() => {});
      if (answer instanceof Error) throw answer;
      return answer;
    },
    take: async ({ lines }) => {
      const failure = failures.shift();
      log.push(`take ${lines.join()}`);
      if (failure) throw failure;
    },
    pauseMs: () => options.pauseMs,
    onAnswer: () => log.push('answer'),
    onError: (error, willRetry) => log.push(`${(error as Error).name}, ${willRetry ? 'retries' : 'gives up'}`),
    onEnd: () => log.push('end'),
  });
  return { feed, log };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Waits for everything that needs no timer. */
const settled = () => vi.advanceTimersByTimeAsync(0);

test('pages are read one after another, to the end', async () => {
  const { feed, log } = feedOf([page(1, true), page(2)]);
  feed.run();
  await settled();

  expect(log).toEqual(['read after nothing', 'answer', 'take line 1', 'read after 1', 'answer', 'take line 2', 'end']);
});

test('a passing failure is retried later, and right away when told to hurry', async () => {
  const { feed, log } = feedOf([BUSY, new UnreachableError('offline'), page(1)]);
  feed.run();
  await vi.advanceTimersByTimeAsync(1000);
  expect(log).toEqual(['read after nothing', 'ProblemError, retries', 'read after nothing', 'UnreachableError, retries']);
  feed.hurry();
  await settled();

  expect(log.slice(4)).toEqual(['read after nothing', 'answer', 'take line 1', 'end']);
});

test('a lasting failure ends it until it is run again, from where it was', async () => {
  const { feed, log } = feedOf([page(1, true), GONE, page(2)]);
  feed.run();
  await settled();
  expect(log.slice(3)).toEqual(['read after 1', 'ProblemError, gives up']);
  feed.run();
  await settled();

  expect(log.slice(5)).toEqual(['read after 1', 'answer', 'take line 2', 'end']);
});

test('a page that could not be added is added again without reading it again', async () => {
  const { feed, log } = feedOf([page(1)], { failures: [BUSY, GONE] });
  feed.run();
  await vi.advanceTimersByTimeAsync(1000);
  expect(log).toEqual(['read after nothing', 'answer', 'take line 1', 'ProblemError, retries', 'take line 1', 'ProblemError, gives up']);
  feed.run();
  await settled();

  expect(log.slice(6)).toEqual(['take line 1', 'end']);
});

test('a growing recording is asked again after each pause, until it is stopped', async () => {
  const { feed, log } = feedOf([page(1), page(2), page(3)], { pauseMs: 600 });
  feed.run();
  await vi.advanceTimersByTimeAsync(600);
  expect(log.filter((one) => one.startsWith('read'))).toEqual(['read after nothing', 'read after 1']);
  feed.stop();
  await vi.advanceTimersByTimeAsync(10_000);

  expect(log.filter((one) => one.startsWith('read'))).toHaveLength(2);
});
