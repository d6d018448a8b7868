import type { Api } from './client';
import { getEvents } from './events';

export interface Length {
  readonly durationMs: number;
  /** Whether there is more than the first page of events told. */
  readonly atLeast: boolean;
  /** Of the newest event that was seen. */
  readonly lastEventAtMs: number;
}

/** How long a recording is, as far as its first page of events says; `undefined` if it has none. */
export async function getLength(api: Api, recordingId: string, signal?: AbortSignal): Promise<Length | undefined> {
  const { lines, hasMore } = await getEvents(api, recordingId, { signal });
  const times = [lines[0], lines.at(-1)].map(timestampOf);
  const [first, last] = times;
  if (first === undefined || last === undefined) return undefined;
  return { durationMs: Math.max(0, last - first), atLeast: hasMore, lastEventAtMs: last };
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
