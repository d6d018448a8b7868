import type { Api } from './client';
import { readUpTo } from './read-up-to';

export interface Recording {
  readonly recordingId: string;
  /** By the server's clock. */
  readonly createdAtMs: number;
  /** By the client's clock. */
  readonly startedAtMs?: number;
  readonly pageUrl?: string;
  readonly pageTitle?: string;
  readonly userAgent?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly hasScreenshot: boolean;
}

export interface RecordingPage {
  readonly recordings: readonly Recording[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/** One page of the user's recordings, newest first. */
export async function listRecordings(
  api: Api,
  { limit, cursor, signal }: { limit: number; cursor?: string; signal?: AbortSignal },
): Promise<RecordingPage> {
  const query = new URLSearchParams({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) });
  const answer = await api(`/recordings?${query}`, { signal: signal ?? null });
  return (await answer.json()) as RecordingPage;
}

export async function getRecording(api: Api, recordingId: string, signal?: AbortSignal): Promise<Recording> {
  const answer = await api(`/recordings/${encodeURIComponent(recordingId)}`, { signal: signal ?? null });
  return (await answer.json()) as Recording;
}

/** Protects the list, which shows many. A screenshot usually has less than 1 MB. */
export const MAX_SCREENSHOT_BYTES = 4_000_000;

/**
 * The screenshot of a recording; `null` if it is too large. Its type is the requested one: a browser goes by the bytes.
 */
export async function getScreenshot(api: Api, recordingId: string, signal?: AbortSignal): Promise<Blob | null> {
  const type = 'image/webp';
  const answer = await api(`/recordings/${encodeURIComponent(recordingId)}/screenshot`, {
    headers: { Accept: type },
    signal: signal ?? null,
  });
  const { bytes, isCut } = await readUpTo(answer, MAX_SCREENSHOT_BYTES);
  return isCut ? null : new Blob([bytes], { type });
}
