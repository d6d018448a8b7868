/** Finds and starts headless Chromium on this machine. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
/** The same engine without a browser around it, which prepares no connections and keeps no page for the way back: in 60 % of the processor's time. */
const SHELL = 'chromium-headless-shell';

/**
 * What a whole Chromium does for a person who may type an address: a page for each of two lists below the field, in each
 * new window, and a process in store. It was more than half of the processor's time of a visit.
 */
const FOR_A_PERSON = ['SpareRendererForSitePerProcess', 'WebUIOmniboxAimPopup', 'WebUIOmniboxPopup'];
/** What Playwright switches off: Chromium takes the last list alone. tests/test_restated_facts.py compares them. */
const BY_PLAYWRIGHT = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'TcpPortRandomizationWin',
  'ThirdPartyStoragePartitioning',
  'msEdgeUpdateLaunchServicesPreferredVersion',
  'msForceBrowserSignIn',
];

/** No Chromium is installed. The message says how to get one. */
export class MissingChromiumError extends Error {
  /** @override */
  name = 'MissingChromiumError';
}

/**
 * The path of the browser: `CHROMIUM` if it is set, else the first of `names` on `PATH`, else Playwright's own.
 *
 * @param {Record<string, string | undefined>} env
 * @param {readonly string[]} [names]
 * @returns {string}
 * @throws {MissingChromiumError} nothing there can be run
 */
export function chromiumPath(env, names = NAMES) {
  if (env.CHROMIUM) {
    if (isExecutable(env.CHROMIUM)) return env.CHROMIUM;
    throw new MissingChromiumError(
      `CHROMIUM is ${env.CHROMIUM}, which cannot be run; set it to the path of a Chromium, or unset it`,
    );
  }
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (found) return found;
  if (isExecutable(chromium.executablePath())) return chromium.executablePath();
  throw new MissingChromiumError(
    `none of ${names.join(', ')} is on PATH; install one (Debian: apt-get install chromium) or set CHROMIUM to its path`,
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
 * A browser with a new, empty profile that sends no requests of its own: the shell where it is installed. The caller
 * closes it.
 *
 * @param {{ executablePath?: string, ignoreDefaultArgs?: string[], args?: string[] }} [more] another browser,
 *   Playwright's switches to leave out, and switches to add
 * @throws {MissingChromiumError}
 */
export function launchChromium({ args = [], ...more } = {}) {
  return chromium.launch({
    executablePath: chromiumPath(process.env, [SHELL, ...NAMES]),
    ...more,
    headless: true,
    chromiumSandbox: false, // it does not work for root, as in a container
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-sync',
      `--disable-features=${[...BY_PLAYWRIGHT, ...FOR_A_PERSON].join(',')}`,
      ...args,
    ],
  });
}
