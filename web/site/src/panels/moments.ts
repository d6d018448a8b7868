import type { Rows } from './rows';

/** What the timeline marks, the most important first. */
export const MOMENT_KINDS = ['error', 'request', 'rage', 'event', 'click'] as const;
export type MomentKind = (typeof MOMENT_KINDS)[number];

export interface Moment {
  /** From the start of the recording. */
  readonly atMs: number;
  readonly kind: MomentKind;
  readonly text: string;
}

/** What went wrong. */
export const TROUBLE: readonly MomentKind[] = ['error', 'request', 'rage'];
/** Kinds of rows, where they have another name here. */
const OF_EVENTS: Partial<Record<string, MomentKind>> = { error: 'error', rage: 'rage', dead: 'rage', event: 'event', click: 'click' };

/** The moments of a recording that its watcher may look for, in order of time. */
export function momentsOf({ events, console, network, startMs }: Rows): readonly Moment[] {
  const at = (timestamp: number): number => Math.max(0, timestamp - startMs);
  return [
    ...events.flatMap(({ timestamp, kind, text }): Moment[] => {
      const found = OF_EVENTS[kind];
      return found ? [{ atMs: at(timestamp), kind: found, text }] : [];
    }),
    ...console.flatMap(({ timestamp, level, text }): Moment[] => (level === 'error' ? [{ atMs: at(timestamp), kind: 'error', text }] : [])),
    ...network.flatMap(({ timestamp, failed, method, text }): Moment[] => (failed ? [{ atMs: at(timestamp), kind: 'request', text: `${method} ${text} failed` }] : [])),
  ].sort((a, b) => a.atMs - b.atMs);
}

/** The next moment of one of these kinds after a time, or the last before it; `undefined` without one. */
export function momentBeside(moments: readonly Moment[], kinds: readonly MomentKind[], timeMs: number, isBack: boolean): Moment | undefined {
  const fits = ({ kind, atMs }: Moment): boolean => kinds.includes(kind) && (isBack ? atMs < timeMs : atMs > timeMs);
  return isBack ? moments.findLast(fits) : moments.find(fits);
}

/** At most one moment of each kind in each of so many parts of the timeline. */
export function thinned(moments: readonly Moment[], partOf: (atMs: number) => number): readonly Moment[] {
  const seen = new Set<string>();
  return moments.filter(({ kind, atMs }) => {
    const place = `${kind} ${partOf(atMs)}`;
    return !seen.has(place) && seen.add(place);
  });
}
