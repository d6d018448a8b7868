/** What holds for each file of tests here: it has a Chromium that runs, and leaves no page in it. */
import { afterAll, beforeEach } from 'vitest';
import { closeOtherContexts } from '../../recorded-session/borrowed-contexts.mjs';
import { browser, restoreBrowser } from './chromium';

beforeEach(restoreBrowser);
afterAll(() => closeOtherContexts(browser));
