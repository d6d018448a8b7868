import type { Size } from './stage';
import type { Mark, Span } from './timeline';

export interface PlaybackState {
  /**
   * `loading` the first events; `waiting` for a recording that has just begun; `ready` to be watched; `nothing` in it
   * can be; `failed`, see `error`.
   */
  readonly phase: 'loading' | 'waiting' | 'ready' | 'nothing' | 'failed';
  /** Why the events, or the rest of them, could not be loaded. */
  readonly error: unknown;
  /** Whether the replayed page stands: the poster may go. */
  readonly hasFrame: boolean;
  readonly playing: boolean;
  /** It plays, and waits for events that are still to be loaded. */
  readonly buffering: boolean;
  readonly timeMs: number;
  /** Of what is loaded. */
  readonly totalMs: number;
  /** Whether that is all up to now. */
  readonly loadedAll: boolean;
  readonly speed: number;
  readonly skipIdle: boolean;
  /** Whether it goes fast at the moment, because nobody did anything. */
  readonly skipping: boolean;
  /** Whether it is being recorded now. */
  readonly isLive: boolean;
  /** Whether the newest moment is shown, and will be. */
  readonly following: boolean;
  readonly size: Size;
  readonly marks: readonly Mark[];
  readonly idle: readonly Span[];
  readonly activity: readonly number[];
  /** Whether the newest batches, not yet delivered, are in. */
  readonly tail: string;
  /** Events that could not be read or drawn. */
  readonly faults: number;
}

export const INITIAL: PlaybackState = {
  phase: 'loading',
  error: undefined,
  hasFrame: false,
  playing: false,
  buffering: false,
  timeMs: 0,
  totalMs: 0,
  loadedAll: false,
  speed: 1,
  skipIdle: true,
  skipping: false,
  isLive: false,
  following: false,
  size: { width: 1280, height: 720 },
  marks: [],
  idle: [],
  activity: [],
  tail: '',
  faults: 0,
};

export const SPEEDS = [0.5, 1, 2, 4, 8] as const;

/** How fast to go at a moment, so that no idle span takes longer than a moment itself. */
export function speedAt(timeMs: number, { idle, skipIdle, speed }: Pick<PlaybackState, 'idle' | 'skipIdle' | 'speed'>) {
  if (!skipIdle) return { speed, skipping: false };
  const span = idle.find(({ fromMs, toMs }) => fromMs <= timeMs && timeMs < toMs);
  if (!span) return { speed, skipping: false };
  return { speed: Math.max(speed, (span.toMs - span.fromMs) / IDLE_TAKES_MS), skipping: true };
}

const IDLE_TAKES_MS = 700;

/** How fast to go live, so that what has just come is shown within a moment, and not in one leap. */
export function liveSpeed(behindMs: number): number {
  return behindMs <= 0 ? 0 : Math.max(1, behindMs / LIVE_TAKES_MS);
}

const LIVE_TAKES_MS = 500;
