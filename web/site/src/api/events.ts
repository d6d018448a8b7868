import type { Api } from './client';

export interface EventsPage {
  /** One event each, as JSON. */
  readonly lines: readonly string[];
  /** Requests the events that follow, now or later. */
  readonly nextCursor: string;
  /** Whether more events are stored already. */
  readonly hasMore: boolean;
  /** All gaps so far, as `3-5,9`; empty without any. */
  readonly missing: string;
  /** Lines, batches and envelopes of this page that the API could not read. */
  readonly skipped: number;
  /** Whether the newest batches are included. */
  readonly tail: string;
}

interface EventsOptions {
  readonly cursor?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The next events of a recording; without a cursor, the first ones. An event that spans several pages is put together. */
export async function getEvents(api: Api, recordingId: string, options: EventsOptions = {}): Promise<EventsPage> {
  const texts: string[] = [];
  let skipped = 0;
  let page = await getPage(api, recordingId, options);
  for (;;) {
    texts.push(page.text);
    skipped += page.skipped;
    if (page.text === '' || page.text.endsWith('\n') || !page.hasMore) break;
    page = await getPage(api, recordingId, { ...options, cursor: page.nextCursor });
  }
  const { text: _, ...last } = page;
  return { ...last, skipped, lines: texts.join('').split('\n').filter(Boolean) };
}

export type EventsReader = (cursor: string | undefined, signal: AbortSignal) => Promise<EventsPage>;

/** The first pages that are under way: React may start to render a page again, and creates its reader again then. */
const underWay = new WeakMap<Api, Map<string, Promise<EventsPage>>>();

function requestFirst(api: Api, recordingId: string): Promise<EventsPage> {
  const pages = underWay.get(api) ?? new Map<string, Promise<EventsPage>>();
  underWay.set(api, pages);
  const first = pages.get(recordingId) ?? getEvents(api, recordingId);
  pages.set(recordingId, first);
  const end = () => void pages.delete(recordingId);
  first.then(end, end); // the reader's first call rejects with it
  return first;
}

/** Reads a recording page by page. The first page is requested at once, ahead of the first call. */
export function createEventsReader(api: Api, recordingId: string): EventsReader {
  let first: Promise<EventsPage> | undefined = requestFirst(api, recordingId);
  return (cursor, signal) => {
    const asked = cursor === undefined ? first : undefined;
    first = undefined;
    return asked ?? getEvents(api, recordingId, { cursor, signal });
  };
}

/** The answer to a request for the next events, with an unread body. */
export function askForEvents(api: Api, recordingId: string, { cursor, signal }: EventsOptions): Promise<Response> {
  const query = cursor === undefined ? '' : `?${new URLSearchParams({ cursor })}`;
  return api(`/recordings/${encodeURIComponent(recordingId)}/events${query}`, {
    headers: { Accept: 'application/gzip' }, // gzipped pages are the largest
    signal: signal ?? null,
  });
}

async function getPage(
  api: Api,
  recordingId: string,
  options: EventsOptions,
): Promise<Omit<EventsPage, 'lines'> & { text: string }> {
  const answer = await askForEvents(api, recordingId, options);
  return {
    text: await answer.text(),
    nextCursor: answer.headers.get('Next-Cursor') ?? '',
    hasMore: answer.headers.get('Has-More') === 'true',
    missing: answer.headers.get('Missing-Sequences') ?? '',
    skipped: Number(answer.headers.get('Events-Skipped')) || 0,
    tail: answer.headers.get('Tail') ?? '',
  };
}
