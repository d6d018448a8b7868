import { NO_ROWS } from '../panels/rows';
import { NOTHING_ABSENT } from './absent-resources';
import { expect, test } from 'vitest';
import { type PageFacts, type PlaybackEvent, nextState } from './next-state';
import { type PlaybackState, type StateName, type StateNamed, initialState } from './playback-state';
import { wholeView } from './view';

const TOTAL_MS = 10_000;
const IDLE = [{ fromMs: 6_000, toMs: 9_000 }];
const { then: _then, ...EMPTY } = initialState('play');
const LOADED = { ...EMPTY, totalMs: TOTAL_MS, loaded: 'fully', idle: IDLE } as const;
/** An example of each state, with ten seconds loaded, in the middle of them unless it is at an end. */
const STATES = {
  loading: initialState('play'),
  waiting: { ...initialState('play'), name: 'waiting' },
  empty: { ...initialState('play'), name: 'empty', loaded: 'fully' },
  failed: { ...initialState('play'), name: 'failed', error: 'gone' },
  starting: { ...initialState('play'), name: 'starting', totalMs: TOTAL_MS, idle: IDLE },
  paused: { ...LOADED, name: 'paused', timeMs: 5_000 },
  playing: { ...LOADED, name: 'playing', timeMs: 5_000 },
  skipping: { ...LOADED, name: 'skipping', timeMs: 7_000 },
  buffering: { ...LOADED, name: 'buffering', timeMs: TOTAL_MS, loaded: 'partly' },
  following: { ...LOADED, name: 'following', timeMs: TOTAL_MS, loaded: 'live', liveness: 'live' },
  ended: { ...LOADED, name: 'ended', timeMs: TOTAL_MS },
} as const satisfies { [S in StateName]: StateNamed<S> };

function page(change: Partial<PageFacts>): Extract<PlaybackEvent, { type: 'page-read' }> {
  const facts: PageFacts = {
    totalMs: TOTAL_MS,
    loaded: 'fully',
    liveness: 'lost',
    marks: [],
    idle: IDLE,
    activity: [],
    tail: '',
    absent: NOTHING_ABSENT,
    rows: NO_ROWS,
    unreadable: 0,
    mayGrow: false,
    ...change,
  };
  return { type: 'page-read', facts };
}

/** Every type of event, with a variant for each state that it may lead to. */
const EVENTS = {
  'an answer': { type: 'answered' },
  'a failure, to be tried again': { type: 'read-failed', error: 'busy', willRetry: true },
  'a failure for good': { type: 'read-failed', error: 'gone', willRetry: false },
  'no events added': { type: 'events-added', totalMs: TOTAL_MS },
  'a second added': { type: 'events-added', totalMs: TOTAL_MS + 1000 },
  'a page, with more to load': page({ loaded: 'partly' }),
  'a longer page, with more to load': page({ loaded: 'partly', totalMs: TOTAL_MS + 1000 }),
  'the last page': page({}),
  'the last page of a young recording': page({ mayGrow: true, loaded: 'live', liveness: 'live' }),
  'the end of the feed': { type: 'feed-ended' },
  'the first snapshot': { type: 'snapshot-arrived', totalMs: TOTAL_MS },
  'the first frame': { type: 'first-frame' },
  'the clock': { type: 'clock', timeMs: 4_000, totalMs: TOTAL_MS },
  'the clock in an idle span': { type: 'clock', timeMs: 8_000, totalMs: TOTAL_MS },
  'the clock at the end': { type: 'clock', timeMs: TOTAL_MS, totalMs: TOTAL_MS },
  play: { type: 'play-pressed' },
  pause: { type: 'pause-pressed' },
  'a seek to the middle': { type: 'seek', atMs: 3_000 },
  'a seek past the end': { type: 'seek', atMs: 99_000 },
  live: { type: 'live-pressed' },
  retry: { type: 'retry-pressed' },
  'another speed': { type: 'speed-set', speed: 4 },
  'idle time not to be skipped': { type: 'skip-idle-set', skipIdle: false },
  'another view': { type: 'view-changed', view: wholeView({ width: 1, height: 2 }) },
  'an event that cannot be drawn': { type: 'event-failed' },
} as const satisfies Record<string, PlaybackEvent>;

