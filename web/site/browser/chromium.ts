/** The Chromium that the files of a worker share, one after the other. A file with switches of its own starts another one. */
import { launchChromium } from '../../recorded-session/chromium.mjs';

/** Pages of a site in one context share a process. */
const SHARED = { args: ['--renderer-process-limit=1'] };

export let browser = await launchChromium(SHARED);

/** Start another one if it has ended. */
export async function restoreBrowser(): Promise<void> {
  if (!browser.isConnected()) browser = await launchChromium(SHARED);
}
