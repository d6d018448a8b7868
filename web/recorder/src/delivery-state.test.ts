import { expect, it } from 'vitest';
import { type DeliveryEvent, type DeliveryState, nextDeliveryState } from './delivery-state';

type Name = DeliveryState['name'];

/** Each state as it is after two failures, if it counts them. */
const STATES: Record<Name, DeliveryState> = {
  idle: { name: 'idle' },
  sending: { name: 'sending', failures: 2 },
  renewed: { name: 'renewed', failures: 2 },
  waiting: { name: 'waiting', failures: 2 },
  denied: { name: 'denied', failures: 2 },
  closed: { name: 'closed' },
  stopped: { name: 'stopped' },
};

/** The next state of each, with its number of failures. */
const NEXT: Record<Name, Record<DeliveryEvent, Name | [Name, failures: number]>> = {
  idle: {
    added: ['sending', 0],
    finished: 'idle',
    changed: 'idle',
    unauthorized: 'idle',
    failed: 'idle',
    closed: 'idle',
    empty: 'idle',
    retry: 'idle',
    stop: 'stopped',
  },
  sending: {
    added: ['sending', 2],
    finished: ['sending', 0],
    changed: ['sending', 2],
    unauthorized: ['renewed', 2],
    failed: ['waiting', 3],
    closed: 'closed',
    empty: 'idle',
    retry: ['sending', 2],
    stop: 'stopped',
  },
  renewed: {
    added: ['renewed', 2],
    finished: ['sending', 0],
    changed: ['sending', 2],
    unauthorized: ['denied', 3],
    failed: ['waiting', 3],
    closed: 'closed',
    empty: 'idle',
    retry: ['renewed', 2],
    stop: 'stopped',
  },
  waiting: {
    added: ['waiting', 2],
    finished: ['waiting', 2],
    changed: ['waiting', 2],
    unauthorized: ['waiting', 2],
    failed: ['waiting', 2],
    closed: ['waiting', 2],
    empty: ['waiting', 2],
    retry: ['sending', 2],
    stop: 'stopped',
  },
  denied: {
    added: ['denied', 2],
    finished: ['denied', 2],
    changed: ['denied', 2],
    unauthorized: ['denied', 2],
    failed: ['denied', 2],
    closed: ['denied', 2],
    empty: ['denied', 2],
    retry: ['renewed', 2],
    stop: 'stopped',
  },
  closed: {
    added: 'closed',
    finished: 'closed',
    changed: 'closed',
    unauthorized: 'closed',
    failed: 'closed',
    closed: 'closed',
    empty: 'closed',
    retry: 'closed',
    stop: 'stopped',
  },
  stopped: {
    added: 'stopped',
    finished: 'stopped',
    changed: 'stopped',
    unauthorized: 'stopped',
    failed: 'stopped',
    closed: 'stopped',
    empty: 'stopped',
    retry: 'stopped',
    stop: 'stopped',
  },
};

const PAIRS = Object.entries(NEXT).flatMap(([name, events]) =>
  Object.entries(events).map(([event, next]) => {
    const [after, failures] = [next].flat();
    return [name as Name, event as DeliveryEvent, failures === undefined ? { name: after } : { name: after, failures }] as const;
  }),
);

it.each(PAIRS)('%s, then %s: %j', (name, event, after) => {
  expect(nextDeliveryState(STATES[name], event)).toEqual(after);
});

it.each([
  ['idle', 'retry'],
  ['sending', 'added'],
  ['sending', 'retry'],
  ['renewed', 'added'],
  ['renewed', 'retry'],
  ['waiting', 'added'],
  ['denied', 'added'],
  ['closed', 'added'],
  ['stopped', 'added'],
] as const)('%s is the same object after %s, so that nothing is done twice', (name, event) => {
  expect(nextDeliveryState(STATES[name], event)).toBe(STATES[name]);
});

it.each(['finished', 'changed'] as const)('sending is another object after %s, so that the next request is sent', (event) => {
  expect(nextDeliveryState(STATES.sending, event)).not.toBe(STATES.sending);
});
