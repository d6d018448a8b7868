/** Records a page of ours by the built recorder, and opens its replay, with no stack between them. */
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { linesOf } from '../../recorded-session/batches.mjs';
import { borrowContext } from '../../recorded-session/borrowed-contexts.mjs';
import { builtFile } from './built-files';
import { SITE, type Visit, events, json, recording, visitSite } from './given';
import { lastMomentOf, recordingIdOf } from './recorded-page';
import { TAG } from './tagged-page';

const PAGE = 'https://page.example';

export interface Recorded {
  readonly lines: readonly string[];
  /** Epoch of the first event, from which the player counts. */
  readonly startMs: number;
}

/** A recording of the page while `act` works at it. The page goes without a size, so that its frames are drawn. */
export async function recordPage(browser: Browser, html: string, act: (page: Page, see: () => Promise<number>) => Promise<void>): Promise<Recorded> {
  const { context, giveBack } = await borrowContext(browser, { viewport: { width: 800, height: 600 } });
  const batches = new Map<string, Buffer>();
  await context.route('**/*', async (route) => {
    const request = route.request();
    const { origin, pathname } = new URL(request.url());
    if (origin === PAGE && pathname === '/page-copy.js') return route.fulfill({ contentType: 'text/javascript', body: (await builtFile('page-copy.js'))! });
    if (origin === PAGE) return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html.replace('<head>', `<head>${TAG}`) });
    if (/\/events\/\d+$/.test(pathname)) batches.set(pathname, request.postDataBuffer()!);
    return route.fulfill({ status: 200, headers: { 'Access-Control-Allow-Origin': '*' }, body: '' });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(40_000);
  await page.goto(PAGE);
  await recordingIdOf(page);
  await act(page, () => lastMomentOf(page));
  await lastMomentOf(page);
  await page.evaluate('rrwebRecorder.recording.flush()');
  await expect.poll(() => batches.size, { timeout: 40_000 }).toBeGreaterThan(0);
  await giveBack();
  const lines = linesOf(batches);
  return { lines, startMs: Math.min(...lines.map((line) => (JSON.parse(line) as { timestamp: number }).timestamp)) };
}

/** The player with that recording, in another context. */
export async function visitRecording(browser: Browser, { lines, startMs }: Recorded): Promise<Visit> {
  return visitSite(browser, (path) => (path.includes('/events') ? events(path.includes('cursor=') ? [] : lines) : json(recording(1, { createdAtMs: startMs }))));
}

/** Opens the recording at a moment, as a link does; resolves when it is shown. */
export async function openAt({ page }: Visit, ms: number): Promise<void> {
  await page.goto(`${SITE}/recordings/recording-1?t=${ms / 1000}`);
  await page.locator('.player iframe').waitFor({ state: 'attached' });
  await expect.poll(() => page.getByRole('slider', { name: 'Playback position' }).evaluate((slider: HTMLInputElement) => !slider.disabled && Number(slider.value)), { timeout: 40_000, interval: 20 }).toBeGreaterThanOrEqual(Math.floor(ms) - 1);
}

/** Moves the slider to a moment. */
export async function jumpTo({ page }: Visit, ms: number): Promise<void> {
  await page.getByRole('slider', { name: 'Playback position' }).evaluate((slider: HTMLInputElement, value) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(slider, String(value));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  }, ms);
}
