import type { eventWithTime } from '@rrweb/types';
import { type EndMark, type Newest, endMarkAfter } from '../api/liveness';
import { createBar } from './bar';
import { CUSTOM, INCREMENTAL, META, isInteraction, isObject } from './event';
import { viewOf } from './view';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Mark {
  /** From the start of the recording. */
  readonly atMs: number;
  readonly kind: 'gap' | 'skipped' | 'page';
  readonly text: string;
}

/** A span without user activity of at least this length is idle. */
const IDLE_MS = 8000;
/** Part of an idle span that is still played at normal speed, at either end. */
const IDLE_MARGIN_MS = 1000;
/** Protects the player: later pages of a recording are neither marked nor listed. */
export const MAX_PAGES = 300;
/** Protects the player: later reports of the recorder are not listed. */
const MAX_MARKS = 1_000;
/** Protects the player: longer addresses are cut. */
const MAX_HREF_LENGTH = 2_000;

/** What was dropped, by the reason that the recorder gives. */
const DROPPED = new Map<unknown, readonly [one: string, several: string]>([
  ['console', ['message of the console', 'messages of the console']],
  ['network', ['request', 'requests']],
]);

/** What the recorder itself reports as missing, by custom events: docs/recorder.md. */
function missingText(event: eventWithTime): string | undefined {
  const { type, data } = event as { type: number; data: unknown };
  if (type !== CUSTOM || !isObject(data) || !isObject(data['payload'])) return undefined;
  const { reason, events, values } = data['payload'];
  if (data['tag'] === 'rrweb-store:dropped' && typeof events === 'number') {
    const [one, several] = DROPPED.get(reason) ?? ['event', 'events'];
    return events === 1 ? `1 ${one} was not stored` : `${events} ${several} were not stored`;
  }
  if (data['tag'] !== 'rrweb-store:omitted' || !Array.isArray(values)) return undefined;
  return values.length === 1 ? '1 value was too large to be stored' : `${values.length} values were too large to be stored`;
}

/** Collects the content of the timeline as events arrive. */
export function createTimeline() {
  let startMs: number | undefined;
  let endMs = 0;
  let endMark: EndMark | undefined;
  let page: number[] = [];
  let startIsFixed = false;
  let before: number | undefined;
  const interactions: number[] = [];
  /** Their `atMs` is still a timestamp. */
  const marks: Mark[] = [];
  const gapsSeen = new Set<number>();
  let href = '';
  let pages = 0;

  function add(event: eventWithTime): void {
    if (!startIsFixed) startMs = Math.min(startMs ?? Infinity, event.timestamp);
    if (event.timestamp >= endMs) endMark = endMarkAfter(event, endMark);
    endMs = Math.max(endMs, event.timestamp);
    page.push(event.timestamp);
    if (isInteraction(event) || viewOf(event)?.touch) interactions.push(event.timestamp);
    const missing = missingText(event);
    if (missing && marks.length < MAX_MARKS) marks.push({ atMs: event.timestamp, kind: 'skipped', text: missing });
    const { data } = event as { data: { source?: unknown; type?: unknown; href?: unknown } };
    if ((event.type as number) === META && typeof data.href === 'string' && data.href !== href) {
      if (++pages <= MAX_PAGES) {
        marks.push({ atMs: event.timestamp, kind: 'page', text: data.href.slice(0, MAX_HREF_LENGTH) });
      }
      href = data.href;
    }
  }

  /** Notes the API's report about a page of events. Gaps have no time of their own: they are put at its longest silences. */
  function endPage(missing: string, skipped: number): void {
    const fresh = rangesOf(missing).filter(({ first }) => !gapsSeen.has(first));
    for (const { first } of fresh) gapsSeen.add(first);
    const silences = longestSilences(before === undefined ? page : [before, ...page], fresh.length);
    fresh.forEach(({ first, last }, index) => {
      const text = first === last ? `batch ${first} is missing` : `batches ${first} to ${last} are missing`;
      marks.push({ atMs: silences[index] ?? endMs, kind: 'gap', text });
    });
    if (skipped > 0) {
      const text = skipped === 1 ? '1 part could not be read' : `${skipped} parts could not be read`;
      marks.push({ atMs: page[0] ?? endMs, kind: 'skipped', text });
    }
    before = page.at(-1) ?? before;
    page = [];
  }

  return {
    add,
    endPage,
    /** Fixes the start: events that arrive out of order no longer move it. */
    fixStart: (): void => void (startIsFixed = true),
    startMs: () => startMs ?? 0,
    totalMs: () => (startMs === undefined ? 0 : endMs - startMs),
    newest: (): Newest => ({ lastEventAtMs: endMs, endMark }),
    marks: (): readonly Mark[] =>
      marks
        .map((mark) => ({ ...mark, atMs: Math.max(0, mark.atMs - (startMs ?? mark.atMs)) }))
        .sort((a, b) => a.atMs - b.atMs),
    idle: (): readonly Span[] => idleSpans(interactions, startMs ?? 0, endMs),
    /** User activity in each of so many parts of the bar, from 0 to 1. */
    activity: (parts: number): readonly number[] => activity(interactions, startMs ?? 0, endMs, parts),
  };
}

export type Timeline = ReturnType<typeof createTimeline>;

/** `3-5,9` as ranges. */
export function rangesOf(missing: string): { first: number; last: number }[] {
  return [...missing.matchAll(/(\d+)(?:-(\d+))?/g)].map(([, first, last]) => ({
    first: Number(first),
    last: Number(last ?? first),
  }));
}

/** The starts of the `count` longest silences, in order of time. */
function longestSilences(unsorted: readonly number[], count: number): number[] {
  if (count === 0) return [];
  const times = [...unsorted].sort((a, b) => a - b);
  return times
    .slice(1)
    .map((at, index) => ({ at: times[index]!, ms: at - times[index]! }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, count)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
}

export function idleSpans(interactions: readonly number[], startMs: number, endMs: number): Span[] {
  const times = [startMs, ...[...interactions].sort((a, b) => a - b), endMs];
  return times.slice(1).flatMap((at, index) => {
    const last = times[index]!;
    if (at - last < IDLE_MS) return [];
    return [{ fromMs: last - startMs + IDLE_MARGIN_MS, toMs: at - startMs - IDLE_MARGIN_MS }];
  });
}

function activity(times: readonly number[], startMs: number, endMs: number, parts: number): number[] {
  const counts = new Array<number>(parts).fill(0);
  const bar = createBar(endMs - startMs, idleSpans(times, startMs, endMs));
  const partLength = Math.max(1, bar.length / parts);
  for (const at of times) {
    const part = Math.min(parts - 1, Math.max(0, Math.floor(bar.positionOf(at - startMs) / partLength)));
    counts[part] = counts[part]! + 1;
  }
  const most = Math.max(1, ...counts);
  return counts.map((count) => Math.sqrt(count / most)); // so that little activity stays visible beside much
}
