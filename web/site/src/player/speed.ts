import type { Span } from './timeline';

export const SPEEDS = [0.5, 1, 2, 4, 8] as const;

/** An idle span is played in this time, however long it is. */
const IDLE_PLAYED_IN_MS = 700;
/** New events of a live recording are played in this time, instead of in one leap. */
const CATCH_UP_IN_MS = 500;

export interface SpeedSettings {
  readonly idle: readonly Span[];
  readonly skipIdle: boolean;
  readonly speed: number;
}

/** The idle span that is skipped at a moment, if any. */
export function skippedSpan(timeMs: number, { idle, skipIdle }: SpeedSettings): Span | undefined {
  return skipIdle ? idle.find(({ fromMs, toMs }) => fromMs <= timeMs && timeMs < toMs) : undefined;
}

/** The speed at a moment: the chosen one, or more within an idle span. */
export function speedAt(timeMs: number, settings: SpeedSettings): number {
  const span = skippedSpan(timeMs, settings);
  return span ? Math.max(settings.speed, (span.toMs - span.fromMs) / IDLE_PLAYED_IN_MS) : settings.speed;
}

/** The speed that catches up with a live recording; 0 when there is nothing to catch up with. */
export function catchUpSpeed(behindMs: number): number {
  return behindMs <= 0 ? 0 : Math.max(1, behindMs / CATCH_UP_IN_MS);
}
