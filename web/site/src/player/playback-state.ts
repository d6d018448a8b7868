import type { Liveness } from '../api/liveness';
import { NO_ROWS, type Rows } from '../panels/rows';
import { type Absent, NOTHING_ABSENT } from './absent-resources';
import type { SpeedSettings } from './speed';
import type { Mark } from './timeline';
import { type View, wholeView } from './view';

/** What the player does once the first frame is drawn. */
export type Then = 'play' | 'pause' | 'follow';

/** No frame of the recorded page is drawn yet. `then` remembers what was asked for meanwhile. */
type BeforeFirstFrame =
  /** The first events are being loaded. */
  | { readonly name: 'loading'; readonly then: Then }
  /** The recording has just started and holds no full snapshot yet; the player keeps asking for one. */
  | { readonly name: 'waiting'; readonly then: Then }
  /** Everything is loaded, and none of it can be played. */
  | { readonly name: 'empty'; readonly then: Then }
  /** The first events could not be loaded: `error` says why. */
  | { readonly name: 'failed'; readonly then: Then }
  /** The first full snapshot has arrived and is being drawn. */
  | { readonly name: 'starting'; readonly then: Then };

type AfterFirstFrame =
  /** Stopped before the end of the recording. */
  | { readonly name: 'paused' }
  /** The clock runs at the chosen speed. */
  | { readonly name: 'playing' }
  /** The clock runs fast through a span in which the user did nothing. */
  | { readonly name: 'skipping' }
  /** Everything loaded was played; it goes on by itself when more events arrive. */
  | { readonly name: 'buffering' }
  /** Shows the newest moment of a recording as it arrives. */
  | { readonly name: 'following' }
  /** Stopped at the end of the recording, of which everything is loaded. */
  | { readonly name: 'ended' };

export interface PlaybackData extends SpeedSettings {
  readonly timeMs: number;
  /** Length of the loaded part. */
  readonly totalMs: number;
  /** A moment to show as soon as it is loaded. */
  readonly targetMs: number | undefined;
  /** How much of the recording is loaded: a part; all of it; all so far, since it is still being recorded. */
  readonly loaded: 'partly' | 'fully' | 'live';
  /** What the loaded part says of the end of the recording. */
  readonly liveness: Liveness;
  /** Whether it was live at any time since it was opened: then its end is news. */
  readonly wasLive: boolean;
  /** Whether it is followed as soon as it is live, unless the user does something else before. */
  readonly followsLive: boolean;
  /** Why the last request for events failed; `undefined` after a success. */
  readonly error: unknown;
  readonly view: View;
  readonly marks: readonly Mark[];
  readonly activity: readonly number[];
  /** Whether the newest batches, not yet delivered, are included. */
  readonly tail: string;
  /** Number of events that could not be read or drawn. */
  readonly faults: number;
  /** Pictures, fonts and style sheets of other hosts that are not shown. */
  readonly absent: Absent;
  /** Of the panels beside the player. */
  readonly rows: Rows;
}

export type PlaybackState = PlaybackData & (BeforeFirstFrame | AfterFirstFrame);
export type StateName = PlaybackState['name'];

/** The state with that name. */
export type StateNamed<S extends StateName> = Extract<PlaybackState, { readonly name: S }>;

export function initialState(then: Then, targetMs?: number, followsLive = false): StateNamed<'loading'> {
  return {
    name: 'loading',
    then,
    timeMs: 0,
    totalMs: 0,
    targetMs,
    loaded: 'partly',
    liveness: 'lost',
    wasLive: false,
    followsLive,
    error: undefined,
    speed: 1,
    skipIdle: true,
    idle: [],
    view: wholeView({ width: 1280, height: 720 }),
    marks: [],
    activity: [],
    tail: '',
    faults: 0,
    absent: NOTHING_ABSENT,
    rows: NO_ROWS,
  };
}

type BeforeFirstFrameState = PlaybackData & BeforeFirstFrame;
type AfterFirstFrameState = PlaybackData & AfterFirstFrame;

/** Whether there is no frame of the recorded page yet. */
export function isBeforeFirstFrame(state: PlaybackState): state is BeforeFirstFrameState {
  return 'then' in state;
}

/** Whether the player can be operated. */
export function isReady(state: PlaybackState): state is AfterFirstFrameState {
  return !isBeforeFirstFrame(state);
}

/** Whether the clock runs. */
export function isMoving({ name }: PlaybackState): boolean {
  return name === 'playing' || name === 'skipping' || name === 'following';
}

/** Whether it plays, or will as soon as it can: a press of the button pauses it. */
export function isRunning(state: PlaybackState): boolean {
  return isMoving(state) || state.name === 'buffering';
}

/** Whether it follows the newest moment, or will as soon as it can. */
export function isFollowing(state: PlaybackState): boolean {
  return isBeforeFirstFrame(state) ? state.then === 'follow' : state.name === 'following';
}
