import { expect, test, vi } from 'vitest';
import { ProblemError, UnreachableError } from '../api/errors';
import { certificateText, erasureWords, refusalWords, removedRows, visitorCountWords } from './erasure-words';

const RECORDING = { recordingId: 'r1' };
const VISITOR = { visitorId: 'v1' };
const none = { objects: 0, bytes: 0 };
const removed = { stream: { objects: 3, bytes: 2_000 }, large: none, batch: none, screenshot: { objects: 1, bytes: 40 }, other: none };
const problem = (status: number, retryAfterS = 0) => new ProblemError(status, 'Title', 'Detail.', 'request', retryAfterS);

test('each state has its words, for a recording and for a visitor', () => {
  const titles = (target: typeof RECORDING | typeof VISITOR) =>
    (['asked', 'removing', 'done', 'failed', 'nothing'] as const).map((name) => erasureWords(name, target).title);

  expect(titles(RECORDING)).toEqual([
    'Deletion requested',
    'This recording is being deleted',
    'This recording has been deleted',
    'The deletion failed',
    'There was nothing to delete',
  ]);
  expect(titles(VISITOR)).toEqual([
    'Erasure requested',
    'This visitor is being erased',
    'This visitor has been erased',
    'The erasure failed',
    'There was nothing to erase',
  ]);
  expect(erasureWords('failed', RECORDING).detail).toContain('some of its stored data could not be removed');
});

test('each refusal says what happened, and whether something may have been erased', () => {
  vi.stubGlobal('navigator', { onLine: true });

  expect([403, 404, 409].map((status) => refusalWords(problem(status), 'shop'))).toEqual([
    { title: 'You may not erase recordings of this site', detail: 'Nothing was erased. It takes the group site-shop-admin. If you have been added to it, sign in again.' },
    { title: 'There is nothing to erase any more', detail: 'The recording has expired, or someone else has erased it.' },
    { title: 'Another request is being handled', detail: 'Nothing was erased by this one. Try again in a moment.' },
  ]);
  expect([0, 1, 20].map((seconds) => refusalWords(problem(429, seconds), undefined).detail)).toEqual([
    'Nothing was erased. Try again in a moment.',
    'Nothing was erased. Try again in 1 second.',
    'Nothing was erased. Try again in 20 seconds.',
  ]);
  expect(refusalWords(problem(502), undefined)).toEqual({ title: 'Title', detail: 'Detail. Try again: asking twice does no harm.' });
  expect(refusalWords(new UnreachableError('x'), undefined)).toEqual({
    title: 'The API cannot be reached',
    detail: 'It is not known whether the request arrived. Try again: asking twice does no harm.',
  });
});

test('a certificate lists the kinds of which there was something, and their sum', () => {
  expect(removedRows(removed)).toEqual({
    rows: [
      { kind: 'Delivered events', objects: 3, bytes: 2_000 },
      { kind: 'Screenshots', objects: 1, bytes: 40 },
    ],
    total: { kind: 'Total', objects: 4, bytes: 2_040 },
  });
});

test('a copied certificate is JSON that names the site, the target, the execution, the times and all counts', () => {
  const erasure = { executionId: 'e1', state: 'done', askedAtMs: 1, finishedAtMs: 2, removed } as const;

  expect(JSON.parse(certificateText('shop', VISITOR, erasure))).toEqual({ siteId: 'shop', visitorId: 'v1', ...erasure });
  expect(JSON.parse(certificateText(undefined, RECORDING, erasure))).toEqual({ recordingId: 'r1', ...erasure });
});

test('the number of a visitor’s recordings is said as far as it is known', () => {
  expect([visitorCountWords(undefined, false), visitorCountWords(1, false), visitorCountWords(20, true)]).toEqual([
    'All recordings of this visitor; their number is not loaded.',
    'All recordings of this visitor: 1 recording.',
    'All recordings of this visitor: more than 20 recordings.',
  ]);
});
