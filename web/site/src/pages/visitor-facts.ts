import type { SiteRecording } from 'contract';
import { TROUBLES, type Trouble } from '../routing/filters';
import { counted } from '../ui/words';

const SHORT_ID = 8;
const TROUBLE_WORDS = { errors: 'error', failedRequests: 'failed request', rageClicks: 'rage click', deadClicks: 'dead click' } as const;

/** An id short enough for a list: the first part of a UUID. */
export function shortId(id: string): string {
  return id.slice(0, SHORT_ID);
}

/** What a recording is called. */
export function titleOf({ pageTitle }: SiteRecording): string {
  return pageTitle || 'Untitled page';
}

/** Who was recorded, as the page named the user, or else by a short id; empty if neither is known. */
export function visitorName({ visitorId, user }: SiteRecording): string {
  return user?.trim() || (visitorId ? `Visitor ${shortId(visitorId)}` : '');
}

/** What went wrong, in words and in the order of the list's filters; empty if nothing is known to have. */
export function troublesOf(counts: SiteRecording | Readonly<Record<Trouble, number>>): string[] {
  return TROUBLES.flatMap((name) => (counts[name] ? [counted(counts[name], TROUBLE_WORDS[name])] : []));
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