type EventName = keyof typeof EVENTS;
/** Does not compile if a type of event is missing above. */
const _everyTypeOccurs: Record<Exclude<PlaybackEvent['type'], (typeof EVENTS)[EventName]['type']>, never> = {};
void _everyTypeOccurs;

/** The columns of the table, in the order of `STATES`. */
type Row = { readonly [S in StateName]: StateName };
const columns = Object.keys(STATES) as StateName[];

const UNCHANGED = {
  loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'failed', starting: 'starting',
  paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'buffering', following: 'following', ended: 'ended',
} as const satisfies Row;

/** The state that each event leads to from each state. A missing pair does not compile. */
const TABLE: { readonly [E in EventName]: Row } = {
  'an answer': {
    loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'loading', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'buffering', following: 'following', ended: 'ended',
  },
  'a failure, to be tried again': {
    loading: 'failed', waiting: 'waiting', empty: 'failed', failed: 'failed', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'buffering', following: 'following', ended: 'ended',
  },
  'a failure for good': {
    loading: 'failed', waiting: 'failed', empty: 'failed', failed: 'failed', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'buffering', following: 'following', ended: 'ended',
  },
  'no events added': {
    loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'failed', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'buffering', following: 'following', ended: 'ended',
  },
  'a second added': {
    loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'failed', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'playing', following: 'following', ended: 'paused',
  },
  'a page, with more to load': {
    loading: 'loading', waiting: 'loading', empty: 'loading', failed: 'loading', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'buffering', following: 'following', ended: 'paused',
  },
  'a longer page, with more to load': {
    loading: 'loading', waiting: 'loading', empty: 'loading', failed: 'loading', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'playing', following: 'following', ended: 'paused',
  },
  'the last page': {
    loading: 'empty', waiting: 'empty', empty: 'empty', failed: 'empty', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'ended', following: 'following', ended: 'ended',
  },
  'the last page of a young recording': {
    loading: 'waiting', waiting: 'waiting', empty: 'waiting', failed: 'waiting', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'ended', following: 'following', ended: 'ended',
  },
  'the end of the feed': {
    loading: 'empty', waiting: 'empty', empty: 'empty', failed: 'failed', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'ended', following: 'following', ended: 'ended',
  },
  'the first snapshot': {
    loading: 'starting', waiting: 'starting', empty: 'starting', failed: 'starting', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'buffering', following: 'following', ended: 'ended',
  },
  'the first frame': {
    loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'failed', starting: 'playing',
    paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'buffering', following: 'following', ended: 'ended',
  },
  'the clock': {
    loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'failed', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'playing', buffering: 'buffering', following: 'following', ended: 'ended',
  },
  'the clock in an idle span': {
    loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'failed', starting: 'starting',
    paused: 'paused', playing: 'skipping', skipping: 'skipping', buffering: 'buffering', following: 'following', ended: 'ended',
  },
  'the clock at the end': {
    loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'failed', starting: 'starting',
    paused: 'paused', playing: 'ended', skipping: 'ended', buffering: 'buffering', following: 'following', ended: 'ended',
  },
  play: {
    loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'failed', starting: 'starting',
    paused: 'playing', playing: 'playing', skipping: 'skipping', buffering: 'buffering', following: 'following', ended: 'playing',
  },
  pause: {
    loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'failed', starting: 'starting',
    paused: 'paused', playing: 'paused', skipping: 'paused', buffering: 'paused', following: 'ended', ended: 'ended',
  },
  'a seek to the middle': {
    loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'failed', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'playing', buffering: 'playing', following: 'playing', ended: 'paused',
  },
  'a seek past the end': {
    loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'failed', starting: 'starting',
    paused: 'ended', playing: 'ended', skipping: 'ended', buffering: 'buffering', following: 'ended', ended: 'ended',
  },
  live: {
    loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'failed', starting: 'starting',
    paused: 'following', playing: 'following', skipping: 'following', buffering: 'following', following: 'following', ended: 'following',
  },
  retry: {
    loading: 'loading', waiting: 'waiting', empty: 'loading', failed: 'loading', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'skipping', buffering: 'buffering', following: 'following', ended: 'ended',
  },
  'another speed': UNCHANGED,
  'idle time not to be skipped': {
    loading: 'loading', waiting: 'waiting', empty: 'empty', failed: 'failed', starting: 'starting',
    paused: 'paused', playing: 'playing', skipping: 'playing', buffering: 'buffering', following: 'following', ended: 'ended',
  },
  'another view': UNCHANGED,
  'an event that cannot be drawn': UNCHANGED,
};

