/** Recordings that are too large, out of order or invalid: the site stays usable, and shows what it can. */
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { SITE, type Visit, events, json, recording, visitSite } from './given';
import { MAX_NODES } from '../src/player/sanitize-replay';
import { type Child, element } from './hostile/nodes';

const AT = Date.UTC(2026, 8, 1);
const META = { type: 4, timestamp: AT, data: { href: 'https://shop.example/', width: 800, height: 600 } };
const END = { type: 5, timestamp: AT + 500, data: { tag: 'end', payload: {} } };

/** More nodes than the sanitizer lets through. */
const TOO_MANY = MAX_NODES + 50_000;

/** A recording of these events, opened on the site; with `clock`, on a page whose clock the test can move forward. */
async function play(lines: readonly (object | string)[], change: object = {}, { clock = false } = {}): Promise<Visit> {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const visit = await visitSite(browser, (path) => {
    if (path.includes('/events')) return events(text);
    return json(path.startsWith('/recordings/') ? recording(1, change) : { recordings: [recording(1, change)] });
  }, { alone: clock });
  if (clock) await visit.page.clock.install();
  await visit.page.goto(`${SITE}/recordings/recording-1`);
  return visit;
}

function snapshot(...children: Child[]): object {
  const html = element('html', {}, element('head'), element('body', {}, ...children));
  return { type: 2, timestamp: AT + 1, data: { node: { type: 0, id: 1, childNodes: [html] }, initialOffset: { left: 0, top: 0 } } };
}

test('the replayed page is sandboxed, and out of reach of mouse and keyboard', async () => {
  const { end, page } = await play([META, snapshot(element('a', { href: 'https://shop.example/' }, 'a link')), END]);
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  const facts = await page.locator('.player iframe').evaluate((frame: HTMLIFrameElement) => {
    const { left, top, width, height } = frame.getBoundingClientRect();
    return {
      sandbox: frame.sandbox.value,
      inert: frame.inert,
      tabIndex: frame.tabIndex,
      underTheMouse: document.elementFromPoint(left + width / 2, top + height / 2) === frame,
    };
  });
  await end();

  expect(facts).toEqual({ sandbox: 'allow-same-origin', inert: true, tabIndex: -1, underTheMouse: false });
});

test('a page of 300,000 nodes is not drawn, and the site stays usable', async () => {
  const children = Array.from({ length: TOO_MANY }, (_, n) => `{"type":3,"id":${n + 9},"textContent":"x"}`).join();
  const { end, page } = await play([
    META,
    `{"type":2,"timestamp":${AT + 1},"data":{"node":{"type":0,"id":1,"childNodes":[${children}]},"initialOffset":{"left":0,"top":0}}}`,
  ]);
  await page.getByRole('heading', { name: 'This recording cannot be shown' }).waitFor({ timeout: 45_000 });
  await page.getByRole('link', { name: 'Set up' }).click();
  await page.getByRole('heading', { name: 'Set up' }).waitFor();
  await end();
});

test('300,000 added nodes are not drawn, and the rest is played', async () => {
  const adds = Array.from({ length: TOO_MANY }, (_, n) => `{"parentId":1,"nextId":null,"node":{"type":3,"id":${n + 9e6},"textContent":"x"}}`);
  const { end, page } = await play([
    META,
    snapshot('here'),
    `{"type":3,"timestamp":${AT + 90},"data":{"source":0,"removes":[],"texts":[],"attributes":[],"adds":[${adds.join()}]}}`,
    END,
  ]);
  await page.getByRole('button', { name: 'Play again' }).waitFor({ timeout: 45_000 });
  const said = await page.getByText('1 event could not be shown').isVisible();
  await end();

  expect(said).toBe(true);
});

test('a page of ten thousand nested boxes does not stop the player', async () => {
  const deep = '{"type":2,"id":9,"tagName":"div","attributes":{},"childNodes":[';
  const body = `${deep.repeat(10_000)}${']}'.repeat(10_000)}`;
  const html = `{"type":2,"id":2,"tagName":"html","attributes":{},"childNodes":[{"type":2,"id":3,"tagName":"body","attributes":{},"childNodes":[${body}]}]}`;
  const { end, page } = await play([
    META,
    `{"type":2,"timestamp":${AT + 1},"data":{"node":{"type":0,"id":1,"childNodes":[${html}]},"initialOffset":{"left":0,"top":0}}}`,
    END,
  ]);
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  await end();
});

test('an attribute of eight million characters does not stop the player', async () => {
  const { end, page } = await play([META, snapshot(element('p', { title: 'x'.repeat(8e6), class: 'y'.repeat(1e5) }, 'here')), END]);
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  await end();
});

