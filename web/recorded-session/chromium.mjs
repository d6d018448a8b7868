/** Finds and starts headless Chromium on this machine. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** No Chromium is installed. The message says how to get one. */
export class MissingChromiumError extends Error {
  /** @override */
  name = 'MissingChromiumError';
}

/**
 * The path of the browser: `CHROMIUM` if it is set, else the first of NAMES on `PATH`.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {string}
 * @throws {MissingChromiumError} nothing there can be run
 */
export function chromiumPath(env) {
  if (env.CHROMIUM) {
    if (isExecutable(env.CHROMIUM)) return env.CHROMIUM;
    throw new MissingChromiumError(
      `CHROMIUM is ${env.CHROMIUM}, which cannot be run; set it to the path of a Chromium, or unset it`,
    );
  }
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (found) return found;
  throw new MissingChromiumError(
    `none of ${NAMES.join(', ')} is on PATH; install one (Debian: apt-get install chromium) or set CHROMIUM to its path`,
  );
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A browser with a new, empty profile that sends no requests of its own. The caller closes it.
 *
 * @param {{ ignoreDefaultArgs?: string[], args?: string[] }} [more] Playwright's switches to leave out, and switches to
 *   add
 * @throws {MissingChromiumError}
 */
export function launchChromium(more = {}) {
  return chromium.launch({
    ...more,
    executablePath: chromiumPath(process.env),
    headless: true,
    chromiumSandbox: false, // it does not work for root, as in a container
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync', ...(more.args ?? [])],
  });
}
