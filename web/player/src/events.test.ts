import { type PlaybackState, initialState } from 'site/src/player/playback-state';
import { expect, test } from 'vitest';
import { eventsBetween } from './events';

function state(name: PlaybackState['name'], timeMs = 0, totalMs = 9000): PlaybackState {
  const { then, ...data } = initialState('pause');
  const isBefore = name === 'loading' || name === 'starting';
  return { ...data, ...(isBefore && { then }), name, timeMs, totalMs } as PlaybackState;
}

test.each<[string, PlaybackState, PlaybackState, string[]]>([
  ['loading tells nothing', state('loading'), state('starting'), []],
  ['the first frame, paused', state('starting'), state('paused'), ['durationchange', 'ready', 'timeupdate']],
  ['the first frame, playing', state('starting'), state('playing'), ['durationchange', 'ready', 'play', 'timeupdate']],
  ['the clock moves', state('playing', 1), state('playing', 2), ['timeupdate']],
  ['idle time is skipped, which is playing still', state('playing', 1), state('skipping', 1), []],
  ['more is loaded', state('paused', 1, 5), state('paused', 1, 6), ['durationchange']],
  ['pause', state('playing', 2), state('paused', 2), ['pause']],
  ['it comes to its end', state('playing', 8), state('ended', 9), ['timeupdate', 'pause', 'ended']],
  ['again from the start', state('ended', 9), state('playing', 0), ['play', 'timeupdate']],
])('%s', (_, before, after, told) => {
  expect(eventsBetween(before, after)).toEqual(told);
});
