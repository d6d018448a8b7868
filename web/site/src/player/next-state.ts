import {
  type PlaybackData,
  type PlaybackState,
  type StateName,
  type StateNamed,
  isBeforeFirstFrame,
  isFollowing,
  isMoving,
  isReady,
  isRunning,
} from './playback-state';
import { skippedSpan } from './speed';
import type { View } from './view';

/** Events of a longer time, and no snapshot among them: there will hardly be one soon. */
const LONGEST_BEGINNING_MS = 60_000;

/** What a page of events, now parsed, adds to the state. */
export type PageFacts = Pick<
  PlaybackData,
  'totalMs' | 'loaded' | 'liveness' | 'marks' | 'idle' | 'activity' | 'tail' | 'absent' | 'rows'
> & {
  /** Number of its events that could not be read. */
  readonly unreadable: number;
  /** Whether more may be recorded soon. */
  readonly mayGrow: boolean;
};

export type PlaybackEvent =
  /** The API returned a page of events, which is still to be parsed. */
  | { readonly type: 'answered' }
  /** A request for events failed. */
  | { readonly type: 'read-failed'; readonly error: unknown; readonly willRetry: boolean }
  /** Some events of a page were added to the recording. */
  | { readonly type: 'events-added'; readonly totalMs: number }
  /** All events of a page were added. */
  | { readonly type: 'page-read'; readonly facts: PageFacts }
  /** The API will not be asked for more. */
  | { readonly type: 'feed-ended' }
  /** The first full snapshot is among the events. */
  | { readonly type: 'snapshot-arrived'; readonly totalMs: number }
  /** It is drawn, as far as it can be. */
  | { readonly type: 'first-frame' }
  /** The clock moved. */
  | { readonly type: 'clock'; readonly timeMs: number; readonly totalMs: number }
  | { readonly type: 'play-pressed' }
  | { readonly type: 'pause-pressed' }
  | { readonly type: 'seek'; readonly atMs: number }
  | { readonly type: 'live-pressed' }
  | { readonly type: 'retry-pressed' }
  | { readonly type: 'speed-set'; readonly speed: number }
  | { readonly type: 'skip-idle-set'; readonly skipIdle: boolean }
  /** Another part of the page is seen, or the page has another size. */
  | { readonly type: 'view-changed'; readonly view: View }
  /** An event could not be drawn. */
  | { readonly type: 'event-failed' };

/** What the user does to decide which moment is shown. */
const CHOICES: readonly PlaybackEvent['type'][] = ['play-pressed', 'pause-pressed', 'seek', 'live-pressed'];

/** The state after an event. */
export function nextState(before: PlaybackState, event: PlaybackEvent): PlaybackState {
  const state = before.followsLive && CHOICES.includes(event.type) ? { ...before, followsLive: false } : before;
  switch (event.type) {
    case 'answered':
      return { ...(state.name === 'failed' ? named(state, 'loading') : state), error: undefined };
    case 'read-failed':
      return { ...(failsBy(state, event.willRetry) ? named(state, 'failed') : state), error: event.error };
    case 'events-added':
      return settled({ ...state, totalMs: event.totalMs });
    case 'page-read':
      return pageRead(state, event.facts);
    case 'feed-ended':
      if (state.name === 'loading' || state.name === 'waiting') return named(state, 'empty');
      return settled({ ...state, loaded: 'fully', liveness: state.liveness === 'live' ? 'lost' : state.liveness });
    case 'snapshot-arrived':
      return isBeforeFirstFrame(state) ? { ...named(state, 'starting'), totalMs: event.totalMs } : state;
    case 'first-frame':
      return state.name === 'starting' ? started(state) : state;
    case 'clock':
      return isMoving(state) ? settled({ ...state, timeMs: event.timeMs, totalMs: event.totalMs }) : state;
    case 'play-pressed':
      return play(state);
    case 'pause-pressed':
      if (isBeforeFirstFrame(state)) return { ...state, then: 'pause' };
      return isRunning(state) ? named(state, stoppedName(state)) : state;
    case 'seek':
      return seek(state, event.atMs);
    case 'live-pressed':
      return follow(state);
    case 'retry-pressed':
      return { ...(state.name === 'failed' || state.name === 'empty' ? named(state, 'loading') : state), error: undefined };
    case 'speed-set':
      return { ...state, speed: event.speed };
    case 'skip-idle-set':
      return settled({ ...state, skipIdle: event.skipIdle });
    case 'view-changed':
      return { ...state, view: event.view };
    case 'event-failed':
      return { ...state, faults: state.faults + 1 };
  }
}

