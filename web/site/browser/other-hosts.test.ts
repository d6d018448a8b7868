/** Pictures, fonts and style sheets that only other hosts have: left out, counted, and loaded when the watcher asks for it. */
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { SESSION_LINES, SITE, type Visit, events, json, recording, visitSite } from './given';
import { element } from './hostile/nodes';
import { OTHER_HOSTS_HEADERS, OTHER_HOSTS_PAGE } from './policy';

const AT = Date.UTC(2026, 8, 1);
const CDN = 'https://cdn.example';
const PICTURES = 'https://pictures.example:8443';
const EVIL = 'https://evil.example';
const DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"><rect width="7" height="5"/></svg>';
const SHEET = `p { width: 123px } b { background: url(${EVIL}/by-sheet) } i { background: url(/again.svg) }`;
const FACE = `@font-face { font-family: F; src: url("${CDN}/f.woff2") format("woff2"), url("${CDN}/f.woff") }`;

interface Asked {
  readonly url: string;
  readonly headers: Record<string, string>;
}

const NODES = [
  element('img', { src: `${PICTURES}/a.svg`, crossorigin: 'use-credentials', referrerpolicy: 'unsafe-url', attributionsrc: `${CDN}/attribution` }),
  element('img', { srcset: `${PICTURES}/b.svg 1x, ${PICTURES}/b2.svg 2x` }),
  element('p', { style: `background: url("${CDN}/c.svg")` }, 'a paragraph'),
  element('b', {}, 'b'),
  element('i', {}, 'i'),
  element('script', { src: `${CDN}/script.js` }),
  element('video', { src: `${CDN}/video.mp4` }),
  element('iframe', { src: `${CDN}/frame` }),
  element('object', { data: `${CDN}/object` }),
];
const HEAD = [
  element('link', { rel: 'stylesheet', href: `${CDN}/s.css`, integrity: 'sha256-x', crossorigin: 'use-credentials' }),
  element('link', { rel: 'preconnect', href: EVIL }),
  element('link', { rel: 'stylesheet preload', href: `${EVIL}/two.css` }),
  element('meta', { name: 'referrer', content: 'unsafe-url' }),
  element('meta', { 'http-equiv': 'Content-Security-Policy', content: 'img-src *' }),
  element('style', { _cssText: `${FACE} p { font-family: F }` }),
];

