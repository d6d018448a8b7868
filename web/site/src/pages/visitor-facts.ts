import type { SiteRecording } from 'contract';

const SHORT_ID = 8;

/** An id short enough for a list: the first part of a UUID. */
export function shortId(id: string): string {
  return id.slice(0, SHORT_ID);
}

/** What is known of a recording's visitor, in the order of its importance, for a line of the list. */
export function visitorLine({ visitorId, user, pages = [], errors = 0 }: SiteRecording): string {
  const visitor = user || (visitorId ? `Visitor ${shortId(visitorId)}` : '');
  return [visitor, pages.length > 0 ? counted(pages.length, 'page') : '', errors > 0 ? counted(errors, 'error') : '']
    .filter(Boolean)
    .join(' · ');
}

/** What the visitor's browser said of the visit, as names and values; empty without any. */
export function visitFacts(recording: SiteRecording): [string, string][] {
  const { visitorId = '', user = '', device = '', pages = [], tags = [], events = [] } = recording;
  const counts = [
    ['Clicks', recording.clicks],
    ['Rage clicks', recording.rageClicks],
    ['Dead clicks', recording.deadClicks],
    ['Errors', recording.errors],
    ['Failed requests', recording.failedRequests],
  ] as const;
  const facts: [string, string][] = [
    ['Visitor', visitorId],
    ['User', user],
    ['Device', device],
    ['Pages', pages.length > 0 ? String(pages.length) : ''],
    ...counts.map(([name, count]): [string, string] => [name, count ? String(count) : '']),
    ['Tags', tags.join(', ')],
    ['Events', events.join(', ')],
  ];
  return facts.filter(([, value]) => value);
}

/** The length to show: what the visitor's browser said at the end, if the loaded part is not longer. */
export function lengthOf(recording: SiteRecording, loaded: { durationMs: number; atLeast: boolean } | undefined) {
  const { durationMs } = recording;
  if (durationMs === undefined || (loaded && !loaded.atLeast && loaded.durationMs >= durationMs)) return loaded;
  if (loaded && loaded.durationMs > durationMs) return loaded;
  return { durationMs, atLeast: false };
}

/** Whether a recording has a text in its title, its addresses, or what is known of its visitor. */
export function hasText(recording: SiteRecording, text: string): boolean {
  const { pageTitle = '', pageUrl = '', visitorId = '', user = '', pages = [] } = recording;
  return [pageTitle, pageUrl, visitorId, user, ...pages].join(' ').toLowerCase().includes(text.trim().toLowerCase());
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
