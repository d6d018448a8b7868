/** Records a page, replays it, and says how far the two are apart. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { type Box, MAX_PX_APART } from '../site/browser/boxes';
import { comparePixels } from '../site/browser/pixels';
import { visitOf } from './page';
import { recordVisit } from './record';
import { type Watched, watch } from './replay';

/** Share of the pixels. */
export const MAX_PIXELS_APART = 0.005;
const PICTURES = fileURLToPath(new URL('pictures/', import.meta.url));
const MAX_LINES = 4;

export interface Compared {
  readonly name: string;
  readonly uses: string;
  readonly lacks: string | undefined;
  readonly moments: number;
  readonly nodes: number;
  /** The worst of all moments, from 0 to 1. */
  readonly pixelsApart: number;
  /** Texts that differ, of all moments. */
  readonly textsApart: number;
  /** In CSS pixels, the worst of all moments. */
  readonly boxesApart: number;
  /** Elements that only one of the two has, at the worst moment. */
  readonly elementsApart: number;
  /** Where they differ, in words. */
  readonly found: readonly string[];
  /** Of the page or its recorder, and requests of the replay to anything but the site and its API. */
  readonly errors: readonly string[];
}

/** The page of this name; both pictures of each moment, and one of their difference, are in pictures/<name>. */
export async function comparePage(browser: Browser, name: string, { quietMs = 1500 } = {}): Promise<Compared> {
  const visit = await visitOf(name);
  const recorded = await recordVisit(browser, name, visit, quietMs);
  const folder = `${PICTURES}${name}/`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}events.ndjson`, recorded.lines.join('\n'));
  const { replayed, strangers } = await watch(browser, recorded, quietMs);
  const all: Awaited<ReturnType<typeof comparedMoment>>[] = [];
  for (const one of replayed) all.push(await comparedMoment(one, folder));
  const worst = (of: (one: (typeof all)[number]) => number) => Math.max(...all.map(of));
  return {
    name,
    uses: visit.uses,
    lacks: visit.lacks,
    moments: recorded.moments.length,
    nodes: Math.max(...recorded.moments.map(({ facts }) => facts.boxes.length)),
    pixelsApart: worst(({ pixels }) => pixels),
    textsApart: worst(({ texts }) => texts),
    boxesApart: worst(({ px }) => px),
    elementsApart: worst(({ elements }) => elements),
    found: all.flatMap(({ found }) => found),
    errors: [...new Set([...recorded.errors, ...strangers.map((url) => `the replay asked for ${url}`)])],
  };
}

export function isWithinLimits({ pixelsApart, textsApart, boxesApart, elementsApart, errors }: Compared): boolean {
  return pixelsApart <= MAX_PIXELS_APART && textsApart === 0 && boxesApart <= MAX_PX_APART && elementsApart === 0 && errors.length === 0;
}

async function comparedMoment({ moment, way, shown }: Watched['replayed'][number], folder: string) {
  const { share, pictures } = comparePixels(moment.png, shown.png);
  const file = folder + `${moment.name} ${way}`.replaceAll(' ', '-');
  for (const [what, picture] of Object.entries(pictures)) await writeFile(`${file}-${what}.png`, picture);
  const texts = onlyInOne(moment.facts.texts, shown.facts.texts);
  const { px, elements, lines } = boxDistance(moment.facts.boxes, shown.facts.boxes);
  const pixels = share > MAX_PIXELS_APART ? [`${(100 * share).toFixed(2)} % of the pixels`] : [];
  const found = [...pixels, ...texts.slice(0, MAX_LINES), ...lines.slice(0, MAX_LINES)].map((line) => `${moment.name}, ${way}: ${line}`);
  return { pixels: share, texts: texts.length, px, elements, found };
}

/** A line for each text that one of the two lacks, and one if only their order differs. */
function onlyInOne(recorded: readonly string[], replayed: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const text of recorded) left.set(text, (left.get(text) ?? 0) + 1);
  for (const text of replayed) left.set(text, (left.get(text) ?? 0) - 1);
  const lines = [...left].flatMap(([text, times]) =>
    times === 0 ? [] : [`"${text.slice(0, 60)}" is ${times > 0 ? 'missing' : 'there besides'}`],
  );
  const isInOrder = lines.length > 0 || recorded.every((text, index) => text === replayed[index]);
  return isInOrder ? lines : ['the texts are in another order'];
}

/** How far the boxes of the same elements are apart: the third `div` of one with the third of the other. */
function boxDistance(recorded: readonly Box[], replayed: readonly Box[]): { px: number; elements: number; lines: string[] } {
  const others = numbered(replayed);
  const lines: string[] = [];
  let [px, shared] = [0, 0];
  for (const [name, box] of numbered(recorded)) {
    const other = others.get(name);
    if (!other) lines.push(`${name} is missing`);
    else {
      shared += 1;
      const distance = Math.max(...box.map((side, index) => Math.abs(side - other[index]!)));
      px = Math.max(px, distance);
      if (distance > MAX_PX_APART) lines.push(`${name} has ${box.map(Math.round).join(' ')}, and in the replay ${other.map(Math.round).join(' ')}`);
    }
  }
  return { px, elements: recorded.length + replayed.length - 2 * shared, lines };
}

function numbered(boxes: readonly Box[]): Map<string, readonly number[]> {
  const counts = new Map<string, number>();
  return new Map(
    boxes.map(({ name, box }) => {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return [`${name} ${count}`, box];
    }),
  );
}
