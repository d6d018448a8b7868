import type { Api } from './client';
import { getEvents } from './events';

/** What the first page of events, which the API keeps small, says of a recording. */
export interface Beginning {
  readonly durationMs: number;
  /** Whether there is more than the first page of events told. */
  readonly atLeast: boolean;
  /** Of the newest event that was seen. */
  readonly lastEventAtMs: number;
  /** Events up to the first picture of the whole page, one each, as JSON; empty if there is none yet. */
  readonly picture: readonly string[];
}

/** As `JSON.stringify` writes a full snapshot of rrweb's; what is nested in an event is not at its start. */
const FULL_SNAPSHOT = /^\{"type":2,/;

/** How a recording begins; `undefined` if it has no events. */
export async function getBeginning(
  api: Api,
  recordingId: string,
  signal?: AbortSignal,
): Promise<Beginning | undefined> {
  const { lines, hasMore } = await getEvents(api, recordingId, { signal });
  const times = [lines[0], lines.at(-1)].map(timestampOf);
  const [first, last] = times;
  if (first === undefined || last === undefined) return undefined;
  const picture = lines.slice(0, lines.findIndex((line) => FULL_SNAPSHOT.test(line)) + 1);
  return { durationMs: Math.max(0, last - first), atLeast: hasMore, lastEventAtMs: last, picture };
}

function timestampOf(line: string | undefined): number | undefined {
  if (line === undefined) return undefined;
  try {
    const { timestamp } = JSON.parse(line) as { timestamp?: unknown };
    return typeof timestamp === 'number' && Number.isFinite(timestamp) ? timestamp : undefined;
  } catch {
    return undefined;
  }
}
