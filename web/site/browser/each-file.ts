/** What holds for each file of tests here: it has a Chromium that runs, and leaves no page in it. */
import { afterAll, beforeEach } from 'vitest';
import { browser, restoreBrowser } from './chromium';

beforeEach(restoreBrowser);
afterAll(() => Promise.all(browser.contexts().map((context) => context.close())));
