import type { PlaybackEvent } from './next-state';
import { type PlaybackState, isBeforeFirstFrame, isMoving } from './playback-state';

export type StageCommand =
  | { readonly type: 'play'; readonly atMs: number }
  /** Without `atMs`, where it is. */
  | { readonly type: 'pause'; readonly atMs?: number };

/** What the stage has to do for a transition; `undefined` for nothing. */
export function stageCommand(before: PlaybackState, event: PlaybackEvent, after: PlaybackState): StageCommand | undefined {
  if (isBeforeFirstFrame(after)) return undefined;
  const jumps = event.type !== 'clock' && after.timeMs !== before.timeMs;
  const enters = after.name !== before.name;
  const afterLastEventMs = after.totalMs + 1; // so that the events at the very end are applied, too
  switch (after.name) {
    case 'following':
      return enters || jumps ? { type: 'play', atMs: afterLastEventMs } : undefined;
    case 'playing':
    case 'skipping':
      return jumps || !isMoving(before) ? { type: 'play', atMs: after.timeMs } : undefined;
    case 'ended':
      return enters || jumps ? { type: 'pause', atMs: afterLastEventMs } : undefined;
    case 'buffering':
    case 'paused':
      if (jumps) return { type: 'pause', atMs: after.timeMs >= after.totalMs ? afterLastEventMs : after.timeMs };
      return isMoving(before) ? { type: 'pause' } : undefined;
  }
}
