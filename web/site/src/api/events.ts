import type { Api } from './client';

export interface EventsPage {
  /** One event each, as JSON. */
  readonly lines: readonly string[];
  /** Asks for what follows, at once or later. */
  readonly nextCursor: string;
  /** Whether anything follows now. */
  readonly hasMore: boolean;
  /** All gaps so far, as `3-5,9`; empty without any. */
  readonly missing: string;
  /** Lines, batches and envelopes of this page that the API could not read. */
  readonly skipped: number;
  /** Whether the newest batches are in. */
  readonly tail: string;
}

/** The next events of a recording, from its begin without a cursor. */
export async function getEvents(
  api: Api,
  recordingId: string,
  { cursor, signal }: { cursor?: string | undefined; signal?: AbortSignal | undefined } = {},
): Promise<EventsPage> {
  const query = cursor === undefined ? '' : `?${new URLSearchParams({ cursor })}`;
  const answer = await api(`/recordings/${encodeURIComponent(recordingId)}/events${query}`, {
    headers: { Accept: 'application/gzip' }, // the largest pages, gzipped on the way
    signal: signal ?? null,
  });
  const text = await answer.text();
  return {
    lines: text.split('\n').filter(Boolean),
    nextCursor: answer.headers.get('Next-Cursor') ?? '',
    hasMore: answer.headers.get('Has-More') === 'true',
    missing: answer.headers.get('Missing-Sequences') ?? '',
    skipped: Number(answer.headers.get('Events-Skipped')) || 0,
    tail: answer.headers.get('Tail') ?? '',
  };
}
