import type { Page } from 'playwright-core';

/** Waits until everything on the page has faded in or to its colours. Spinners turn on. */
export async function faded(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise(requestAnimationFrame); // transitions start with the next style
    const ending = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map((one) => one.finished));
  });
}
