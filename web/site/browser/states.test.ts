/** The site when everything works, under its real policy. For failures, see failures.test.ts. */
import { expect, test } from 'vitest';
import { type FakeApi, SESSION_LINES, SITE, type Visit, events, json, recording } from './given';
import { oneVisitATest } from './one-visit-a-test';

const visitSite = oneVisitATest();
let visit: Visit;

const PAGES = Array.from({ length: 65 }, (_, n) => recording(65 - n));

/** 65 recordings, in pages of the requested size. */
const manyRecordings: FakeApi = (path) => {
  const { pathname, searchParams } = new URL(path, SITE);
  if (pathname.endsWith('/events')) return events(SESSION_LINES.slice(0, 20));
  const from = Number(searchParams.get('cursor') ?? 0);
  const to = from + Number(searchParams.get('limit'));
  return json({ recordings: PAGES.slice(from, to), ...(to < PAGES.length ? { nextCursor: String(to) } : {}) });
};

/** An API with one recording that has these events. */
function oneRecording(answer: FakeApi): FakeApi {
  return (path, method) => (path.includes('/events') ? answer(path, method) : json(recording(1)));
}

/** The session in two pages, of which the second is answered after `release`. */
function inTwoPages(): { answer: FakeApi; release: () => void } {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const answer: FakeApi = async (path) => {
    if (!path.includes('cursor')) return events(SESSION_LINES.slice(0, 40), { next: 'two', more: true });
    await held;
    return events(SESSION_LINES.slice(40));
  };
  return { answer, release: () => release() };
}

test('scrolling loads the list to its end', async () => {
  visit = await visitSite(manyRecordings);
  await visit.page.goto(SITE);
  await visit.page.getByText('Page 65', { exact: true }).waitFor();
  await expect
    .poll(
      async () => {
        await visit.page.mouse.wheel(0, 4000);
        return visit.page.locator('.card').count();
      },
      { timeout: 40_000 },
    )
    .toBe(65);

  expect(await visit.page.locator('.card .title').first().textContent()).toBe('Page 65');
});