test.for(Object.entries(TABLE) as [EventName, Row][])('%s leads from each state to the one in the table', ([name, row]) => {
  const reached = columns.map((from) => [from, nextState(STATES[from], EVENTS[name]).name]);

  expect(Object.fromEntries(reached)).toEqual(row);
});

/** The state after these events, from a state of the table. */
function after(from: StateName | PlaybackState, ...events: (EventName | PlaybackEvent)[]): PlaybackState {
  const start: PlaybackState = typeof from === 'string' ? STATES[from] : from;
  return events.reduce((state, event) => nextState(state, typeof event === 'string' ? EVENTS[event] : event), start);
}

test('a pause before the first frame is not lost', () => {
  expect(after('starting', 'pause', 'the first frame')).toMatchObject({ name: 'paused', timeMs: 0 });
  expect(after('loading', 'pause', 'the first snapshot', 'the first frame')).toMatchObject({ name: 'paused' });
});

test('going live before the first frame is not lost, and a pause cancels it', () => {
  expect(after('loading', 'live', 'the first snapshot', 'the first frame')).toMatchObject({ name: 'following', timeMs: TOTAL_MS });
  expect(after('loading', 'live', 'pause', 'the first snapshot', 'the first frame').name).toBe('paused');
});

test('a seek before the first frame is not lost', () => {
  expect(after('starting', 'a seek to the middle', 'the first frame')).toMatchObject({ name: 'playing', timeMs: 3_000, targetMs: undefined });
  const wanted = { ...initialState('pause', 3_000) };
  expect(after(wanted, 'the first snapshot', 'the first frame')).toMatchObject({ name: 'paused', timeMs: 3_000 });
});

test('a wanted moment that is not loaded yet is shown when it is', () => {
  const waiting = after(initialState('pause', 20_000), 'the first snapshot', 'the first frame');
  expect(waiting).toMatchObject({ name: 'paused', timeMs: 0, targetMs: 20_000 });
  expect(after(waiting, 'a longer page, with more to load')).toMatchObject({ timeMs: 0, targetMs: 20_000 });

  expect(after(waiting, page({ loaded: 'partly', totalMs: 30_000 }))).toMatchObject({ name: 'paused', timeMs: 20_000, targetMs: undefined });
  expect(after(waiting, page({ loaded: 'fully', totalMs: 15_000 }))).toMatchObject({ name: 'ended', timeMs: 15_000 });
});

test.for(['play', 'a seek to the middle', 'live'] as const)('%s replaces a wanted moment that is not loaded yet', (press) => {
  const waiting = after(initialState('pause', 20_000), 'the first snapshot', 'the first frame');
  const { name, timeMs } = after(waiting, press);

  expect(after(waiting, press, page({ loaded: 'partly', totalMs: 30_000 }))).toMatchObject({ name, timeMs });
});

test('a seek past the loaded part during playback buffers, and playback continues', () => {
  const playing = { ...STATES.playing, loaded: 'partly' } as const;

  expect(after(playing, 'a seek past the end')).toMatchObject({ name: 'buffering', timeMs: TOTAL_MS });
  expect(after(playing, 'a seek past the end', 'a second added').name).toBe('playing');
  expect(after('buffering', 'a seek past the end', 'a second added').name).toBe('playing');
});

