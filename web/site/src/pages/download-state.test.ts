import { expect, test } from 'vitest';
import { ProblemError } from '../api/errors';
import { TooLargeError } from '../api/one-file';
import { afterFailure, progressOf, rangeWords } from './download-state';

test('the progress is said in time and bytes', () => {
  expect([progressOf(42_000, 1_234_000, 190_000), progressOf(42_000, 0, undefined), progressOf(42_000, 0, 1)]).toEqual([
    '0:42 of 3:10 collected, 1.2 MB',
    '0:42 collected, 0.0 MB',
    '0:42 collected, 0.0 MB',
  ]);
});

test.for([
  [0, { fromMs: 0, toMs: 240_000 }],
  [300_000, { fromMs: 180_000, toMs: 420_000 }],
  [599_000, { fromMs: 360_000, toMs: 600_000 }],
] as const)('a page that is too large offers a part around %d ms', ([shownMs, range]) => {
  const next = afterFailure(new TooLargeError(100_000_000, 600_000), shownMs);

  expect(next).toEqual({ name: 'too-large', bytes: 100_000_000, range });
});

test('a part that is still too large offers a smaller one within it', () => {
  const next = afterFailure(new TooLargeError(80_000_000, 240_000), 300_000, { fromMs: 180_000, toMs: 420_000 });

  expect(next).toEqual({ name: 'too-large', bytes: 80_000_000, range: { fromMs: 240_000, toMs: 360_000 } });
  expect(next.name === 'too-large' && rangeWords(next.range)).toBe('4:00 to 6:00');
});

test('any other failure is said', () => {
  expect(afterFailure(new ProblemError(404, 'Gone', '', '', 0), 0)).toEqual({ name: 'failed', why: 'Gone' });
});
