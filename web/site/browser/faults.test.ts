/** A visit to a shop with planted faults, and how a watcher finds it and sees each of them, on a whole stack; tests/browser passes users and addresses. */
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browser } from './chromium';
import { lastMomentOf, recordingIdOf } from './recorded-page';

const { SITE_URL, SITE_PASSWORD, API_URL, WRITE_URL, FAULTS_SITE, WATCHER_EMAIL, WATCHER_TOKEN } = process.env as Record<string, string>;
const PATIENCE = { timeout: 40_000, interval: 500 };
/** From 3 seconds on, the recorder counts a request as slow. */
const SLOW_MS = 3_200;
/** The moment in an address is rounded so. */
const ROUNDED_MS = 100;

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The lamp shop</title>
  <script async src="${SITE_URL}/page-copy.js" data-write-url="${WRITE_URL}" data-privacy="inputs" data-console data-network data-vitals></script>
  <script type="module" src="/lamp.js"></script></head>
  <body><h1>A lamp</h1><svg role="img" aria-label="Picture of the lamp" width="200" height="200"><circle cx="100" cy="100" r="90"/></svg>
  <p><button>Add to cart</button> <button>Pay</button> <button>Choose the colour</button> <button>Remember</button>
  <button>Find a store</button> <button>Show reviews</button> <button>Subscribe</button> <button>Show the size</button></p>
  <p role="status">Welcome</p></body></html>`;

/** Each button says at once that it works, but for a dead one. */
const SCRIPT = `
const say = (text) => { document.querySelector('[role=status]').textContent = text; };
const work = {
  'Add to cart': () => {
    rrwebRecorder.recording.track('added to cart', { product: 'lamp' });
    rrwebRecorder.recording.tag('plan', 'pro');
    say('In the cart');
  },
  'Pay': async () => {
    say('Paying');
    const answer = await fetch('/api/pay', { method: 'POST' });
    console.error('Payment failed:', answer.status);
    say('Not paid');
  },
  'Choose the colour': () => {
    say('No colours');
    throw new TypeError('planted exception');
  },
  'Remember': () => {
    say('Not remembered');
    void Promise.reject(new RangeError('planted rejection'));
  },
  'Find a store': async () => {
    say('Looking');
    await fetch('/api/stores').catch(() => say('No network'));
  },
  'Show reviews': async () => {
    say('Loading');
    await (await fetch('/api/reviews')).text();
    say('No reviews');
  },
  'Show the size': () => say('40 cm'),
};
for (const button of document.querySelectorAll('button')) button.addEventListener('click', work[button.textContent]);
`;

let server: Server;
let visitor: Page;
let watcher: Page;
let faulty = '';
/** When each fault struck, by the visitor's clock: not before the first, not after the second. */
const struck: Record<string, readonly [number, number]> = {};

beforeAll(async () => {
  server = createServer((request, answer) => {
    const { pathname } = new URL(request.url!, 'http://shop');
    const policy = `default-src 'none'; script-src 'self' ${SITE_URL}; connect-src 'self' ${new URL(API_URL!).origin}`;
    if (pathname === '/') return answer.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': policy }).end(PAGE);
    if (pathname === '/lamp.js') return answer.writeHead(200, { 'Content-Type': 'text/javascript' }).end(SCRIPT);
    if (pathname === '/api/pay') return answer.writeHead(500).end('planted failure');
    if (pathname === '/api/reviews') return setTimeout(() => answer.end('[]'), SLOW_MS);
    return answer.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server?.close());

/** A new visitor's page, once it is recorded. */
async function visit(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(PATIENCE.timeout);
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await recordingIdOf(page);
  return page;
}

/** Leaves the page as a visitor does, who goes elsewhere: what the page still sends goes on, as its context is not closed. */
async function leave(page: Page): Promise<void> {
  await page.goto('about:blank');
}

/** Presses a button, and waits for what the page says in the end. */
async function press(page: Page, button: string, says: string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('status').getByText(says, { exact: true }).waitFor();
}

/** Notes when a fault struck. */
async function strike(fault: string, act: () => Promise<void>): Promise<void> {
  const from = await lastMomentOf(visitor);
  await act();
  struck[fault] = [from, await lastMomentOf(visitor)];
}

/** What is stored of the visit up to now. */
async function storedEvents(): Promise<string> {
  const answer = await fetch(`${API_URL}/sites/${FAULTS_SITE}/recordings/${faulty}/events`, { headers: { Authorization: `Bearer ${WATCHER_TOKEN}`, Accept: 'application/gzip' } });
  return answer.text();
}

/** Waits until the recorder has told of this. */
async function told(text: string): Promise<void> {
  await expect.poll(async () => (await visitor.evaluate('rrwebRecorder.recording.flush()'), storedEvents()), PATIENCE).toContain(text);
}

test('one visitor of the shop meets no fault, and another one each', async () => {
  const other = await visit();
  await press(other, 'Show the size', '40 cm');
  await leave(other);

  visitor = await visit();
  faulty = await recordingIdOf(visitor);
  await visitor.getByRole('heading').click();
  await told('"TTFB"'); // it comes some time after the page, and is a row of its own
  const picture = (await visitor.getByRole('img').boundingBox())!;
  await strike('Rage clicks', () => visitor.mouse.click(picture.x + 5, picture.y + 5, { clickCount: 3 }));
  await strike('Event', () => press(visitor, 'Add to cart', 'In the cart'));
  await strike('Failed requests', () => press(visitor, 'Pay', 'Not paid'));
  struck['Errors'] = struck['Failed requests']!;
  await press(visitor, 'Choose the colour', 'No colours');
  await press(visitor, 'Remember', 'Not remembered');
  await visitor.context().setOffline(true);
  await press(visitor, 'Find a store', 'No network');
  await visitor.context().setOffline(false);
  await press(visitor, 'Show reviews', 'No reviews');
  await strike('Dead clicks', async () => {
    await visitor.getByRole('button', { name: 'Subscribe' }).click();
    await told('"dead"');
  });
  await leave(visitor);

  expect(await storedEvents()).toContain('planted exception');
});

const listed = () => watcher.locator('.listed > li');
const current = (row: string) => watcher.locator('[role=option][aria-current]', { hasText: row }).waitFor();
const open = (panel: string) => watcher.getByRole('tab', { name: panel }).click();

/** The texts of a panel's rows without their times, once one of them has this text. */
async function rowsWith(text: string): Promise<string[]> {
  await watcher.locator('.panel-row', { hasText: text }).first().waitFor();
  return (await watcher.locator('.panel-row').allInnerTexts()).map((row) => row.replaceAll('\n', ' ').replace(/^\d+:\d\d /, ''));
}

test('a watcher of the site sees both visits in its list', async () => {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, reducedMotion: 'reduce' }); // so that the player stands
  watcher = await context.newPage();
  watcher.setDefaultTimeout(PATIENCE.timeout);
  await watcher.goto(`${SITE_URL}/sites/${FAULTS_SITE}`);
  await watcher.getByRole('button', { name: 'Sign in' }).click();
  await watcher.locator('[name=username]').fill(WATCHER_EMAIL!);
  await watcher.locator('[name=password]').fill(SITE_PASSWORD!);
  await watcher.locator('button[type=submit]').click();
  await watcher.getByText('End of the list: 2 recordings.').waitFor();

  await expect.poll(() => listed().count(), PATIENCE).toBe(2);
});

/** Narrows the list by a button, or by a text that is looked for. */
async function filterBy(filter: string, text: string): Promise<void> {
  if (text === '') return watcher.getByRole('button', { name: filter, exact: true }).click();
  await watcher.getByLabel('Look for').selectOption(filter);
  await watcher.getByRole('searchbox', { name: filter }).fill(text);
  await watcher.keyboard.press('Enter');
}

test.each([
  { filter: 'Rage clicks', text: '', what: 'the first rage click', row: 'Rage click on “Picture of the lamp”' },
  { filter: 'Event', text: 'added to cart', what: 'the first event “added to cart”', row: 'added to cart' },
  { filter: 'Failed requests', text: '', what: 'the first failed request', row: '/api/pay' },
  { filter: 'Errors', text: '', what: 'the first error', row: 'Payment failed: 500' },
  { filter: 'Dead clicks', text: '', what: 'the first dead click', row: 'Dead click on “Subscribe”' },
])('the filter $filter finds the faulty visit alone, and opens it at $what', async ({ filter, text, what, row }) => {
  await watcher.goto(`${SITE_URL}/sites/${FAULTS_SITE}`);
  await filterBy(filter, text);
  await watcher.getByText('looked through, found 1.').waitFor();
  await watcher.locator(`.listed a[href*="${faulty}"]`).first().click();
  await watcher.getByText(`In the list because of ${what}`).waitFor();
  await current(row);
  const startMs = (JSON.parse((await storedEvents()).split('\n')[0]!) as { timestamp: number }).timestamp;
  await expect.poll(() => new URL(watcher.url()).searchParams.get('t'), PATIENCE).not.toBeNull();
  const shownMs = startMs + 1_000 * Number(new URL(watcher.url()).searchParams.get('t'));

  expect(shownMs).toBeGreaterThanOrEqual(struck[filter]![0] - ROUNDED_MS);
  expect(shownMs).toBeLessThanOrEqual(struck[filter]![1] + ROUNDED_MS);
});

test('a tag finds the faulty visit alone, and opens it at its start, since it is of the whole', async () => {
  await watcher.goto(`${SITE_URL}/sites/${FAULTS_SITE}`);
  await filterBy('Tag', 'plan:pro');
  await watcher.getByText('looked through, found 1.').waitFor();
  await watcher.locator(`.listed a[href*="${faulty}"]`).first().click();
  await watcher.locator('.time', { hasText: '0:00 /' }).waitFor();

  expect(await watcher.getByText('In the list because of').count()).toBe(0);
});

test('each panel has its rows of the faults', async () => {
  const rows = await rowsWith('Dead click');
  expect(rows).toEqual(expect.arrayContaining([expect.stringMatching(/^Vital FCP \d/), expect.stringMatching(/^Vital LCP \d/), 'Click Click on “Subscribe”']));
  await watcher.getByLabel('Kinds of events').selectOption('Trouble');
  await watcher.locator('.panel-row', { hasText: 'Vital' }).first().waitFor({ state: 'detached' });
  expect(await rowsWith('Dead click')).toEqual([
    'Rage Rage click on “Picture of the lamp”',
    'Error Uncaught TypeError: planted exception',
    'Error Unhandled rejection: RangeError: planted rejection',
    'Dead Dead click on “Subscribe”',
  ]);

  await open('Console');
  expect(await rowsWith('Payment')).toEqual(['error Payment failed: 500']);

  await open('Network');
  const requests = await rowsWith('/api/reviews');
  expect(requests.filter((row) => /^GET 127\.0\.0\.1:\d+ 200 /.test(row))).toHaveLength(1); // the page
  expect(requests).toEqual(
    expect.arrayContaining([expect.stringMatching(/^POST \/api\/pay 500 \d/), expect.stringMatching(/^GET \/api\/stores failed \d/), expect.stringMatching(/^GET \/api\/reviews 200 [\d.]+ s$/)]),
  );
  await watcher.getByRole('button', { name: 'Failed 2' }).click();
  await watcher.getByRole('tabpanel').getByRole('option', { name: '/api/reviews' }).waitFor({ state: 'detached' });
  expect(await watcher.locator('.panel-row').count()).toBe(2);
});

test('the details count what happened', async () => {
  await open('Details');
  await watcher.locator('.details dt').first().waitFor();
  const facts = await watcher.locator('.details .fact-list > div').evaluateAll((all) => all.map((one) => [one.querySelector('dt')!.textContent, one.querySelector('dd')!.textContent]));

  expect(Object.fromEntries(facts)).toMatchObject({
    'Clicks': '11',
    'Rage clicks': '1',
    'Dead clicks': '1',
    'Errors': '3',
    'Failed requests': '2',
    'Slow requests': expect.stringMatching(/^[1-9]/), // others may be, where the machine is
    'Tags': 'plan:pro',
    'Events': 'added to cart',
    'Recording': faulty,
  });
});