test('a list is where it was left, after Back, a reload and the way back from a recording', async () => {
  visit = await visitSite(manyRecordings);
  const { page } = visit;
  await page.goto(SITE);
  const link = page.getByRole('link', { name: 'Page 20', exact: true });
  const top = async () => Math.round((await link.boundingBox())!.y);
  await expect.poll(async () => (await page.mouse.wheel(0, 2000), page.locator('.card').count()), { timeout: 40_000 }).toBeGreaterThan(59);
  await link.evaluate((one) => one.scrollIntoView({ block: 'center' }));
  const before = await top();
  const isThere = async () => expect.poll(async () => Math.abs((await top()) - before), { timeout: 40_000 }).toBeLessThan(3);
  await link.click();
  await page.locator('.recording .back').click();
  await isThere();
  await link.click();
  await page.locator('.recording').waitFor();
  await page.goBack();
  await isThere();
  await page.reload();
  await isThere();
  await page.getByRole('link', { name: 'With errors' }).click();
  await page.locator('.card').first().waitFor();

  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test('the first page of events plays, and the rest is added', async () => {
  const { answer, release } = inTwoPages();
  visit = await visitSite(oneRecording(answer));
  await visit.page.goto(`${SITE}/recordings/recording-1`);
  await visit.page.frameLocator('.player iframe').locator('h1').waitFor({ state: 'attached' });
  const before = Number(await visit.page.getByRole('slider').getAttribute('max'));
  release();
  const total = timestamp(SESSION_LINES.at(-1)!) - timestamp(SESSION_LINES[0]!);

  await expect.poll(async () => Number(await visit.page.getByRole('slider').getAttribute('max'))).toBe(total);
  expect(before).toBeLessThan(total / 2);
});

function typeOf(line: string): number {
  return (JSON.parse(line) as { type: number }).type;
}

function timestamp(line: string): number {
  return (JSON.parse(line) as { timestamp: number }).timestamp;
}

test('a link to a moment can be copied, and opens at that moment', async () => {
  visit = await visitSite(oneRecording(() => events(SESSION_LINES)));
  await visit.page.goto(`${SITE}/recordings/recording-1?t=7.5`);
  await visit.page.locator('.time', { hasText: '0:07' }).waitFor();
  await visit.page.getByRole('button', { name: 'Copy a link to this moment' }).click();

  expect(await visit.page.evaluate(() => navigator.clipboard.readText())).toBe(`${SITE}/recordings/recording-1?t=7.5`);
});

test('missing batches are marked on the timeline and listed', async () => {
  visit = await visitSite(
    oneRecording(() => events(SESSION_LINES, { missing: '3-5,9', skipped: 2 })),
  );
  await visit.page.goto(`${SITE}/recordings/recording-1`);
  await visit.page.getByText('batches 3 to 5 are missing').waitFor();

  expect(await visit.page.locator('.track .mark-gap').count()).toBe(2);
  expect(await visit.page.locator('.track .mark-skipped').count()).toBe(1);
  expect(await visit.page.getByText('2 parts could not be read').isVisible()).toBe(true);
});

test('the keyboard plays, pauses and seeks', async () => {
  visit = await visitSite(oneRecording(() => events(SESSION_LINES)));
  const { page } = visit;
  await page.goto(`${SITE}/recordings/recording-1`);
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play' }).waitFor();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.locator('.time', { hasText: '0:10 /' }).waitFor();
  await page.keyboard.press('>');

  expect(await page.getByLabel('Speed').inputValue()).toBe('2');
  await page.keyboard.press('End');
  await page.keyboard.press('Space');
  await page.locator('.time', { hasText: '0:00 /' }).waitFor();
});

test('a player that stands still asks for no frames', async () => {
  visit = await visitSite(oneRecording(() => events(SESSION_LINES)));
  const { page } = visit;
  await page.addInitScript(() => {
    const own = window.requestAnimationFrame.bind(window);
    Object.assign(window, { frames_: 0 });
    window.requestAnimationFrame = (work) => ((window as unknown as { frames_: number }).frames_++, own(work));
  });
  /** How many frames are asked for while others would be drawn. */
  const asked = (): Promise<number> =>
    page.evaluate(async () => {
      const counter = window as unknown as { frames_: number };
      counter.frames_ = 0;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return counter.frames_;
    });
  await page.goto(`${SITE}/recordings/recording-1`);
  await page.getByRole('button', { name: 'Pause' }).first().waitFor();
  expect(await asked()).toBeGreaterThan(0);

  await page.getByRole('button', { name: 'Pause' }).first().click();
  await page.getByRole('button', { name: 'Play', exact: true }).first().waitFor();
  await expect.poll(asked).toBe(0);
});

test('a live recording opens live, shows new events as they arrive, and says at once that it has ended', async () => {
  const now = Date.now();
  const first = [4, 2].map((type, n) => {
    const event = JSON.parse(SESSION_LINES.find((line) => typeOf(line) === type)!) as object;
    return JSON.stringify({ ...event, timestamp: now - 2000 + n });
  });
  let tag = 'later';
  const later = () => JSON.stringify({ type: 5, timestamp: Date.now(), data: { tag, payload: {} } });
  visit = await visitSite(
    oneRecording((path) => events(path.includes('cursor') ? [later()] : first)),
  );
  await visit.page.goto(`${SITE}/recordings/recording-1`);
  const live = visit.page.getByRole('button', { name: 'Live' });
  await live.waitFor();
  const polls = () => visit.asked.filter((path) => path.includes('cursor')).length;
  await expect.poll(polls, { timeout: 40_000 }).toBeGreaterThan(3);

  await visit.page.locator('.time', { hasText: /0:0[4-9] \/ 0:0[4-9]/ }).waitFor();
  expect(await live.getAttribute('aria-pressed')).toBe('true');
  tag = 'rrweb-store:end';
  await visit.page.getByRole('status').getByText('Ended').waitFor();
  expect(await live.count()).toBe(0);
});

test('the bookmarklet holds the values of the stack, and no token', async () => {
  visit = await visitSite(manyRecordings);
  await visit.page.goto(`${SITE}/set-up`);
  const href = await visit.page.locator('.bookmarklet').getAttribute('href');

  expect(decodeURIComponent(href!)).toContain(`{"relayUrl":"${SITE}/relay"}`);
  expect(await visit.page.locator('.set-up').innerHTML()).not.toContain('eyJ');
});

test('the screenshot is shown until the first frame is drawn', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const pixel = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');
  visit = await visitSite(async (path) => {
    if (path.endsWith('/screenshot')) return { body: pixel, headers: { 'Content-Type': 'image/webp' } };
    if (!path.includes('/events')) return json(recording(1, { hasScreenshot: true }));
    await held;
    return events(SESSION_LINES);
  });
  await visit.page.goto(`${SITE}/recordings/recording-1`);
  const poster = visit.page.locator('.poster');
  await poster.waitFor();
  const drawn = await poster.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth));
  release();
  await poster.waitFor({ state: 'detached' });

  expect(drawn).toBe(1);
  expect(await visit.page.locator('.player iframe').isVisible()).toBe(true);
});

test('the player says that more is loading until it is loaded', async () => {
  const { answer, release } = inTwoPages();
  visit = await visitSite(oneRecording(answer));
  await visit.page.goto(`${SITE}/recordings/recording-1`);
  await visit.page.getByRole('progressbar', { name: 'Loading the rest' }).waitFor();
  await visit.page.getByText('Loading more events').waitFor(); // everything loaded has been played
  release();

  await visit.page.getByRole('progressbar').waitFor({ state: 'hidden' });
  await visit.page.getByText('Loading more events').waitFor({ state: 'detached' });
});

/** The beginning of the session, and an event ten minutes later. */
const longIdle = () => {
  const first = SESSION_LINES.slice(0, 12);
  return [...first, JSON.stringify({ type: 5, timestamp: timestamp(first.at(-1)!) + 600_000, data: { tag: 'end', payload: {} } })];
};

