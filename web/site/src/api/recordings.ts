import type { Recording, RecordingPage } from 'contract';
import type { Api } from './client';
import { readUpTo } from './read-up-to';

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

/** Protects the list, which has many. A screenshot of a screen has less than 1 MB. */
export const MAX_SCREENSHOT_BYTES = 4_000_000;

/**
 * The picture of a recording; `null` if it is too large to be loaded. Its type is only what was asked for: a browser
 * draws it by its bytes.
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
