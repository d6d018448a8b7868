import { assetNames } from './asset-names';
import type { Api } from './client';
import { getEvents } from './events';

/** The contract's maxItems. */
const MOST_ASSETS = 1_000;

const pathOf = (recordingId: string): string => `/recordings/${encodeURIComponent(recordingId)}/kept`;

/** The API under which a recording's kept copies lie, by the paths that assets have. */
export function keptApi(api: Api, recordingId: string): Api {
  return (path, request) => api(pathOf(recordingId) + path, request);
}

/** Requests that a recording is kept, with all assets to which its events refer; to ask twice does no harm. */
export async function keepRecording(api: Api, recordingId: string, signal: AbortSignal): Promise<void> {
  const assets = await assetsOf(api, recordingId, signal);
  // What several requests name is kept together.
  for (let at = 0; at === 0 || at < assets.length; at += MOST_ASSETS) {
    await api(pathOf(recordingId), {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ assets: assets.slice(at, at + MOST_ASSETS) }),
      signal,
    });
  }
}

/** Requests that a recording is kept no longer; to ask twice does no harm. */
export async function endKeeping(api: Api, recordingId: string): Promise<void> {
  await api(pathOf(recordingId), { method: 'DELETE' });
}

/** The digests of the assets to which a recording's events refer, each once. */
async function assetsOf(api: Api, recordingId: string, signal: AbortSignal): Promise<string[]> {
  const found = new Set<string>();
  let cursor: string | undefined;
  for (;;) {
    const page = await getEvents(api, recordingId, { cursor, signal });
    for (const sha256 of page.lines.flatMap(assetNames)) found.add(sha256);
    if (!page.hasMore) return [...found];
    cursor = page.nextCursor;
  }
}
