import { expect, it } from 'vitest';
import { type BufferEvent, type BufferState, nextBufferState } from './buffer-state';

const NEXT: Record<BufferState, Record<BufferEvent, BufferState>> = {
  reading: { read: 'buffering', trigger: 'capturing', leave: 'reading', return: 'reading', elsewhere: 'live', end: 'dropped' },
  buffering: { read: 'buffering', trigger: 'live', leave: 'buffering', return: 'reading', elsewhere: 'live', end: 'dropped' },
  capturing: { read: 'live', trigger: 'capturing', leave: 'live', return: 'capturing', elsewhere: 'live', end: 'dropped' },
  live: { read: 'live', trigger: 'live', leave: 'live', return: 'live', elsewhere: 'live', end: 'live' },
  dropped: { read: 'dropped', trigger: 'dropped', leave: 'dropped', return: 'dropped', elsewhere: 'dropped', end: 'dropped' },
};

const PAIRS = Object.entries(NEXT).flatMap(([state, events]) =>
  Object.entries(events).map(([event, next]) => [state as BufferState, event as BufferEvent, next] as const),
);

it.each(PAIRS)('%s, then %s: %s', (state, event, next) => {
  expect(nextBufferState(state, event)).toBe(next);
});
