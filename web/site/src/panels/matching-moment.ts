import type { Filters } from '../api/recordings';
import type { EventKind } from './event-rows';
import type { Rows } from './rows';

export type Panel = 'events' | 'console' | 'network' | 'details';

export interface Match {
  readonly atMs: number;
  /** `the first error`. */
  readonly what: string;
  /** Where its row is. */
  readonly panel: Panel;
}

/**
 * The first moment for which a recording fits the filters of a list; `undefined` if it fits as a whole, such as by its
 * browser, or the moment is not loaded. Of several filters, the one that says most of a moment counts; with an address,
 * a moment on such a page comes first.
 */
export function matchingMoment(filters: Filters, rows: Rows): Match | undefined {
  const first = candidates(filters, rows)[0];
  if (!first) return undefined;
  const { page } = filters;
  const found = (page && first.times.find((time) => addressAt(rows, time).includes(page))) || first.times[0];
  return found === undefined ? undefined : { atMs: Math.max(0, found - rows.startMs), what: first.what, panel: first.panel };
}

interface Candidate {
  readonly what: string;
  readonly panel: Panel;
  readonly times: readonly number[];
}

function candidates(filters: Filters, { events, console, network }: Rows): Candidate[] {
  const ofKind = (kind: EventKind, fits: (value: string) => boolean = () => true): number[] =>
    events.filter((row) => row.kind === kind && fits(row.value ?? '')).map(({ timestamp }) => timestamp);
  const found: Candidate[] = [];
  if (filters.errors) {
    const [thrown, said] = [ofKind('error'), console.filter(({ level }) => level === 'error').map(({ timestamp }) => timestamp)];
    const isThrown = thrown.length > 0 && (said.length === 0 || thrown[0]! <= said[0]!);
    found.push({ what: 'the first error', panel: isThrown || said.length === 0 ? 'events' : 'console', times: [...thrown, ...said].sort((a, b) => a - b) });
  }
  if (filters.failedRequests) found.push({ what: 'the first failed request', panel: 'network', times: network.filter(({ failed }) => failed).map(({ timestamp }) => timestamp) });
  if (filters.rageClicks) found.push({ what: 'the first rage click', panel: 'events', times: ofKind('rage') });
  if (filters.deadClicks) found.push({ what: 'the first dead click', panel: 'events', times: ofKind('dead') });
  const { event, page } = filters;
  if (event) found.push({ what: `the first event “${event.slice(0, 100)}”`, panel: 'events', times: ofKind('event', (name) => name === event) });
  if (page) found.push({ what: `the first page with “${page.slice(0, 100)}”`, panel: 'events', times: ofKind('page', (href) => href.includes(page)) });
  return found.filter(({ times }) => times.length > 0);
}

/** The address of the page at a time. */
function addressAt({ events }: Rows, timestamp: number): string {
  return events.findLast((row) => row.kind === 'page' && row.timestamp <= timestamp)?.value ?? '';
}
