import type { AssetReader } from '../api/assets';
import type { EventsReader } from '../api/events';
import type { About, PartName } from './format';

/** The recording of the page that this script is in. */
export interface OpenedFile {
  readonly about: About;
  readonly readPage: EventsReader;
  readonly readAsset: AssetReader;
  /** Whether an asset is being unpacked. */
  readonly isReading: () => boolean;
}

/** Somebody has cut or changed the file. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
}

/** Rejects with {@link DamagedFileError}. */
export async function openFile(root: ParentNode): Promise<OpenedFile> {
  const parts = [...root.querySelectorAll<HTMLElement>('script[data-part]')];
  const assets = new Map(parts.map((part) => [part.dataset['part'] as PartName, part]));
  const pages = parts.filter((part) => part.dataset['part'] === 'events');
  const about = await aboutOf(assets.get('about'));
  let reading = 0;
  return {
    about,
    async readPage(cursor) {
      const index = Number(cursor ?? 0);
      const text = await unpacked(pages[index]).then((answer) => answer.text());
      const hasMore = index + 1 < pages.length;
      const { missing = '', skipped = 0 } = about.pages[index] ?? {};
      return { lines: text.split('\n').filter(Boolean), nextCursor: hasMore ? String(index + 1) : '', hasMore, missing, skipped, tail: '' };
    },
    async readAsset(sha256) {
      const part = assets.get(sha256);
      if (!part) return undefined;
      reading += 1;
      try {
        const answer = await unpacked(part);
        return new Uint8Array(await answer.arrayBuffer());
      } finally {
        reading -= 1;
      }
    },
    isReading: () => reading > 0,
  };
}

async function aboutOf(part: HTMLElement | undefined): Promise<About> {
  const about = (await unpacked(part).then((answer) => answer.json())) as Partial<About> | null;
  if (typeof about?.recording !== 'object' || !Array.isArray(about.pages)) throw new DamagedFileError('it does not say what was recorded');
  return about as About;
}

async function unpacked(part: HTMLElement | undefined): Promise<Response> {
  try {
    const binary = atob(part!.textContent!);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
    const content = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).blob();
    return new Response(content);
  } catch (cause) {
    throw new DamagedFileError('a part of it is missing or was changed', { cause });
  }
}
