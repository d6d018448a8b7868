import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { createIsErased, erasureKey } from './erased';
import type { ErasureState } from './erasure-state';

const asked: ErasureState = { name: 'asked', executionId: 'e', askedAtMs: 1_000 };
const recording = (recordingId: string, createdAtMs: number, visitorId?: string) => ({
  recordingId,
  createdAtMs,
  hasScreenshot: false,
  ...(visitorId === undefined ? {} : { visitorId }),
});

test('a list leaves out what this tab has erased, of its own owner, and a visitor’s recordings up to then', () => {
  const queries = new QueryClient();
  queries.setQueryData(erasureKey('/sites/shop', { recordingId: 'r1' }), asked);
  queries.setQueryData(erasureKey('/sites/shop', { visitorId: 'v1' }), asked);
  const listed = [recording('r1', 2_000), recording('r2', 1_000, 'v1'), recording('r3', 1_001, 'v1'), recording('r4', 1, 'v2'), recording('v1', 1)];
  const shown = (path: string) => listed.filter((one) => !createIsErased(queries, path)(one)).map(({ recordingId }) => recordingId);

  expect(shown('/sites/shop')).toEqual(['r3', 'r4', 'v1']);
  expect(shown('')).toEqual(['r1', 'r2', 'r3', 'r4', 'v1']);
});
