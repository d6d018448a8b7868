import { CUSTOM, FULL_SNAPSHOT, INCREMENTAL, META, eventOf, isObject } from '../player/event';
import { RESOURCES_TAG } from '../player/resources/resource-store';
import type { Api } from './client';
import { askForEvents } from './events';
import { type Newest, endMarkAfter } from './liveness';
import { readUpTo } from './read-up-to';

/** Protects the list: it loads no more than this of a recording. The API's first answer has about 1 MB. */
export const MAX_BEGINNING_BYTES = 1_500_000;

/** rrweb's kinds of changes that style sheets come by: nodes, rules, declarations and adopted sheets. */
const CHANGES_OF_LOOK = new Set<unknown>([0, 8, 13, 15]);
/** A style sheet that was still loading as the snapshot was taken belongs to the picture if it came within this time. */
const SETTLED_MS = 1_000;
/** Protects the list: lines and characters of what a picture may have besides its snapshot. */
const MAX_CHANGES = 200;
const MAX_CHANGED_CHARACTERS = 200_000;

/** Facts in the first bytes of a recording. */
export interface Beginning extends Length {
  /**
   * The size and the first full snapshot of the page, as JSON, and what changed its look right after, or says which assets
   * have its pictures, as of the same moment;
   * empty if those bytes contain no snapshot.
   */
  readonly picture: readonly string[];
}

export interface Length extends Newest {
  readonly durationMs: number;
  /** Whether the recording is longer. */
  readonly atLeast: boolean;
}

/** The beginning of a recording; `undefined` if none of its events could be read. */
export async function getBeginning(api: Api, recordingId: string, signal?: AbortSignal): Promise<Beginning | undefined> {
  const answer = await askForEvents(api, recordingId, { signal });
  const { bytes, isCut } = await readUpTo(answer, MAX_BEGINNING_BYTES);
  const lines = new TextDecoder().decode(bytes).split('\n');
  const atLeast = isCut || answer.headers.get('Has-More') === 'true';
  if (atLeast) lines.pop(); // empty, or part of an event
  const picture = new Map<number, string>();
  const changes: string[] = [];
  let first: number | undefined;
  let read = 0;
  for (; read < lines.length && !picture.has(FULL_SNAPSHOT); read++) {
    const event = eventOf(lines[read]!);
    first ??= event?.timestamp;
    if (event?.type === META || event?.type === FULL_SNAPSHOT) picture.set(event.type, lines[read]!);
    if (event?.type !== FULL_SNAPSHOT) continue;
    const after = lines.slice(read + 1, read + 1 + MAX_CHANGES);
    changes.push(...changesOfLook(after, event.timestamp), ...resourcesOf(after, event.timestamp));
  }
  if (first === undefined) return undefined;
  const newest = newestOf(lines)!; // there is an event
  return {
    durationMs: Math.max(0, newest.lastEventAtMs - first),
    atLeast,
    ...newest,
    picture: picture.has(FULL_SNAPSHOT) ? [...picture.values(), ...changes] : [],
  };
}

/** What the last events say; undefined without any. */
function newestOf(lines: readonly string[]): Newest | undefined {
  let lastEventAtMs: number | undefined;
  for (let at = lines.length - 1; at >= 0; at--) {
    const event = eventOf(lines[at]!);
    if (!event) continue;
    lastEventAtMs ??= event.timestamp;
    const endMark = endMarkAfter(event, undefined);
    if (endMark || event.type !== CUSTOM) return { lastEventAtMs, endMark };
  }
  return lastEventAtMs === undefined ? undefined : { lastEventAtMs, endMark: undefined };
}

/** The changes of the page's look right after its snapshot, each as of the moment of the snapshot. */
function* changesOfLook(lines: readonly string[], snapshotAtMs: number): Generator<string> {
  let characters = 0;
  for (const line of lines) {
    const event = eventOf(line);
    if (!event) continue;
    if (event.type === META || event.timestamp > snapshotAtMs + SETTLED_MS) return;
    if (!isObject(event.data) || !CHANGES_OF_LOOK.has(event.data['source'])) continue;
    characters += line.length;
    if (characters > MAX_CHANGED_CHARACTERS) return;
    if (event.type === INCREMENTAL) yield JSON.stringify({ ...event, timestamp: snapshotAtMs });
  }
}

/** What is said of the bytes of pictures and fonts, which comes some seconds later, as of the same moment. */
function* resourcesOf(lines: readonly string[], snapshotAtMs: number): Generator<string> {
  for (const line of lines) {
    if (!line.includes(RESOURCES_TAG) || line.length > MAX_CHANGED_CHARACTERS) continue;
    const event = eventOf(line);
    if (event?.type === CUSTOM) yield JSON.stringify({ ...event, timestamp: snapshotAtMs });
  }
}
