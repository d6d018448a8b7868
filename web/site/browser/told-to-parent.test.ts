/** What a frame of another origin tells the page around it, by the option `recordCrossOriginIframes`: as its own options and elements ask. */
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { bundled } from './rebuilt/bundled';

const FRAME = `<h1>shown</h1><p data-privacy=mask title=WORD>WORD</p><div class=rr-block>WORD</div><input value=WORD>
  <div><template shadowrootmode=open><p data-privacy=mask>WORD</p></template></div>`;
const PAGE = '<!doctype html><body><iframe src="https://framed.example/"></iframe>';
const LATER = `document.querySelector('p').append('WORD'); document.querySelector('p').title = 'WORD x'; document.querySelector('h1').title = 'last'`;

test.for([
  ['inputs', ['shown', 'last']],
  ['text', []],
  ['private', []],
] as const)('at the level %s', async ([privacy, seen]) => {
  const recorder = await bundled('record-in-page', 'recorder');
  const page = await browser.newPage();
  await page.route('**/*', (route) => {
    const isFrame = new URL(route.request().url()).host === 'framed.example';
    return route.fulfill({ contentType: 'text/html', body: isFrame ? FRAME : PAGE });
  });
  await page.goto('https://around.example/');
  await page.evaluate(`told = []; addEventListener('message', ({ data }) => told.push(JSON.stringify(data.event)))`);
  const frame = page.frames()[1]!;
  await frame.evaluate(recorder);
  await frame.evaluate(`recorder.start({ privacy: '${privacy}', recordCrossOriginIframes: true })`);
  const told = (): Promise<string[]> => page.evaluate('told');
  await expect.poll(told).toContainEqual(expect.stringContaining('"type":2'));
  const before = (await told()).length;
  await frame.evaluate(LATER);
  await expect.poll(async () => (await told()).length).toBeGreaterThan(before);
  const all = (await told()).join('\n');
  await page.close();

  expect(all).not.toContain('WORD');
  expect(['shown', 'last'].filter((word) => all.includes(word))).toEqual(seen);
});
