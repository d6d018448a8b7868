import type { Span } from './timeline';

/** An idle span of at least this length is drawn shorter than it is. */
export const LEAST_GAP_MS = 5 * 60_000;
/** What one gap takes of the bar, and what all take together, at most. */
const SHARE_OF_ONE = 0.08;
const SHARE_OF_ALL = 0.4;

/** Where the moments of a recording lie on the bar, whose positions count from 0 to `length`. */
export interface Bar {
  readonly length: number;
  /** Long spans without activity, which take less of the bar than of the recording. */
  readonly gaps: readonly Span[];
  readonly positionOf: (timeMs: number) => number;
  readonly timeAt: (position: number) => number;
}

/** A bar on which hours without activity leave room for the rest. Without any, a position is a time in milliseconds. */
export function createBar(totalMs: number, idle: readonly Span[]): Bar {
  const gaps = idle.filter(({ fromMs, toMs }) => toMs - fromMs >= LEAST_GAP_MS);
  const lengthOf = ({ fromMs, toMs }: Span): number => toMs - fromMs;
  const activeMs = totalMs - gaps.reduce((sum, gap) => sum + lengthOf(gap), 0);
  const share = Math.min(SHARE_OF_ONE, SHARE_OF_ALL / gaps.length);
  const longest = (activeMs * share) / (1 - gaps.length * share);
  const drawn = (gap: Span): number => Math.min(lengthOf(gap), longest);
  const length = activeMs + gaps.reduce((sum, gap) => sum + drawn(gap), 0);

  function positionOf(timeMs: number): number {
    let less = 0;
    for (const gap of gaps) {
      if (timeMs <= gap.fromMs) break;
      const part = Math.min(1, (timeMs - gap.fromMs) / lengthOf(gap));
      less += part * (lengthOf(gap) - drawn(gap));
    }
    return timeMs - less;
  }

  function timeAt(position: number): number {
    let less = 0;
    for (const gap of gaps) {
      const into = position + less - gap.fromMs;
      if (into <= 0) break;
      const part = Math.min(1, into / drawn(gap));
      less += part * (lengthOf(gap) - drawn(gap));
    }
    return Math.min(totalMs, position + less);
  }

  return { length, gaps, positionOf, timeAt };
}

/** Where a step leads: one into a gap goes on to its other end. */
export function steppedOver(fromMs: number, toMs: number, idle: readonly Span[]): number {
  const gap = idle.find((span) => span.toMs - span.fromMs >= LEAST_GAP_MS && span.fromMs < toMs && toMs < span.toMs);
  if (!gap) return toMs;
  return toMs > fromMs ? gap.toMs : gap.fromMs;
}
