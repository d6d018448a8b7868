/**
 * Lets another program control headless Chromium: one command per line of standard input, one answer per line of output.
 *
 * `{"on": "page", "do": "goto", "with": ["http://…"], "as": "answer"}` calls a method of a named Playwright object and
 * keeps the result under `as`; without `as` the result is the answer. `{"$": "page"}` as an argument is a named object.
 * The first objects are `contexts` and `seen`. `contexts.borrow(options)` is a context with nothing stored, until
 * `contexts.giveBack(context)`. Each of its pages has a function `seen(text)`, and `seen.take()` returns those texts. A
 * result that does not come in time is an error, so it blocks no later command. The program ends with its input. With
 * `--whole` it is a whole Chromium, which has a back/forward cache.
 */
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { SHARED_PROCESS, borrowContext } from '../recorded-session/borrowed-contexts.mjs';
import { chromiumPath, launchChromium } from '../recorded-session/chromium.mjs';

/** Longer than Playwright's own 30 s, which do not cover a promise of a page's script. */
const PATIENCE_MS = 45_000;

/** @type {string[]} */
const texts = [];
/** Precedes what goes to the console by `seen(text)`. */
const SEEN = 'seen by the test:';
const SAY = `{ const say = console.debug.bind(console), page = Math.random(); let count = 0;
  window.seen = (text) => say('${SEEN}', page + '/' + (count += 1), text); }`;
/** Chromium tells of what was said again as a page comes back from the back/forward cache. @type {Set<string>} */
const told = new Set();
// Not a function that Playwright exposes: it answers, which ends a page of the back/forward cache. Nor Playwright's own
// events of the console, which leave out those of a page that is going.
const seen = { take: () => texts.splice(0) };

/** @param {import('playwright-core').Page} page */
async function listen(page) {
  const devtools = await page.context().newCDPSession(page);
  devtools.on('Runtime.consoleAPICalled', ({ args: [mark, id, text] }) => {
    if (mark?.value !== SEEN || told.has(id?.value)) return;
    told.add(id?.value);
    texts.push(text?.value);
  });
  await devtools.send('Runtime.enable'); // which also tells of what was said before
}

// As in a person's browser: a page that is left may come back as it was.
const browser = await launchChromium({
  ignoreDefaultArgs: ['--disable-back-forward-cache'],
  args: [SHARED_PROCESS],
  ...(process.argv.includes('--whole') && { executablePath: chromiumPath(process.env) }),
});
/** How each context goes back. @type {Map<import('playwright-core').BrowserContext, () => Promise<void>>} */
const borrowed = new Map();
const contexts = {
  /** @param {import('playwright-core').BrowserContextOptions} options */
  async borrow(options) {
    const { context, giveBack } = await borrowContext(browser, options, SAY);
    if (!borrowed.has(context)) context.on('page', (page) => void listen(page).catch(() => undefined)); // it is closed
    borrowed.set(context, giveBack);
    return context;
  },
  /** @param {import('playwright-core').BrowserContext} context */
  giveBack: (context) => borrowed.get(context)?.(),
};
/** @type {Record<string, any>} */
const named = { contexts, seen };

/** @param {any} argument */
function resolved(argument) {
  return argument?.$ ? named[argument.$] : argument;
}

/**
 * @template T
 * @param {Promise<T> | T} result
 */
async function inTime(result) {
  const settled = new AbortController();
  const tooLate = after(PATIENCE_MS, undefined, { signal: settled.signal }).then(() => {
    throw new Error(`no result within ${PATIENCE_MS} ms`);
  });
  tooLate.catch(() => undefined); // it is aborted when the result comes
  return Promise.race([result, tooLate]).finally(() => settled.abort());
}

try {
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    /** @type {{ value?: unknown, error?: string }} */
    let answer;
    try {
      const value = await inTime(named[command.on][command.do](...command.with.map(resolved)));
      if (command.as) named[command.as] = value;
      answer = { value: command.as ? null : (value ?? null) };
    } catch (error) {
      answer = { error: String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
} finally {
  await browser.close();
}
