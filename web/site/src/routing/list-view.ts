import type { Filters } from '../api/recordings';
import { encodedAsRecorded } from '../ui/words';
import { filtersOf, queryOf, searchOf } from './filters';

/** Spans of time that move with the clock: how many days before today each begins, and how many of them it has. */
const SINCES = { today: [0, Infinity], yesterday: [1, 1], '7d': [6, Infinity], '30d': [29, Infinity] } as const;
const SORTS = ['newest', 'longest', 'errors'] as const;
const DENSITIES = ['cards', 'rows'] as const;

export type Since = keyof typeof SINCES;
export type Sort = (typeof SORTS)[number];
export type Density = (typeof DENSITIES)[number];

/** What an address says of a list. */
export interface ListView {
  readonly filters: Filters;
  /** In place of the filter `from`, and of `to` where the span has an end: they do not move with the clock. */
  readonly since?: Since | undefined;
  readonly sort: Sort;
  /** @default the one that this browser's user has chosen last */
  readonly density?: Density | undefined;
}

/** The list that the query of an address names. What is no such thing is not given. */
export function listViewOf(search: string): ListView {
  const given = new URLSearchParams(search);
  const since = oneOf(Object.keys(SINCES) as Since[], given.get('since'));
  const density = oneOf(DENSITIES, given.get('density'));
  const filters = filtersOf(search);
  for (const replaced of since === undefined ? [] : Object.keys(spanOf(since, 0))) delete filters[replaced as 'from' | 'to'];
  return {
    filters,
    sort: oneOf(SORTS, given.get('sort')) ?? 'newest',
    ...(since === undefined ? {} : { since }),
    ...(density === undefined ? {} : { density }),
  };
}

/** The query that names this list, always in the same order; empty for the newest recordings without a filter. */
export function searchOfView({ filters, since, sort, density }: ListView): string {
  const look = queryOf([
    ['since', since],
    ['sort', sort === 'newest' ? undefined : sort],
    ['density', density],
  ]);
  return [searchOf(filters), look].filter(Boolean).join('').replace(/(?!^)\?/, '&');
}

/** What the API is asked for this list: times by the clock of now, where days begin at midnight, and addresses as the recorder writes them. */
export function askedOf({ filters, since }: ListView, nowMs: number): Filters {
  return {
    ...filters,
    ...(filters.page ? { page: encodedAsRecorded(filters.page) } : {}),
    ...(since === undefined ? {} : spanOf(since, nowMs)),
  };
}

/** The filters that a span is by the clock of now. */
export function spanOf(since: Since, nowMs: number): Pick<Filters, 'from' | 'to'> {
  const [daysAgo, days] = SINCES[since];
  return { from: `${midnight(nowMs, daysAgo)}`, ...(days === Infinity ? {} : { to: `${midnight(nowMs, daysAgo - days) - 1}` }) };
}

/** When the day began that was this many days ago. */
function midnight(nowMs: number, daysAgo: number): number {
  const day = new Date(nowMs);
  day.setDate(day.getDate() - daysAgo); // not a multiple of 24 hours, where the clock changes
  return day.setHours(0, 0, 0, 0);
}

function oneOf<T extends string>(known: readonly T[], value: string | null): T | undefined {
  return known.find((one) => one === value);
}
