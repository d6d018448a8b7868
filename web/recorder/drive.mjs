/**
 * Lets another program use headless Chromium: a command a line on standard input, an answer a line on standard output.
 *
 * `{"on": "page", "do": "goto", "with": ["http://…"], "as": "answer"}` calls a method of a named Playwright object and
 * keeps what it returns under `as`, or else answers with it. `{"$": "page"}` among the arguments is a named object.
 * At first there are `browser` and `seen`, whose `add(context)` gives every page of a context a function `seen(text)`,
 * and whose `take()` returns those texts. What does not come in time is an error, so that what follows is not held up.
 * It ends when its input does.
 */
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { launchChromium } from '../recorded-session/chromium.mjs';

/** More than Playwright's own 30 s; it knows none for what a page's script promises. */
const PATIENCE_MS = 45_000;

/** @type {string[]} */
const texts = [];
const seen = {
  /** @param {import('playwright-core').BrowserContext} context */
  add: async (context) => void (await context.exposeFunction('seen', (/** @type {string} */ text) => void texts.push(text))),
  take: () => texts.splice(0),
};

// As people have it: a page that is left may come back as it was.
const browser = await launchChromium({ ignoreDefaultArgs: ['--disable-back-forward-cache'] });
/** @type {Record<string, any>} */
const named = { browser, seen };

/** @param {any} argument */
function resolved(argument) {
  return argument?.$ ? named[argument.$] : argument;
}

/**
 * @template T
 * @param {Promise<T> | T} coming
 */
async function inTime(coming) {
  const over = new AbortController();
  const tooLate = after(PATIENCE_MS, undefined, { signal: over.signal }).then(() => {
    throw new Error(`nothing came within ${PATIENCE_MS} ms`);
  });
  tooLate.catch(() => undefined); // it is called off when the answer comes
  return Promise.race([coming, tooLate]).finally(() => over.abort());
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
