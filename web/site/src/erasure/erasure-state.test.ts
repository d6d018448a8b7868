import type { Erasure } from 'contract';
import { expect, test } from 'vitest';
import { type ErasureState, NONE, askedAtMsOf, isRunning, nextErasureState } from './erasure-state';

const asked: ErasureState = { name: 'asked', executionId: 'new', askedAtMs: 1_000 };
const erasure = (executionId: string, state: Erasure['state']): Erasure => ({ executionId, state, askedAtMs: 900 });
const reported = (of: Erasure): ErasureState => ({ name: of.state, erasure: of });

test('what was asked for stays so while the API knows nothing of it, or reports an erasure that ended before', () => {
  const answers = [undefined, erasure('old', 'failed'), erasure('old', 'done')];

  expect(answers.map((answer) => nextErasureState(asked, answer, 2_000))).toEqual([asked, asked, asked]);
});

test('what the API reports of it is shown, also if it runs under the id of another request', () => {
  const answers = [erasure('new', 'removing'), erasure('new', 'done'), erasure('new', 'failed'), erasure('other', 'removing')];

  expect(answers.map((answer) => nextErasureState(asked, answer, 2_000))).toEqual(answers.map(reported));
  expect(nextErasureState(reported(erasure('other', 'removing')), erasure('other', 'done'), 3_000)).toEqual(reported(erasure('other', 'done')));
});

test('after half a minute it is believed that there was nothing, or only the erasure before', () => {
  const nothing = nextErasureState(asked, undefined, 31_000);

  expect(nothing).toEqual({ name: 'nothing', askedAtMs: 1_000 });
  expect(nextErasureState(nothing, undefined, 32_000)).toEqual(nothing);
  expect(nextErasureState(asked, erasure('old', 'failed'), 31_000)).toEqual(reported(erasure('old', 'failed')));
});

test('an erasure that nobody asked for in this tab is the one that the API reports', () => {
  expect(nextErasureState(NONE, undefined, 1)).toEqual(NONE);
  expect(nextErasureState(NONE, erasure('old', 'done'), 1)).toEqual(reported(erasure('old', 'done')));
  expect(nextErasureState(reported(erasure('old', 'done')), undefined, 1)).toEqual(NONE); // its tombstone has expired
});

test('it runs from the request until the API reports its end', () => {
  const states = [NONE, asked, ...(['removing', 'done', 'failed'] as const).map((state) => reported(erasure('new', state)))];

  expect(states.map(isRunning)).toEqual([false, true, true, false, false]);
  expect(states.map(askedAtMsOf)).toEqual([undefined, 1_000, 900, 900, 900]);
});