test('events with an impossible time are left out and counted', async () => {
  const times = ['1e300', '1e999', '-1', 'null', '"1"', '9e15'];
  const { end, page, complaints } = await play([
    ...times.map((time) => `{"type":5,"timestamp":${time},"data":{"tag":"odd","payload":{}}}`),
    META,
    snapshot('here'),
    ...times.map((time) => `{"type":5,"timestamp":${time},"data":{"tag":"odd","payload":{}}}`),
    END,
  ]);
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  const time = await page.locator('.time').innerText();
  const said = await page.getByText('12 events could not be shown').isVisible();
  await end();

  expect({ time, said, complaints }).toEqual({ time: '0:00 / 0:00', said: true, complaints: [] });
});

test('events out of order are played in order', async () => {
  const late = { type: 5, timestamp: AT + 4000, data: { tag: 'late', payload: {} } };
  const text = { type: 3, timestamp: AT + 200, data: { source: 0, adds: [], removes: [], attributes: [], texts: [{ id: 7, value: 'changed' }] } };
  const page1 = snapshot({ type: 3, id: 7, textContent: 'as it was' });
  const { end, page } = await play([text, late, page1, META, END]);
  await page.frameLocator('.player iframe').getByText('changed').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  const time = await page.locator('.time').innerText();
  await end();

  expect(time).toBe('0:04 / 0:04');
});

test('invalid tags and attributes do not stop the player', async () => {
  const odd = [
    element('no such tag', {}, 'odd'),
    { ...element('bad-', { 'no"name': 'x' }), isCustom: true },
    element('x'.repeat(1e5), {}, 'long'),
    { ...element('p', {}), attributes: null, childNodes: 7 },
    { type: 77, id: 5 },
  ] as Child[];
  const { end, page } = await play([
    META,
    snapshot(...odd, 'here'),
    { type: 3, timestamp: AT + 80, data: { source: 0, adds: null } },
    { type: 3, timestamp: AT + 90, data: { source: 77 } },
    { type: 3, timestamp: AT + 95, data: { source: 5, id: 4, text: { a: 1 }, isChecked: 'x' } },
    END,
  ]);
  await page.frameLocator('.player iframe').getByText('here').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  await end();
});

test('a javascript: address of a recorded page is never a link', async () => {
  const { end, page } = await play([META, snapshot('here'), END], { pageUrl: 'javascript:window.ran=1' });
  await page.locator('.page-address').waitFor();
  const onPage = await page.locator('.page-address a').count();
  await page.goto(SITE);
  await page.locator('.card .url', { hasText: 'javascript:window.ran=1' }).waitFor();
  const inList = await page.locator('.listed a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  await end();

  expect({ onPage, inList }).toEqual({ onPage: 0, inList: ['/recordings/recording-1'] });
});

test('markup in the title of a recorded page is shown as text', async () => {
  const pageTitle = '<img src=x onerror="window.ran=1"><b>bold</b>';
  const { end, page } = await play([META, snapshot('here'), END], { pageTitle });
  await page.getByRole('heading', { name: pageTitle }).waitFor();
  await page.goto(SITE);
  await page.getByText(pageTitle, { exact: true }).waitFor();
  const facts = await page.evaluate(() => [document.querySelectorAll('main b, main img').length, 'ran' in window]);
  await end();

  expect(facts).toEqual([0, false]);
});

test('a recording with an impossible start time is shown with the time of the server', async () => {
  const { end, page } = await play([META, snapshot('here'), END], { startedAtMs: Number.MAX_SAFE_INTEGER, viewport: { width: 0, height: 0 } });
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  await page.getByRole('tab', { name: 'Details' }).click();
  const facts = await page.locator('.fact-list').innerText();
  await page.goto(SITE);
  const when = await page.locator('.card .when').getAttribute('datetime');
  await end();

  expect(facts).toContain('Sep 1, 2026');
  expect(when).toBe(new Date(AT + 60_000).toISOString());
});

test('a recording from the future is not live, and is not polled', async () => {
  const future = Date.now() + 9e9;
  const shifted = [META, snapshot('here'), END].map((event, index) => ({ ...event, timestamp: future + index }));
  const { end, page, asked } = await play(shifted, {}, { clock: true });
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  await page.clock.runFor(60_000);
  const facts = { live: await page.getByRole('button', { name: 'Live' }).count(), polls: asked.filter((path) => path.includes('cursor')).length };
  await page.goto(SITE);
  await page.locator('.badge.length').waitFor();
  const badges = await page.locator('.badge.live').count();
  await end();

  expect({ ...facts, badges }).toEqual({ live: 0, polls: 0, badges: 0 });
});
