import type { Filters } from '../api/recordings';

/** What goes wrong in a visit, in the order of the list's buttons. */
export const TROUBLES = ['errors', 'failedRequests', 'rageClicks', 'deadClicks'] as const;
export type Trouble = (typeof TROUBLES)[number];
/** What is looked for as a text. */
export const TEXTS = ['page', 'user', 'visitor', 'tag', 'event'] as const;
const NAMES: readonly (keyof Filters)[] = [...TROUBLES, ...TEXTS, 'from', 'to', 'minDurationMs', 'browser', 'device'];

/** The filters that the query of an address names, as the API does. */
export function filtersOf(search: string): Filters {
  const given = new URLSearchParams(search);
  return Object.fromEntries(NAMES.flatMap((name) => (given.get(name) ? [[name, given.get(name)]] : [])));
}

/** The query that names these filters, always in the same order; empty without any. */
export function searchOf(filters: Filters): string {
  return queryOf(NAMES.map((name) => [name, filters[name]]));
}

/** The query with these parameters, without those that are empty. */
export function queryOf(parameters: readonly (readonly [name: string, value: string | undefined])[]): string {
  const given = parameters.flatMap(([name, value]) => (value ? [[name, value] as [string, string]] : []));
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}

export function isFiltered(filters: Filters): boolean {
  return Object.values(filters).some(Boolean);
}
