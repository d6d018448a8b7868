/** Watches a recording on the built site, whose page's host is no longer there. */
import type { Browser, Frame, Page } from 'playwright-core';
import { type Answer, SITE, type FakeApi, events, json, recording, visitSite, watchedSite } from '../site/browser/given';
import { type Moment, type Recorded, WINDOW } from './record';
import { type Shown, atRest, shown } from './shown';

const RECORDING = '/sites/fidelity/recordings/recording-1';
const ATTEMPTS = 4;
const CORNER = { x: 0, y: 0 };
/** The replayed page in its own size at the window's corner, without what the player draws over it. */
const PLAIN = `.replayed { position: fixed !important; left: 0 !important; top: 0 !important; transform: none !important; z-index: 99 }
  .screen > :not(.device), .bar, .replayer-mouse, .replayer-mouse-tail { display: none !important }`;

export interface Replayed {
  readonly moment: Moment;
  readonly way: 'by playing' | 'by a jump';
  readonly shown: Shown;
}

export interface Watched {
  readonly replayed: readonly Replayed[];
  /** Requests to anything but the site and its API. */
  readonly strangers: readonly string[];
}

/** Each moment by a jump to it, then all of them by playing from the start. */
export async function watch(browser: Browser, recorded: Recorded, quietMs: number): Promise<Watched> {
  const sites = [watchedSite('fidelity', { privacy: 'inputs' })];
  const visit = await visitSite(browser, apiOf(recorded), { sites, width: WINDOW.width + 200, height: WINDOW.height + 400 });
  const { page } = visit;
  try {
    const replayed: Replayed[] = [];
    for (const moment of recorded.moments) {
      await open(page, `?t=${(moment.atMs + 1) / 1000}`); // what happened at that very moment is shown, too
      replayed.push({ moment, way: 'by a jump', shown: await still(page) });
    }
    await open(page, '');
    let fromMs = 0;
    for (const moment of recorded.moments) {
      await playTo(page, fromMs, moment, quietMs);
      replayed.push({ moment, way: 'by playing', shown: await still(page) });
      fromMs = moment.atMs + 1;
    }
    return { replayed, strangers: visit.strangers };
  } finally {
    await visit.context.close();
  }
}

function apiOf({ lines, assets }: Recorded): FakeApi {
  return (path): Answer => {
    if (path.includes('/events')) return events(path.includes('cursor') ? [] : lines);
    const asset = /\/assets\/([0-9a-f]{64})/.exec(path)?.[1];
    if (!asset) return json(recording(1, { viewport: WINDOW }));
    const body = assets.get(asset);
    return body ? { body, headers: { 'Content-Type': 'application/octet-stream' } } : json({}, 404);
  };
}

async function open(page: Page, query: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(SITE + RECORDING + query);
  await page.locator('.player .round:enabled').waitFor();
  await page.locator('progress.hidden').waitFor({ state: 'attached' });
  // Playwright's addStyleTag takes any violation of a policy for its own.
  await page.evaluate((css) => document.head.appendChild(document.createElement('style')).append(css), PLAIN);
  if (query) return;
  await page.getByLabel('Skip idle').uncheck();
}

/** Plays to a moment; again from the one before it if the player stopped too late, as on a busy machine. */
async function playTo(page: Page, fromMs: number, { atMs, name }: Moment, quietMs: number): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if ((await page.evaluate(playUntil, atMs + 1)) <= atMs + quietMs) return;
    await page.getByLabel('Playback position').fill(String(fromMs));
  }
  throw new Error(`the player did not stop within ${quietMs} ms after "${name}" in ${ATTEMPTS} attempts: this machine is too busy`);
}

/** Runs in the player's page: plays, stops at this moment or soon after it, and returns where. */
async function playUntil(atMs: number): Promise<number> {
  const button = document.querySelector<HTMLButtonElement>('.player .round')!;
  const timeMs = () => Number(document.querySelector<HTMLInputElement>('.scrubber input')!.value);
  if (button.ariaLabel === 'Play') button.click();
  while (timeMs() < atMs && button.ariaLabel !== 'Play again') await new Promise(requestAnimationFrame);
  if (button.ariaLabel === 'Pause') button.click();
  while (button.ariaLabel === 'Pause') await new Promise(requestAnimationFrame);
  return timeMs();
}

async function still(page: Page): Promise<Shown> {
  const handle = await page.locator('.player iframe').elementHandle();
  const frame = (await handle!.contentFrame())!;
  await atRest(() => framesIn(frame));
  return shown(page, frame, { ...CORNER, ...WINDOW });
}

function framesIn(frame: Frame): Frame[] {
  return [frame, ...frame.childFrames().flatMap(framesIn)];
}