test('idle time is skipped unless it is to be shown', async () => {
  visit = await visitSite(oneRecording(() => events(longIdle())));
  const { page } = visit;
  await page.goto(`${SITE}/recordings/recording-1`);
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  await page.getByLabel('Skip idle').uncheck();
  await page.getByRole('button', { name: 'Play again' }).click();
  // Skipping would pass a hundred seconds between two draws of the time.
  const seconds = await page.waitForFunction(() => {
    const [minutes, seconds] = document.querySelector('.time')!.textContent!.split(' ')[0]!.split(':').map(Number);
    return minutes! * 60 + seconds! >= 4 ? minutes! * 60 + seconds! : undefined;
  });

  expect(await seconds.jsonValue()).toBeLessThan(60);
  expect(await page.getByText('Skipping idle time').count()).toBe(0);
});

test('a click on the timeline seeks there', async () => {
  visit = await visitSite(oneRecording(() => events(SESSION_LINES)));
  await visit.page.goto(`${SITE}/recordings/recording-1`);
  await visit.page.getByRole('button', { name: 'Pause' }).click();
  const { x, y, width, height } = (await visit.page.getByRole('slider').boundingBox())!;
  await visit.page.mouse.click(x + width / 2, y + height / 2);

  await visit.page.locator('.time', { hasText: '0:09 / 0:19' }).waitFor();
});

test('a blocked element is hatched', async () => {
  const blocked = { type: 2, id: 4, tagName: 'div', attributes: { class: 'rr-block', rr_width: '90px', rr_height: '40px' }, childNodes: [] };
  const body = { type: 2, id: 3, tagName: 'body', attributes: {}, childNodes: [blocked] };
  const html = { type: 2, id: 2, tagName: 'html', attributes: {}, childNodes: [body] };
  const lines = [
    { type: 4, timestamp: 1_000, data: { href: 'https://shop.example/', width: 800, height: 600 } },
    { type: 2, timestamp: 1_001, data: { node: { type: 0, id: 1, childNodes: [html] }, initialOffset: { left: 0, top: 0 } } },
    { type: 5, timestamp: 2_000, data: { tag: 'end', payload: {} } },
  ].map((event) => JSON.stringify(event));
  visit = await visitSite(oneRecording(() => events(lines)));
  await visit.page.goto(`${SITE}/recordings/recording-1`);
  const part = visit.page.frameLocator('iframe').locator('.rr-block');
  await part.waitFor();

  expect(await part.evaluate((one) => getComputedStyle(one).backgroundImage)).toContain('repeating-linear-gradient');
  expect(await part.evaluate((one) => getComputedStyle(one).width)).toBe('90px');
});

test('a click on a gap seeks to it', async () => {
  visit = await visitSite(oneRecording(() => events(SESSION_LINES, { missing: '3' })));
  await visit.page.goto(`${SITE}/recordings/recording-1`);
  await visit.page.getByRole('button', { name: 'Pause' }).click();
  await visit.page.keyboard.press('End');
  await visit.page.getByLabel('Kinds of events').selectOption('What is missing');
  const gap = visit.page.locator('.kind-missing');
  await gap.click();

  expect(await visit.page.locator('.time').innerText()).toBe(`${await gap.locator('.at').innerText()} / 0:19`);
});

test('the snippets of the set-up page have the values of the stack', async () => {
  visit = await visitSite(manyRecordings);
  await visit.page.goto(`${SITE}/set-up`);
  await visit.page.locator('.bookmarklet').waitFor();

  expect(await copiedBy(['Copy the script tag', 'Copy the module', 'Copy API', 'Copy App client'])).toEqual([
    expect.stringMatching(/src="https:\/\/site\.example\/page-copy\.js"[^]*apiUrl: "https:\/\/api\.example\/v1"/),
    expect.stringMatching(/import { startRecording } from "@rrweb-store\/recorder";[^]*authority: "https:\/\/issuer\.example\/pool"[^]*apiUrl: "https:\/\/api\.example\/v1"/),
    'https://api.example/v1',
    'client',
  ]);
});

/** The content of the clipboard after a click on each of these buttons. */
async function copiedBy(names: readonly string[]): Promise<string[]> {
  const copied: string[] = [];
  for (const name of names) {
    await visit.page.getByRole('button', { name }).click();
    copied.push(await visit.page.evaluate(() => navigator.clipboard.readText()));
  }
  return copied;
}

test('a second press before the playground records starts no second recording', async () => {
  visit = await visitSite((path, method) => (method === 'PUT' ? new Promise(() => {}) : manyRecordings(path, method)));
  const { page, asked } = visit;
  await page.goto(`${SITE}/playground`);
  const button = page.getByRole('button', { name: 'Record this page' });
  await button.click();
  await expect.poll(() => asked).toHaveLength(1);
  await button.dispatchEvent('click');
  await expect.poll(() => button.isDisabled()).toBe(true);
  await page.getByRole('link', { name: 'Recordings' }).first().click();
  await page.getByText('Page 65', { exact: true }).waitFor();

  expect(asked.filter((path) => /^\/recordings\/[0-9a-f-]{36}$/.test(path))).toHaveLength(1);
});
