import type { ListQuery, SiteRecording, SiteRecordingPage } from 'contract';
import type { Api } from './client';
import { readUpTo } from './read-up-to';

/** What a list is narrowed to. A filter that is `undefined` or empty is none. */
export type Filters = Omit<ListQuery, 'limit' | 'cursor'>;

/** One answer of the API: recordings of a library, newest first. It may hold few of those that fit, or none, although there are more. */
export async function listRecordings(api: Api, query: ListQuery, signal: AbortSignal): Promise<SiteRecordingPage> {
  const given = Object.entries(query).filter(([, value]) => value);
  const answer = await api(`/recordings?${new URLSearchParams(given)}`, { signal });
  return (await answer.json()) as SiteRecordingPage;
}

export async function getRecording(api: Api, recordingId: string, signal?: AbortSignal): Promise<SiteRecording> {
  const answer = await api(`/recordings/${encodeURIComponent(recordingId)}`, { signal: signal ?? null });
  return (await answer.json()) as SiteRecording;
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
