/** Stills of a page while it is recorded, compared with its replay at the same moments. */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FrameLocator, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { expect } from 'vitest';
import { differences } from '../../recorded-session/differences.mjs';
import { MAX_PX_APART } from './boxes';
import { faded, fadedByItself } from './faded';
import { comparePixels } from './pixels';
import { lastMomentOf } from './recorded-page';

export const STILLS = fileURLToPath(new URL('../pictures/stills/', import.meta.url));
/** Share of the pixels. A canvas is recorded as a lossy picture, and letters are smoothed according to their layer. */
export const MAX_PIXELS_APART = 0.003;

export interface Still {
  /** By the clock of the page. */
  readonly atMs: number;
  readonly png: Buffer;
  readonly facts: PageFacts;
}

type PageFacts = ReturnType<typeof factsOf>;

/**
 * What the recorded page shows once nothing moves, with the mouse and the focus out of the way. rrweb reports mouse moves
 * up to 500 ms later, so the moment counts once the live view has the mouse at rest.
 */
export async function takeStill(page: Page): Promise<Still> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await restMouse(page);
  await fadedByItself(page);
  const png = await page.screenshot({ caret: 'initial' }); // hiding it would be recorded
  const facts = await page.locator('html').evaluate(factsOf);
  return { atMs: await lastMomentOf(page), png, facts };
}

/** Moves the mouse to the page's background, until the live view shows it there: rrweb drops moves that come too soon. */
async function restMouse(page: Page): Promise<void> {
  const shown = page.locator('.live-view .replayer-mouse');
  let y = 450;
  await expect
    .poll(
      async () => {
        y = y === 450 ? 451 : 450;
        await page.mouse.move(4, y);
        return shown.getAttribute('style');
      },
      { timeout: 40_000, interval: 200 },
    )
    .toMatch(/left: 4px; top: 45[01]px/);
}

/** A recorded page at the moment of a still, opened by a link to it: `address` has no query. */
export async function takeReplayed(page: Page, address: string, { atMs, png }: Still): Promise<Still> {
  const { width, height } = PNG.sync.read(png);
  const replayed = await openReplay(page, address, atMs, { width, height });
  const facts = await replayed.locator('html').evaluate(factsOf);
  const box = (await page.locator('.player iframe').boundingBox())!;
  return { atMs, png: await page.screenshot({ clip: { ...box, width, height } }), facts };
}

/** Opens a recording at a moment, and returns the frame of its replay: in its own size, loaded, and at rest. */
export async function openReplay(page: Page, address: string, atMs: number, { width, height }: { width: number; height: number }): Promise<FrameLocator> {
  await page.setViewportSize({ width: width + 100, height: height + 100 });
  await page.goto('about:blank'); // so that no answer to the previous page is taken for one to this page
  const first = page.waitForResponse((answer) => new URL(answer.url()).pathname.endsWith('/events'));
  // The link needs the start of the recording, which is in the first page of events.
  await page.goto(address);
  const [line = ''] = (await (await first).text()).split('\n');
  const { timestamp } = JSON.parse(line) as { timestamp: number };
  await page.goto(`${address}?t=${(atMs - timestamp) / 1000}`);
  await page.waitForFunction((ms) => document.querySelector<HTMLInputElement>('.scrubber input')?.value === ms, String(atMs - timestamp));
  const replayed = page.frameLocator('.player iframe');
  await replayed.locator('h1').waitFor({ state: 'attached' });
  await page.locator('progress.hidden').waitFor({ state: 'attached' });
  await page.addStyleTag({
    content: `.replayed { position: fixed !important; left: 0 !important; top: 0 !important; transform: none !important; z-index: 99 }
      .bar, .replayer-mouse, .replayer-mouse-tail { display: none !important }`,
  });
  await faded(page);
  // From outside: nothing asynchronous runs in a frame without scripts.
  await page.locator('.player iframe').evaluate(async (frame: HTMLIFrameElement) => {
    const images = [...frame.contentDocument!.images].filter(({ src }) => src !== '');
    const isLoaded = () => images.every(({ complete }) => complete) && frame.contentDocument!.fonts.status === 'loaded';
    do await new Promise(requestAnimationFrame);
    while (!isLoaded());
  });
  return replayed;
}

export interface Compared {
  /** Differences of texts, positions and states, in words. */
  readonly apart: string[];
  /** Share of the pixels that differ, from 0 to 1. */
  readonly pixelsApart: number;
}

/** Compares two stills; writes both pictures, and a third that shows where they differ. */
export async function compared(recorded: Still, replayed: Still, name: string): Promise<Compared> {
  const { hidden, places, ...shown } = recorded.facts;
  const { hidden: hiddenToo, places: placesToo, ...shownToo } = replayed.facts;
  const { share, pictures } = comparePixels(recorded.png, replayed.png, [...hidden, ...hiddenToo]);
  await mkdir(STILLS, { recursive: true });
  for (const [what, picture] of Object.entries(pictures)) await writeFile(`${STILLS}${name}-${what}.png`, picture);
  const moved = places.filter((place, index) => !isThere(place, placesToo[index]));
  const apart = [...differences(shown, shownToo), ...moved.map(({ name }) => `${name} is elsewhere`)];
  return { apart, pixelsApart: share };
}

type Place = PageFacts['places'][number];

function isThere(place: Place, other: Place | undefined): boolean {
  return place.name === other?.name && place.box.every((px, side) => Math.abs(px - other.box[side]!) <= MAX_PX_APART);
}

/** Runs in the page. `hidden` are the boxes of everything that a recording leaves out or masks. */
function factsOf(html: Element) {
  const page = html.ownerDocument;
  const boxOf = (element: Element | Range) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x, y, width, height].map(Math.round) as unknown as readonly [number, number, number, number];
  };
  const all = (selector: string) => [...page.querySelectorAll(selector)];
  const texts: string[] = [];
  const textPlaces: { name: string; box: ReturnType<typeof boxOf> }[] = [];
  const walker = page.createTreeWalker(page.querySelector('main')!, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { textContent, parentElement } = walker.currentNode;
    if (!textContent?.trim() || parentElement?.closest('.rr-block')) continue;
    texts.push(textContent.trim());
    const range = page.createRange();
    range.selectNodeContents(walker.currentNode);
    if (!parentElement?.closest('select')) textPlaces.push({ name: `"${textContent.trim()}"`, box: boxOf(range) });
  }
  const marked = 'h1, .thing, .thing :is(h2, label, input, select, button, output, li, canvas, img)';
  return {
    title: page.title,
    texts,
    places: [...textPlaces, ...all(marked).map((element) => ({
      name: `${element.localName} "${element.textContent?.trim().slice(0, 30)}"`,
      box: boxOf(element),
    }))],
    ticked: all('.thing [type=checkbox]').map((box) => (box as HTMLInputElement).checked),
    pressed: all('.tasks button').map((button) => button.getAttribute('aria-pressed')),
    scrolledPx: Math.round(html.scrollTop),
    hidden: all('.rr-block, .thing input:not([type=checkbox]), .thing select').map(boxOf),
  };
}
