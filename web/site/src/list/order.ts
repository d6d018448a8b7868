import type { SiteRecording } from 'contract';
import type { Trouble } from '../routing/filters';
import type { Sort } from '../routing/list-view';

/** How much of what a list loads there is; a recording without a fact counts as nothing of it. */
export interface Totals extends Readonly<Record<Trouble, number>> {
  readonly recordings: number;
  readonly durationMs: number;
}

const RANKS: Readonly<Record<Exclude<Sort, 'newest'>, (recording: SiteRecording) => number>> = {
  longest: ({ durationMs = -1 }) => durationMs,
  errors: ({ errors = -1 }) => errors,
};

/** Recordings, which are given newest first, in this order; those without the fact that it goes by are last. */
export function inOrder(recordings: readonly SiteRecording[], sort: Sort): readonly SiteRecording[] {
  if (sort === 'newest') return recordings;
  const rank = RANKS[sort];
  return [...recordings].sort((a, b) => rank(b) - rank(a)); // stable: the newer one first
}

export function totalsOf(recordings: readonly SiteRecording[]): Totals {
  const sum = (name: 'durationMs' | Trouble): number =>
    recordings.reduce((total, { [name]: count = 0 }) => total + count, 0);
  return {
    recordings: recordings.length,
    durationMs: sum('durationMs'),
    errors: sum('errors'),
    failedRequests: sum('failedRequests'),
    rageClicks: sum('rageClicks'),
    deadClicks: sum('deadClicks'),
  };
}
