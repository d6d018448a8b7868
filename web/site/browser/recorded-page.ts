/** What a test asks of a page that is recorded. Never by `waitForFunction`: it polls by `eval`, which a strict policy refuses. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const PATIENCE_MS = 40_000;

/** The id of the recording, once the page's tag records. */
export async function recordingIdOf(page: Page): Promise<string> {
  await expect.poll(() => page.evaluate<unknown>('window.rrwebRecorder?.recording?.recordingId'), { timeout: PATIENCE_MS }).toEqual(expect.any(String));
  return page.evaluate<string>('rrwebRecorder.recording.recordingId');
}

/** Now by the page's clock, in epoch milliseconds; whatever the page does afterwards has a later timestamp. */
export async function lastMomentOf(page: Page): Promise<number> {
  const atMs = await page.evaluate(() => Date.now());
  await expect.poll(() => page.evaluate(() => Date.now()), { interval: 1 }).toBeGreaterThan(atMs);
  return atMs;
}

/**
 * Resolves once the recorder has told which states the page's last task changed: it tells after the next frame, and a `toggle`
 * event comes one task later.
 */
export const toldBy = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    for (let n = 0; n < 3; n += 1) await new Promise((soon) => requestAnimationFrame(() => setTimeout(soon)));
  });