test('a paused player stays paused when more events arrive', () => {
  expect(after('buffering', 'pause', 'a second added')).toMatchObject({ name: 'paused', timeMs: TOTAL_MS });
});

test('the end of the loaded part is the end only when everything is loaded', () => {
  const playing = { ...STATES.playing, loaded: 'partly' } as const;
  expect(after(playing, 'the clock at the end').name).toBe('buffering');

  expect(after(playing, 'the clock at the end', 'the last page').name).toBe('ended');
});

test('playing again starts at the start', () => {
  expect(after('ended', 'play')).toMatchObject({ name: 'playing', timeMs: 0 });
  expect(after('paused', 'play')).toMatchObject({ name: 'playing', timeMs: 5_000 });
});

test('the next answer, page or retry clears an error', () => {
  const failed = after('playing', 'a failure for good');
  expect(failed.error).toBe('gone');

  for (const event of ['an answer', 'the last page', 'retry'] as const) expect(after(failed, event).error).toBeUndefined();
});

test('a live view waits for a recording however long it takes', () => {
  expect(after('loading', 'live', 'the last page').name).toBe('waiting');
});

test('events that cannot be read or drawn are counted', () => {
  expect(after('playing', page({ unreadable: 2 }), 'an event that cannot be drawn').faults).toBe(3);
});

test('a recording that is no longer polled is no longer live', () => {
  const { loaded, liveness } = after({ ...STATES.paused, loaded: 'live', liveness: 'live' }, 'the end of the feed');
  expect([loaded, liveness]).toEqual(['fully', 'lost']);
  expect(after({ ...STATES.paused, liveness: 'ended' }, 'the end of the feed').liveness).toBe('ended');
});

const LIVE = page({ mayGrow: true, loaded: 'live', liveness: 'live' });
const OVER = page({ mayGrow: true, liveness: 'ended' });
const opened = initialState('play', undefined, true);

test('a recording that is live is opened live, also if that is known late, unless the user chooses something else', () => {
  expect(after(opened, 'the first snapshot', LIVE, 'the first frame')).toMatchObject({ name: 'following', timeMs: TOTAL_MS });
  expect(after(opened, 'the first snapshot', 'a page, with more to load', 'the first frame', LIVE).name).toBe('following');
  expect(after(opened, 'the first snapshot', 'the last page', 'the first frame', LIVE)).toMatchObject({ name: 'playing', timeMs: 0 });
  const chosen = (['play', 'pause', 'a seek to the middle'] as const).map((press) => after(opened, 'the first snapshot', 'the first frame', press, LIVE).name);

  expect(chosen).toEqual(['playing', 'paused', 'playing']);
});

test('what is followed ends with its marks, and goes on if another page comes after all', () => {
  const following = after(opened, 'the first snapshot', LIVE, 'the first frame');
  const over = after(following, OVER);

  expect(over).toMatchObject({ name: 'ended', liveness: 'ended', loaded: 'fully', wasLive: true });
  expect(after(over, OVER, LIVE).name).toBe('following');
  expect(after(over, 'play', LIVE).name).toBe('playing');
  expect(after({ ...following, timeMs: TOTAL_MS - 10 }, OVER).name).toBe('playing');
});

test('a recording that is followed and lost is still followed', () => {
  const following = after(opened, 'the first snapshot', LIVE, 'the first frame');

  expect(after(following, page({ liveness: 'lost' }))).toMatchObject({ name: 'following', loaded: 'fully', liveness: 'lost' });
});

test('only the states before the first frame have `then`', () => {
  const withThen = columns.filter((name) => 'then' in STATES[name]);
  expect(withThen).toEqual(['loading', 'waiting', 'empty', 'failed', 'starting']);

  expect('then' in after('starting', 'the first frame')).toBe(false);
});
