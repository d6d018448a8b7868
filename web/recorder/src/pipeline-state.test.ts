import { expect, it } from 'vitest';
import { type Dropped, type PipelineEvent, type PipelineState, nextPipelineState } from './pipeline-state';

type Name = PipelineState['name'];

const EARLIER: Dropped = { reason: 'memory', events: 7, movements: 2, fromMs: 10, toMs: 20 };
const STATES: Record<Name, PipelineState> = {
  complete: { name: 'complete' },
  missing: { name: 'missing', dropped: EARLIER },
  full: { name: 'full', dropped: EARLIER },
};

/** Each event with two events, one of them a movement, at 30 ms. `same`: the event is taken, or changes nothing. */
const NEXT: Record<Name, Record<PipelineEvent, 'same' | PipelineState>> = {
  complete: {
    event: 'same',
    movement: { name: 'missing', dropped: { reason: 'memory', events: 2, movements: 1, fromMs: 30, toMs: 30 } },
    overflow: { name: 'full', dropped: { reason: 'memory', events: 2, movements: 1, fromMs: 30, toMs: 30 } },
    refused: { name: 'full', dropped: { reason: 'refused', events: 2, movements: 1, fromMs: 30, toMs: 30 } },
    room: 'same',
  },
  missing: {
    event: 'same',
    movement: { name: 'missing', dropped: { reason: 'memory', events: 9, movements: 3, fromMs: 10, toMs: 30 } },
    overflow: { name: 'full', dropped: { reason: 'memory', events: 9, movements: 3, fromMs: 10, toMs: 30 } },
    refused: { name: 'full', dropped: { reason: 'memory', events: 9, movements: 3, fromMs: 10, toMs: 30 } },
    room: { name: 'complete' },
  },
  full: {
    event: { name: 'full', dropped: { reason: 'memory', events: 9, movements: 3, fromMs: 10, toMs: 30 } },
    movement: { name: 'full', dropped: { reason: 'memory', events: 9, movements: 3, fromMs: 10, toMs: 30 } },
    overflow: { name: 'full', dropped: { reason: 'memory', events: 9, movements: 3, fromMs: 10, toMs: 30 } },
    refused: { name: 'full', dropped: { reason: 'memory', events: 9, movements: 3, fromMs: 10, toMs: 30 } },
    room: { name: 'complete' },
  },
};

const PAIRS = Object.entries(NEXT).flatMap(([state, events]) =>
  Object.entries(events).map(([event, next]) => [STATES[state as Name], event as PipelineEvent, next] as const),
);

it.each(PAIRS.filter(([, , next]) => next === 'same'))('%j, then %s: the same object', (state, event) => {
  expect(nextPipelineState(state, event, 2, 1, 30)).toBe(state);
});

it.each(PAIRS.filter(([, , next]) => next !== 'same'))('%j, then %s: %j', (state, event, next) => {
  expect(nextPipelineState(state, event, 2, 1, 30)).toEqual(next);
});
