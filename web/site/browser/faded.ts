import type { Page } from 'playwright-core';

/** Ends all that fades in or to other colours on a page of the site. Spinners turn on. */
export async function faded(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise(requestAnimationFrame); // transitions start with the next style
    for (const one of document.getAnimations()) if (one.effect?.getComputedTiming().endTime !== Infinity) one.finish();
    await new Promise(requestAnimationFrame);
  });
}

/** Waits until all has faded on a page that is recorded: its replay takes the same time. */
export async function fadedByItself(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise(requestAnimationFrame);
    const ending = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map((one) => one.finished));
  });
}