/** A recording that names other hosts, opened on the site; and what was asked of those hosts. */
async function watch({ resources = {}, serve = true } = {}): Promise<Visit & { askedOfHosts: Asked[] }> {
  const html = element('html', {}, element('head', {}, ...HEAD), element('body', {}, ...NODES));
  const lines = [
    { type: 4, timestamp: AT, data: { href: 'https://shop.example/', width: 800, height: 600 } },
    { type: 2, timestamp: AT + 1, data: { node: { type: 0, id: 1, childNodes: [html] }, initialOffset: { left: 0, top: 0 } } },
    { type: 5, timestamp: AT + 2, data: { tag: 'rrweb-store:resources', payload: resources } },
    { type: 5, timestamp: AT + 500, data: { tag: 'end', payload: {} } },
  ].map((event) => JSON.stringify(event));
  const visit = await visitSite(browser, (path) => (path.includes('/events') ? events(lines) : json(recording(path.includes('-2') ? 2 : 1))));
  const askedOfHosts: Asked[] = [];
  const { context, page } = visit;
  await context.route(/^https:\/\/(cdn|pictures)\.example/, async (route) => {
    askedOfHosts.push({ url: route.request().url(), headers: await route.request().allHeaders() });
    const isSheet = route.request().url().endsWith('.css');
    return route.fulfill({ contentType: isSheet ? 'text/css' : 'image/svg+xml', body: isSheet ? SHEET : DOT });
  });
  if (!serve) await context.route(`${SITE}/other-hosts.html`, (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto(`${SITE}/recordings/recording-1`);
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  return { ...visit, askedOfHosts };
}

async function listening(answer: (path: string, cookie: string | undefined) => { body: string; headers: Record<string, string> }): Promise<Server> {
  const server = createServer((request, response) => {
    const { body, headers } = answer(request.url!, request.headers.cookie);
    response.writeHead(200, { 'Content-Type': 'text/html', ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const replayed = ({ page }: Visit) => page.frameLocator('.player iframe').frameLocator('iframe');

test('they are left out and counted, and nothing is asked of their hosts', async () => {
  const { end, page, askedOfHosts, strangers } = await watch();
  const said = await page.getByText('not shown').innerText();
  await end();

  expect({ said, askedOfHosts, strangers }).toEqual({
    said: '3 pictures, 1 font and 1 style sheet from 2 other hosts are not shown.',
    askedOfHosts: [],
    strangers: [],
  });
});

test('what is stored does not count, and what the recorder calls missing does', async () => {
  const resources = {
    stored: { [`${CDN}/c.svg`]: ['0'.repeat(64), 'image/svg+xml'], [`${CDN}/f.woff2`]: ['1'.repeat(64), 'font/woff2'] },
    missing: { [`${EVIL}/font`]: { reason: 'cors', kind: 'font' }, [`${CDN}/s.css`]: { reason: 'cors', kind: 'style' }, 'javascript:x': { kind: 'image' } },
  };
  const { end, page } = await watch({ resources });
  const said = await page.getByText('not shown').innerText();
  await end();

  expect(said).toBe('2 pictures, 1 font and 1 style sheet from 3 other hosts are not shown.');
});

test('the switch loads them from the named hosts, and nothing from elsewhere', async () => {
  const visit = await watch();
  const { end, page, askedOfHosts, strangers } = visit;
  await page.getByRole('switch', { name: 'Load files from other hosts' }).focus();
  await page.keyboard.press('Space');
  await expect.poll(() => replayed(visit).locator('p').evaluate((p) => p.getBoundingClientRect().width), { timeout: 40_000 }).toBe(123);
  await expect.poll(() => replayed(visit).locator('img').first().evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(7);
  await expect.poll(() => askedOfHosts.length, { timeout: 40_000 }).toBeGreaterThanOrEqual(6);
  const facts = await page.locator('.player iframe').evaluate((frame: HTMLIFrameElement) => {
    const inner = frame.contentDocument!.querySelector('iframe')!;
    return { sandbox: inner.sandbox.value, scripts: inner.contentDocument!.scripts.length, inert: frame.inert };
  });
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('role'));
  const said = await page.locator('#other-hosts-note').innerText();
  const leftOut = await page.getByText('not shown').count();
  const paths = [...new Set(askedOfHosts.map(({ url }) => url))].sort();
  const told = askedOfHosts.flatMap(({ headers }) => [headers['referer'], headers['origin'], headers['authorization']]).filter(Boolean);
  await end();

  expect(paths).toEqual([`${CDN}/again.svg`, `${CDN}/c.svg`, `${CDN}/f.woff`, `${CDN}/f.woff2`, `${CDN}/s.css`, `${PICTURES}/a.svg`, `${PICTURES}/b.svg`]);
  expect({ ...facts, focused, said, leftOut, strangers }).toEqual({
    sandbox: 'allow-same-origin',
    scripts: 0,
    inert: true,
    focused: 'switch',
    said: 'cdn.example and pictures.example:8443 can see your network address until you leave this recording.',
    leftOut: 0,
    strangers: [],
  });
  expect(told.filter((one) => ![SITE, `${SITE}/`, `${CDN}/s.css`].includes(one!))).toEqual([]); // never the address of a page
});

test('no cookie of the watcher goes to another host from the page for it, and would from any other', async () => {
  const cookies: Record<string, string | undefined> = {};
  const servers = await Promise.all([
    listening((path) => ({ body: path === OTHER_HOSTS_PAGE ? '<!doctype html><head></head>' : '<!doctype html>', headers: path === OTHER_HOSTS_PAGE ? OTHER_HOSTS_HEADERS : {} })),
    listening((path, cookie) => {
      cookies[path] = cookie;
      return { body: DOT, headers: { 'Content-Type': 'image/svg+xml' } };
    }),
  ]);
  const [own, other] = servers.map((server) => `http://localhost:${(server.address() as AddressInfo).port}`);
  const context = await browser.newContext();
  await context.addCookies([{ name: 'who', value: 'the-watcher', url: own! }]); // cookies know no ports
  const page = await context.newPage();
  await page.goto(`${own}/`);
  await page.evaluate(
    async ([path, other]) => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      frame.src = path!;
      await new Promise((resolve) => (frame.onload = resolve));
      const nested = frame.contentDocument!.body.appendChild(document.createElement('iframe')).contentDocument!;
      for (const [name, owner] of [['usual', document], ['framed', frame.contentDocument!], ['nested', nested]] as const) {
        const picture = owner.body.appendChild(document.createElement('img'));
        picture.src = `${other}/${name}`;
        await new Promise((resolve) => (picture.onload = picture.onerror = resolve));
      }
    },
    [OTHER_HOSTS_PAGE, other],
  );
  await context.close();
  for (const server of servers) server.close();

  expect(cookies).toEqual({ '/usual': 'who=the-watcher', '/framed': undefined, '/nested': undefined });
});

test('the page is laid out as without, to the pixel', async () => {
  const named = { type: 5, timestamp: (JSON.parse(SESSION_LINES.at(-1)!) as { timestamp: number }).timestamp, data: { tag: 'rrweb-store:resources', payload: { missing: { [`${CDN}/a.svg`]: {} } } } };
  const visit = await visitSite(browser, (path) => (path.includes('/events') ? events([...SESSION_LINES, JSON.stringify(named)]) : json(recording(1))));
  await visit.page.goto(`${SITE}/recordings/recording-1?t=9`);
  await visit.page.getByRole('switch').waitFor();
  const boxes = () => [...document.body.querySelectorAll('*')].map((one) => JSON.stringify(one.getBoundingClientRect()));
  const first = visit.page.frameLocator('.player iframe').locator('body');
  await expect.poll(() => first.innerText()).toContain('Harbour log');
  const without = await first.evaluate(boxes);
  await visit.page.getByRole('switch').click();
  await expect.poll(() => replayed(visit).locator('body').innerText(), { timeout: 40_000 }).toContain('Harbour log');
  await expect.poll(() => replayed(visit).locator('body').evaluate(boxes)).toEqual(without);
  await visit.end();
});

test('it is off again for the next recording, and when it is switched off', async () => {
  const { end, page } = await watch();
  const toggle = page.getByRole('switch', { name: 'Load files from other hosts' });
  await toggle.check();
  await page.locator('.player iframe iframe').waitFor({ state: 'attached', timeout: 1 }).catch(() => {});
  await toggle.uncheck();
  const off = await page.getByText('not shown').innerText();
  await toggle.check();
  await page.evaluate(() => {
    history.pushState(null, '', '/recordings/recording-2');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await page.getByRole('heading', { name: 'Page 2' }).waitFor();
  await page.getByText('not shown').waitFor();
  const isOn = await toggle.isChecked();
  await end();

  expect({ off, isOn }).toEqual({ off: '3 pictures, 1 font and 1 style sheet from 2 other hosts are not shown.', isOn: false });
});

test('a site that does not serve the page says so, and shows the recording without', async () => {
  const { end, page } = await watch({ serve: false });
  await page.getByRole('switch').check({ force: true, timeout: 5_000 }).catch(() => {}); // it is off again at once
  const said = await page.getByRole('alert').innerText();
  await page.frameLocator('.player iframe').first().getByText('a paragraph').waitFor({ state: 'attached' });
  await end();

  expect(said).toBe('The files cannot be loaded: this site does not serve the page that loads them.');
});
