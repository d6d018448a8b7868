import { expect, test } from 'vitest';
import { type PlaybackEvent, nextState } from './next-state';
import { type PlaybackState, initialState } from './playback-state';
import { stageCommand } from './stage-command';

const { then: _, ...DATA } = initialState('play');
const PLAYING: PlaybackState = { ...DATA, name: 'playing', timeMs: 4_000, totalMs: 10_000, loaded: 'partly' };
const at = (change: object) => ({ ...PLAYING, ...change }) as PlaybackState;

/** The command for the stage when this happens. */
function told(before: PlaybackState, event: PlaybackEvent) {
  return stageCommand(before, event, nextState(before, event));
}

test.for([
  ['a press of pause stops where it is', PLAYING, { type: 'pause-pressed' }, { type: 'pause' }],
  ['a press of play starts where it is', at({ name: 'paused' }), { type: 'play-pressed' }, { type: 'play', atMs: 4_000 }],
  ['playing again starts at the start', at({ name: 'ended', timeMs: 10_000, loaded: 'fully' }), { type: 'play-pressed' }, { type: 'play', atMs: 0 }],
  ['a jump while it plays plays there', PLAYING, { type: 'seek', atMs: 7_000 }, { type: 'play', atMs: 7_000 }],
  ['a jump while paused stops there', at({ name: 'paused' }), { type: 'seek', atMs: 7_000 }, { type: 'pause', atMs: 7_000 }],
  ['a jump to the loaded end shows the last event', at({ name: 'paused' }), { type: 'seek', atMs: 10_000 }, { type: 'pause', atMs: 10_001 }],
  ['the loaded end stops it', PLAYING, { type: 'clock', timeMs: 10_000, totalMs: 10_000 }, { type: 'pause' }],
  ['the end stops it after the last event', at({ loaded: 'fully' }), { type: 'clock', timeMs: 10_000, totalMs: 10_000 }, { type: 'pause', atMs: 10_001 }],
  ['more events play on', at({ name: 'buffering', timeMs: 10_000 }), { type: 'events-added', totalMs: 11_000 }, { type: 'play', atMs: 10_000 }],
  ['going live plays after the newest event', PLAYING, { type: 'live-pressed' }, { type: 'play', atMs: 10_001 }],
  ['the clock of a playing stage is its own', PLAYING, { type: 'clock', timeMs: 5_000, totalMs: 10_000 }, undefined],
  ['new events do not disturb it', PLAYING, { type: 'events-added', totalMs: 11_000 }, undefined],
  ['before the first frame there is no command', initialState('play'), { type: 'pause-pressed' }, undefined],
  ['the first frame plays', at({ name: 'starting', then: 'play', timeMs: 0 }), { type: 'first-frame' }, { type: 'play', atMs: 0 }],
  ['the first frame of a wanted moment shows it', at({ name: 'starting', then: 'pause', timeMs: 0, targetMs: 3_000 }), { type: 'first-frame' }, { type: 'pause', atMs: 3_000 }],
] satisfies [string, PlaybackState, PlaybackEvent, ReturnType<typeof stageCommand>][])('%s', ([, before, event, command]) => {
  expect(told(before, event)).toEqual(command);
});
