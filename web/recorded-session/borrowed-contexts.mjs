/**
 * Contexts that visits borrow, one after the other: a page in the process of the last visit takes two thirds of the
 * processor's time of one in a process of its own.
 */

/**
 * @typedef {import('playwright-core').BrowserContext} BrowserContext
 *
 * @typedef {object} Borrowed
 * @property {BrowserContext} context
 * @property {() => Promise<void>} giveBack Closes its pages. The next visit with the same options finds nothing of this one.
 *
 * @typedef {object} Kept
 * @property {BrowserContext} context
 * @property {import('playwright-core').CDPSession} protocol By its first page, which shows nothing and keeps the process.
 * @property {Set<string>} origins Of which something may be stored.
 */

/** Pages of a site in one context share a process. */
export const SHARED_PROCESS = '--renderer-process-limit=1';

/** Contexts that are not borrowed now, by their options. @type {WeakMap<import('playwright-core').Browser, Map<string, Kept[]>>} */
const kept = new WeakMap();

/**
 * A context with these options, whose pages run `script` before their own.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').BrowserContextOptions} options
 * @param {string} [script]
 * @returns {Promise<Borrowed>}
 */
export async function borrowContext(browser, options, script = '') {
  const ofBrowser = kept.get(browser) ?? new Map();
  kept.set(browser, ofBrowser);
  const key = JSON.stringify([script, options]);
  const idle = ofBrowser.get(key) ?? [];
  ofBrowser.set(key, idle);
  const borrowed = idle.pop() ?? (await keptContext(browser, options, script));
  let isGivenBack = false;
  return {
    context: borrowed.context,
    giveBack: async () => {
      if (isGivenBack) return;
      isGivenBack = true;
      if (await emptied(borrowed)) idle.push(borrowed);
      else await borrowed.context.close();
    },
  };
}

/**
 * Closes all contexts but those that wait for a visit.
 *
 * @param {import('playwright-core').Browser} browser
 */
export async function closeOtherContexts(browser) {
  const waiting = new Set([...(kept.get(browser)?.values() ?? [])].flat().map(({ context }) => context));
  await Promise.all(browser.contexts().filter((context) => !waiting.has(context)).map((context) => context.close()));
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').BrowserContextOptions} options
 * @param {string} script
 * @returns {Promise<Kept>}
 */
async function keptContext(browser, options, script) {
  const context = await browser.newContext(options);
  if (script) await context.addInitScript(script);
  const protocol = await context.newCDPSession(await context.newPage());
  const origins = new Set();
  context.on('page', (page) => page.on('framenavigated', (frame) => origins.add(originOf(frame.url()))));
  return { context, protocol, origins };
}

/** @param {string} url */
function originOf(url) {
  return URL.canParse(url) ? new URL(url).origin : '';
}

/**
 * Whether it is again as it was made; a page of it may have crashed.
 *
 * @param {Kept} of
 */
async function emptied({ context, protocol, origins }) {
  try {
    const [, ...pages] = context.pages();
    await Promise.all(pages.map((page) => page.close()));
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    await context.setOffline(false);
    await context.clearCookies();
    for (const origin of origins) if (origin.startsWith('http')) await protocol.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    origins.clear();
    return true;
  } catch {
    return false;
  }
}