/** Without a snapshot, a failure is all there is to show; a recording that just started is simply asked again. */
function failsBy(state: PlaybackState, willRetry: boolean): boolean {
  if (!isBeforeFirstFrame(state) || state.name === 'starting') return false;
  return state.name !== 'waiting' || !willRetry;
}

function pageRead(state: PlaybackState, { unreadable, mayGrow, ...facts }: PageFacts): PlaybackState {
  const read = {
    ...state,
    ...facts,
    wasLive: state.wasLive || facts.loaded === 'live',
    followsLive: state.followsLive && (facts.loaded !== 'fully' || state.wasLive),
    faults: state.faults + unreadable,
    error: undefined,
  };
  if (isReady(read)) {
    if (read.followsLive && read.loaded === 'live') return follow(read);
    // Its end is played; if another page follows after all, that is live.
    if (read.name === 'following' && read.liveness === 'ended') return settled(named({ ...read, followsLive: true }, 'playing'));
    const { targetMs } = read;
    return targetMs !== undefined && isLoaded(targetMs, read) ? seek(read, targetMs) : settled(read);
  }
  if (read.name === 'starting') return read;
  if (read.loaded === 'partly') return named(read, 'loading');
  const mayBegin = read.faults === 0 && read.totalMs < LONGEST_BEGINNING_MS;
  return named(read, mayBegin && (mayGrow || isFollowing(read)) ? 'waiting' : 'empty');
}

/** The first frame is drawn: to the wanted moment if it is loaded, then do what was asked for. */
function started(state: StateNamed<'starting'>): PlaybackState {
  const { then, targetMs } = state;
  const arrives = targetMs !== undefined && isLoaded(targetMs, state);
  const there = arrives ? { ...state, timeMs: within(targetMs, state), targetMs: undefined } : state;
  if (then === 'follow' || (state.followsLive && state.loaded === 'live')) return follow(named(there, 'paused'));
  return then === 'play' ? play(named(there, 'paused')) : named(there, stoppedName(there));
}

function play(state: PlaybackState): PlaybackState {
  if (isBeforeFirstFrame(state)) return state.then === 'follow' ? state : { ...state, then: 'play' };
  if (isRunning(state)) return state;
  const from = { ...state, timeMs: state.name === 'ended' ? 0 : state.timeMs, targetMs: undefined };
  return named(from, runningName(from));
}

function seek(state: PlaybackState, atMs: number): PlaybackState {
  if (isBeforeFirstFrame(state)) return { ...state, targetMs: atMs, then: state.then === 'follow' ? 'play' : state.then };
  const there = { ...state, timeMs: within(atMs, state), targetMs: undefined };
  return named(there, isRunning(state) ? runningName(there) : stoppedName(there));
}

function follow(state: PlaybackState): PlaybackState {
  if (isBeforeFirstFrame(state)) return { ...state, then: 'follow', targetMs: undefined };
  return named({ ...state, timeMs: state.totalMs, targetMs: undefined, followsLive: false }, 'following');
}

/** The same state under the name that its data now call for. */
function settled(state: PlaybackState): PlaybackState {
  if (isBeforeFirstFrame(state) || state.name === 'following') return state;
  return named(state, isRunning(state) ? runningName(state) : stoppedName(state));
}

function runningName(data: PlaybackData): 'playing' | 'skipping' | 'buffering' | 'ended' {
  if (data.timeMs >= data.totalMs) return data.loaded === 'partly' ? 'buffering' : 'ended';
  return skippedSpan(data.timeMs, data) ? 'skipping' : 'playing';
}

function stoppedName({ timeMs, totalMs, loaded }: PlaybackData): 'paused' | 'ended' {
  return timeMs >= totalMs && loaded !== 'partly' ? 'ended' : 'paused';
}

function isLoaded(atMs: number, { totalMs, loaded }: PlaybackData): boolean {
  return loaded !== 'partly' || atMs < totalMs;
}

function within(atMs: number, { totalMs }: PlaybackData): number {
  return Math.min(Math.max(0, atMs), totalMs);
}

/** The state by another name; `then` exists only before the first frame. */
function named(state: PlaybackState, name: StateName): PlaybackState {
  if (state.name === name) return state;
  const { then, ...rest } = { then: 'pause' as const, ...state };
  switch (name) {
    case 'loading':
    case 'waiting':
    case 'empty':
    case 'failed':
    case 'starting':
      return { ...rest, name, then };
    default:
      return { ...rest, name };
  }
}
