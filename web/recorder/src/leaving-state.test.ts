import { expect, it } from 'vitest';
import { type LeavingEvent, type LeavingState, nextLeavingState } from './leaving-state';

/** The next state of every pair. */
const TABLE: Record<LeavingState, Record<LeavingEvent, LeavingState>> = {
  here: { stays: 'staying', goes: 'here', hides: 'leaving', finished: 'here', more: 'here', returns: 'here' },
  staying: { stays: 'staying', goes: 'here', hides: 'handing-over', finished: 'staying', more: 'staying', returns: 'staying' },
  leaving: { stays: 'leaving', goes: 'leaving', hides: 'leaving', finished: 'left', more: 'leaving', returns: 'here' },
  'handing-over': { stays: 'handing-over', goes: 'handing-over', hides: 'handing-over', finished: 'left', more: 'handing-over', returns: 'here' },
  left: { stays: 'left', goes: 'left', hides: 'left', finished: 'left', more: 'leaving', returns: 'here' },
};

it.each(
  Object.entries(TABLE).flatMap(([state, row]) =>
    Object.entries(row).map(([event, next]) => [state, event, next] as [LeavingState, LeavingEvent, LeavingState]),
  ),
)('%s after %s: %s', (state, event, next) => {
  expect(nextLeavingState(state, event)).toBe(next);
});
