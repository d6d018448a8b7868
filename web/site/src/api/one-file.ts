import { base64Of, hex, webCryptoDigest } from 'assets';
import type { SiteRecording } from 'contract';
import { type Range, createCut } from '../one-file/cut';
import { type About, MAX_FILE_BYTES, PLACE, TEMPLATE_FILE, TOLD, partOf } from '../one-file/format';
import { eventOf } from '../player/event';
import { assetNames } from './asset-names';
import { recordingAssetReader } from './assets';
import type { Api } from './client';
import { UnreachableError, problemOf } from './errors';
import { type EventsPage, getEvents } from './events';
import { type LastingOptions, createLasting } from './lasting';

/** The page would be larger than `MAX_FILE_BYTES`. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';

  constructor(
    /** That it would have. */
    readonly bytes: number,
    /** Length of the recording, or of its part. */
    readonly lengthMs: number,
  ) {
    super(`the page would have ${bytes} bytes`);
  }
}

export interface OneFileOptions extends LastingOptions {
  /** @default all of the recording, up to now */
  readonly range?: Range | undefined;
  /** Gets the moment up to which events are collected, from the first one, and the bytes so far. */
  readonly onProgress: (atMs: number, bytes: number) => void;
  /** @default the one that this site serves */
  readonly readTemplate?: (signal: AbortSignal) => Promise<string>;
}

/**
 * A recording as one page that plays by itself, with the assets that it refers to.
 *
 * Rejects with {@link TooLargeError}, or as `api` does, after retries where they may help.
 */
export async function collectOneFile(api: Api, recording: SiteRecording, options: OneFileOptions): Promise<Blob> {
  const { signal, range, onProgress, readTemplate = fetchTemplate } = options;
  const lasting = createLasting(options);
  const cut = range && createCut(range);
  const [before, after, ...more] = (await lasting(() => readTemplate(signal))).split(PLACE);
  if (before === undefined || after === undefined || more.length > 0) throw new Error('this site has no page that takes a recording: reload, and try again');
  const parts: Blob[] = [new Blob([before])];
  const seen = new Set<string>();
  const pages: { missing: string; skipped: number }[] = [];
  let bytes = before.length + after.length;
  let missingAssets = 0;
  let [startMs, atMs]: [number | undefined, number] = [undefined, 0];

  async function add(name: string, content: BlobPart): Promise<void> {
    const packed = new Response(new Blob([content]).stream().pipeThrough(new CompressionStream('gzip')));
    const part = new Blob([partOf(name, base64Of(new Uint8Array(await packed.arrayBuffer())))]);
    bytes += part.size;
    if (bytes > MAX_FILE_BYTES) parts.length = 0; // only their size counts from here on
    else parts.push(part);
    onProgress(atMs, bytes);
  }

  async function addAssets(lines: readonly string[]): Promise<void> {
    for (const sha256 of lines.flatMap(assetNames)) {
      if (seen.has(sha256)) continue;
      seen.add(sha256);
      const found = await lasting(() => recordingAssetReader(api, recording, { signal })(sha256)); // a reader keeps what it has read
      if (found && hex(await webCryptoDigest!(found)) === sha256) await add(sha256, found);
      else missingAssets += 1;
    }
  }

  async function addPage(lines: readonly string[], { missing, skipped }: EventsPage): Promise<void> {
    await addAssets(lines);
    pages.push({ missing: freshOf(missing), skipped });
    await add('events', lines.map((line) => `${line}\n`).join(''));
  }

  let missingBefore = '';
  const freshOf = (missing: string): string => (missing.startsWith(missingBefore) ? missing.slice(missingBefore.length).replace(/^,/, '') : missing);

  let page: EventsPage | undefined;
  do {
    const cursor: string | undefined = page?.nextCursor;
    page = await lasting(() => getEvents(api, recording.recordingId, { cursor, signal }));
    startMs ??= page.lines.map(eventOf).find(Boolean)?.timestamp;
    atMs = Math.max(atMs, (eventOf(page.lines.at(-1) ?? '')?.timestamp ?? 0) - (startMs ?? 0));
    const lines = cut ? page.lines.flatMap(cut.add) : page.lines;
    if (lines.length > 0) await addPage(lines, page);
    else if (pages.length === 0) missingBefore = page.missing;
    onProgress(atMs, bytes);
  } while (page.hasMore && !cut?.isOver());
  const rest = cut?.end() ?? [];
  if (rest.length > 0 || pages.length === 0) await addPage(rest, page);
  const about: About = {
    recording: Object.fromEntries(TOLD.flatMap((name) => (recording[name] === undefined ? [] : [[name, recording[name]]]))) as About['recording'],
    ...(cut ? { atMs: cut.atMs() } : {}),
    pages,
    missingAssets,
  };
  await add('about', JSON.stringify(about));
  if (bytes > MAX_FILE_BYTES) throw new TooLargeError(bytes, Math.max(1, Math.min(atMs, range?.toMs ?? Infinity) - (range?.fromMs ?? 0)));
  return new Blob([...parts, after], { type: 'text/html' });
}

async function fetchTemplate(signal: AbortSignal): Promise<string> {
  let answer: Response;
  try {
    answer = await fetch(`/${TEMPLATE_FILE}`, { cache: 'no-cache', signal });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new UnreachableError('the site could not be reached', { cause });
  }
  if (!answer.ok) throw await problemOf(answer);
  return answer.text();
}
