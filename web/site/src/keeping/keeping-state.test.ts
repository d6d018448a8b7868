import { expect, test } from 'vitest';
import { type Asked, keepingState } from './keeping-state';

const NOW = 1_000_000;
const asked = (isEnd: boolean, agoMs = 1_000): Asked => ({ isEnd, atMs: NOW - agoMs });

test.each([
  ['nothing was asked', {}, undefined, 'none'],
  ['it is kept', { kept: true }, undefined, 'kept'],
  ['the copies are there, and a later look is made', { kept: true, keeping: 'copying' }, undefined, 'kept'],
  ['another tab has asked', { keeping: 'copying' }, undefined, 'copying'],
  ['another tab has ended it', { keeping: 'ending' }, undefined, 'ending'],
  ['it has failed', { keeping: 'failed' }, undefined, 'failed'],
  ['the API does not show it yet', {}, asked(false), 'copying'],
  ['the API shows the failure of before', { keeping: 'failed' }, asked(false), 'copying'],
  ['it is done', { kept: true }, asked(false), 'kept'],
  ['the end is not shown yet', { kept: true }, asked(true), 'ending'],
  ['the end is done', {}, asked(true), 'none'],
  ['nothing has come of it', {}, asked(false, 60_000), 'none'],
  ['it has failed since', { keeping: 'failed' }, asked(false, 60_000), 'failed'],
] as const)('%s', (_, recording, one, state) => {
  expect(keepingState(recording, one, NOW)).toBe(state);
});
