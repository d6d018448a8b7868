import { restoreAssets } from 'assets';
import { type Kept, recordingAssetReader } from './assets';
import type { Api } from './client';
import { type EventsPage, getEvents } from './events';
import { type LastingOptions, createLasting } from './lasting';

/** So much text is handed to the browser at a time. */
const PART_CHARACTERS = 4_000_000;

export interface DownloadOptions extends LastingOptions {
  /** Gets the bytes so far. */
  readonly onProgress: (bytes: number) => void;
}

/**
 * All events of a recording up to now, one JSON value a line, with the pictures and fonts that were taken out of them. The
 * script holds one page of them; the browser may keep the others on the disk.
 *
 * Rejects as `api` does, after retries where they may help.
 */
export async function downloadEvents(api: Api, recording: Kept, options: DownloadOptions): Promise<Blob> {
  const { signal, onProgress } = options;
  const lasting = createLasting(options);
  const parts: Blob[] = [];
  let bytes = 0;

  function add(text: string): void {
    const part = new Blob([text]);
    parts.push(part);
    bytes += part.size;
    onProgress(bytes);
  }

  let page: EventsPage | undefined;
  do {
    const cursor: string | undefined = page?.nextCursor;
    page = await lasting(() => getEvents(api, recording.recordingId, { cursor, signal }));
    const readAsset = recordingAssetReader(api, recording, { signal }); // remembers what it has read: for one page
    let text = '';
    for (const line of page.lines) {
      text += `${(await lasting(() => restoreAssets(line, readAsset))).line}\n`;
      if (text.length < PART_CHARACTERS) continue;
      add(text);
      text = '';
    }
    add(text);
  } while (page.hasMore);
  return new Blob(parts, { type: 'application/x-ndjson' });
}
