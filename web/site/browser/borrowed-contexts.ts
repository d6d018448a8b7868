/**
 * Contexts that visits borrow, one after the other: a page in the process of the last visit takes two thirds of the
 * processor's time of one in a process of its own.
 */
import type { Browser, BrowserContext, BrowserContextOptions, CDPSession } from 'playwright-core';

export interface Borrowed {
  readonly context: BrowserContext;
  /** Closes its pages. The next visit with the same options finds nothing of this one. */
  giveBack(): Promise<void>;
}

interface Kept {
  readonly context: BrowserContext;
  /** By its first page, which shows nothing and keeps the process. */
  readonly protocol: CDPSession;
}

/** Contexts that are not borrowed now, by their options. */
const kept = new WeakMap<Browser, Map<string, Kept>>();

/** A context with these options, whose pages are of one origin and run `script` before their own. */
export async function borrowContext(browser: Browser, options: BrowserContextOptions, origin: string, script = ''): Promise<Borrowed> {
  const idle = kept.get(browser) ?? new Map<string, Kept>();
  kept.set(browser, idle);
  const key = JSON.stringify([origin, script, options]);
  const borrowed = idle.get(key) ?? (await keptContext(browser, options, script));
  idle.delete(key);
  let isGivenBack = false;
  return {
    context: borrowed.context,
    giveBack: async () => {
      if (isGivenBack) return;
      isGivenBack = true;
      const isAgainAsNew = !idle.has(key) && (await emptied(borrowed, origin));
      if (isAgainAsNew) idle.set(key, borrowed);
      else await borrowed.context.close();
    },
  };
}

/** Closes all contexts but those that wait for a visit. */
export async function closeOtherContexts(browser: Browser): Promise<void> {
  const waiting = new Set([...(kept.get(browser)?.values() ?? [])].map(({ context }) => context));
  await Promise.all(browser.contexts().filter((context) => !waiting.has(context)).map((context) => context.close()));
}

async function keptContext(browser: Browser, options: BrowserContextOptions, script: string): Promise<Kept> {
  const context = await browser.newContext(options);
  if (script) await context.addInitScript(script);
  return { context, protocol: await context.newCDPSession(await context.newPage()) };
}

/** Whether it is again as it was made; a page of it may have crashed. */
async function emptied({ context, protocol }: Kept, origin: string): Promise<boolean> {
  try {
    const [, ...pages] = context.pages();
    await Promise.all(pages.map((page) => page.close()));
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    await context.setOffline(false);
    await context.clearCookies();
    await protocol.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    return true;
  } catch {
    return false;
  }
}
