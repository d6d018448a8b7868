import { FULL_SNAPSHOT, META, isEvent } from '../player/event';
import type { Api } from './client';
import { askForEvents } from './events';
import { readUpTo } from './read-up-to';

/** Protects the list: of a recording, no more than this is loaded for it. The API's first answer has about 1 MB. */
export const MAX_BEGINNING_BYTES = 1_500_000;

/** What the first bytes of a recording say of it. */
export interface Beginning extends Length {
  /** The size and the first full snapshot of the page, as JSON; empty if they are not among those bytes. */
  readonly picture: readonly string[];
}

export interface Length {
  readonly durationMs: number;
  /** Whether there is more than that. */
  readonly atLeast: boolean;
  /** Of the newest event that was seen. */
  readonly lastEventAtMs: number;
}

/** How a recording begins; `undefined` if no event of it could be read. */
export async function getBeginning(api: Api, recordingId: string, signal?: AbortSignal): Promise<Beginning | undefined> {
  const answer = await askForEvents(api, recordingId, { signal });
  const { bytes, isCut } = await readUpTo(answer, MAX_BEGINNING_BYTES);
  const lines = new TextDecoder().decode(bytes).split('\n');
  const atLeast = isCut || answer.headers.get('Has-More') === 'true';
  if (atLeast) lines.pop(); // empty, or only a part of an event
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
  for (let at = lines.length - 1; last === undefined; at--) last = eventOf(lines[at]!)?.timestamp; // the first, at the end
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
