import type { ListQuery, SiteRecording, SiteRecordingPage } from 'contract';
import type { Api } from './client';
import { listRecordings } from './recordings';

/** What a list is narrowed to. A filter that is `undefined` or empty is none. */
export type Filters = Omit<ListQuery, 'limit' | 'cursor'>;

export interface Search {
  readonly filters: Filters;
  /** The number of recordings to find. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly cursor?: string | undefined;
  /** Ends the search after the answer that is awaited; what was found until then is kept. */
  readonly stop?: AbortSignal | undefined;
  /** Called with all that was found so far, after each answer. */
  readonly onProgress?: ((soFar: SiteRecordingPage) => void) | undefined;
}

/**
 * A page of recordings that fit: full, unless the list has no more or the search was stopped. An answer of the API may
 * hold few of them, or none, although there are more. `lookedThrough` is the sum of all answers.
 */
export async function findRecordings(
  api: Api,
  { filters, limit, cursor, stop, onProgress }: Search,
  signal: AbortSignal,
): Promise<SiteRecordingPage> {
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
  let found: readonly SiteRecording[] = [];
  let lookedThrough = 0;
  let next = cursor;
  for (;;) {
    const page = await listRecordings(api, { ...given, limit: `${limit - found.length}`, cursor: next }, signal);
    found = [...found, ...page.recordings];
    lookedThrough += page.lookedThrough;
    next = page.nextCursor;
    const soFar = { recordings: found, lookedThrough, ...(next === undefined ? {} : { nextCursor: next }) };
    onProgress?.(soFar);
    if (found.length >= limit || next === undefined || stop?.aborted) return soFar;
  }
}
