import { expect, it } from 'vitest';
import { type RecordingEvent, type RecordingState, nextRecordingState } from './recording-state';

const NEXT: Record<RecordingState, Record<RecordingEvent, RecordingState>> = {
  waiting: {
    consented: 'recording',
    denied: 'denied',
    pause: 'waiting-paused',
    resume: 'waiting',
    replaced: 'waiting',
    stop: 'stopped',
    finished: 'waiting',
  },
  'waiting-paused': {
    consented: 'held',
    denied: 'denied',
    pause: 'waiting-paused',
    resume: 'waiting',
    replaced: 'waiting-paused',
    stop: 'stopped',
    finished: 'waiting-paused',
  },
  held: {
    consented: 'held',
    denied: 'held',
    pause: 'held',
    resume: 'recording',
    replaced: 'held',
    stop: 'stopped',
    finished: 'held',
  },
  recording: {
    consented: 'recording',
    denied: 'recording',
    pause: 'paused',
    resume: 'recording',
    replaced: 'waiting',
    stop: 'stopping',
    finished: 'recording',
  },
  paused: {
    consented: 'paused',
    denied: 'paused',
    pause: 'paused',
    resume: 'recording',
    replaced: 'waiting-paused',
    stop: 'stopping',
    finished: 'paused',
  },
  denied: {
    consented: 'denied',
    denied: 'denied',
    pause: 'denied',
    resume: 'denied',
    replaced: 'denied',
    stop: 'stopped',
    finished: 'denied',
  },
  stopping: {
    consented: 'stopping',
    denied: 'stopping',
    pause: 'stopping',
    resume: 'stopping',
    replaced: 'stopping',
    stop: 'stopping',
    finished: 'stopped',
  },
  stopped: {
    consented: 'stopped',
    denied: 'stopped',
    pause: 'stopped',
    resume: 'stopped',
    replaced: 'stopped',
    stop: 'stopped',
    finished: 'stopped',
  },
};

const PAIRS = Object.entries(NEXT).flatMap(([state, events]) =>
  Object.entries(events).map(([event, next]) => [state as RecordingState, event as RecordingEvent, next] as const),
);

it.each(PAIRS)('%s, then %s: %s', (state, event, next) => {
  expect(nextRecordingState(state, event)).toBe(next);
});
