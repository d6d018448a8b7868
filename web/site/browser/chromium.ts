/** The Chromium that the files of a worker share, one after the other. A file with switches of its own starts another one. */
import { SHARED_PROCESS } from '../../recorded-session/borrowed-contexts.mjs';
import { launchChromium } from '../../recorded-session/chromium.mjs';

const SHARED = { args: [SHARED_PROCESS] };

export let browser = await launchChromium(SHARED);

/** Start another one if it has ended. */
export async function restoreBrowser(): Promise<void> {
  if (!browser.isConnected()) browser = await launchChromium(SHARED);
}
