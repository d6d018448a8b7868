/** Records visits to the page: `node record.mjs --out FOLDER [--visits N]` writes `1.ndjson` and so on. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../recorded-session/chromium.mjs';
import { inPageBundle } from '../recorded-session/in-page-bundle.mjs';
import { contextWithOnly } from '../recorded-session/only-these-files.mjs';
import { pageFiles } from './page.mjs';

const ORIGIN = 'https://photographs.example';
const VIEWPORT = { width: 1280, height: 800 };

const { values } = parseArgs({ options: { out: { type: 'string' }, visits: { type: 'string', default: '1' } } });
if (!values.out) throw new Error('--out FOLDER is needed');

const browser = await launchChromium();
try {
  const files = await pageFiles();
  const recorder = await inPageBundle(import.meta.resolve('./recorder-in-page.mjs'), 'heavyRecorder');
  for (let visit = 1; visit <= Number(values.visits); visit += 1) {
    const context = await contextWithOnly(browser, ORIGIN, files, VIEWPORT);
    const page = await context.newPage();
    await page.addInitScript(`if (window === window.top) { ${recorder} }`);
    await page.goto(`${ORIGIN}/`);
    await page.waitForSelector('[data-ready]');
    const events = await page.evaluate(() => heavyRecorder.finish());
    await context.close();
    await writeFile(join(values.out, `${visit}.ndjson`), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  }
} finally {
  await browser.close();
}
