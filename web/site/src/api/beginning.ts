import { FULL_SNAPSHOT, META, isEvent } from '../player/event';
import type { Api } from './client';
import { askForEvents } from './events';
import { readUpTo } from './read-up-to';

/** Protects the list: it loads no more than this of a recording. The API's first answer has about 1 MB. */
export const MAX_BEGINNING_BYTES = 1_500_000;

/** Facts in the first bytes of a recording. */
export interface Beginning extends Length {
  /** The size and the first full snapshot of the page, as JSON; empty if those bytes do not contain them. */
  readonly picture: readonly string[];
}

export interface Length {
  readonly durationMs: number;
  /** Whether the recording is longer. */
  readonly atLeast: boolean;
  /** Timestamp of the newest event in those bytes. */
  readonly lastEventAtMs: number;
}

/** The beginning of a recording; `undefined` if none of its events could be read. */
export async function getBeginning(api: Api, recordingId: string, signal?: AbortSignal): Promise<Beginning | undefined> {
  const answer = await askForEvents(api, recordingId, { signal });
  const { bytes, isCut } = await readUpTo(answer, MAX_BEGINNING_BYTES);
  const lines = new TextDecoder().decode(bytes).split('\n');
  const atLeast = isCut || answer.headers.get('Has-More') === 'true';
  if (atLeast) lines.pop(); // empty, or part of an event
  const picture = new Map<number, string>();
  let first: number | undefined;
  let read = 0;
  for (; read < lines.length && !picture.has(FULL_SNAPSHOT); read++) {
    const event = eventOf(lines[read]!);
    first ??= event?.timestamp;
    if (event?.type === META || event?.type === FULL_SNAPSHOT) picture.set(event.type, lines[read]!);
  }
  if (first === undefined) return undefined;
  let last: number | undefined;
  for (let at = lines.length - 1; last === undefined; at--) last = eventOf(lines[at]!)?.timestamp; // ends at the first event
  return {
    durationMs: Math.max(0, last - first),
    atLeast,
    lastEventAtMs: last,
    picture: picture.has(FULL_SNAPSHOT) ? [...picture.values()] : [],
  };
}

function eventOf(line: string): { type: number; timestamp: number } | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return isEvent(event) ? event : undefined;
  } catch {
    return undefined;
  }
}
