/** Every page and state of the site, and how to get there. */
import type { WatchedSite } from 'contract';
import { FAULTY_VISIT } from './faulty-visit';
import { type FakeApi, SESSION_LINES, SITE, type Visit, events, json, problem, recording, watchedSite } from './given';

export interface Place {
  readonly name: string;
  readonly path: string;
  readonly api: FakeApi;
  /** An element that is there in this state. */
  readonly sign: string;
  readonly signedOut?: true;
  /** With a clock of Playwright's. */
  readonly alone?: true;
  /** That the token opens. @default none */
  readonly sites?: readonly WatchedSite[];
  /** Runs before the page is opened. */
  readonly before?: (visit: Visit) => Promise<unknown>;
  /** Runs when the sign is there. */
  readonly after?: (visit: Visit) => Promise<unknown>;
  /** Errors on the console that belong to this state. */
  readonly complaint?: RegExp;
}

const RECORDING = '/recordings/recording-1';
const never = () => new Promise<undefined>(() => {});
const parsed = SESSION_LINES.map((line) => JSON.parse(line) as { type: number; timestamp: number });
/** As a page writes it whose arrays have a `toJSON`. */
const damaged = SESSION_LINES.filter((_, index) => parsed[index]!.type === 4).concat(
  JSON.stringify({ type: 2, data: { node: { type: 0, id: 1, childNodes: '[[object Object]]' } }, timestamp: Date.UTC(2026, 8, 1) }),
);
const withoutPicture = SESSION_LINES.filter((_, index) => parsed[index]!.type === 3);
/** The session, shifted so that it ends now. */
const youngLines = () =>
  parsed.map((event) => JSON.stringify({ ...event, timestamp: event.timestamp - parsed.at(-1)!.timestamp + Date.now() }));
const mark = (tag: string) => JSON.stringify({ type: 5, timestamp: Date.now(), data: { tag, payload: {} } });
/** What could not be stored of two other hosts. */
const MISSING = JSON.stringify({
  type: 5,
  timestamp: parsed.at(-1)!.timestamp,
  data: {
    tag: 'rrweb-store:resources',
    payload: {
      stored: {},
      missing: Object.fromEntries(['a.png', 'b.png', 'c.png', 's.css'].map((name) => [`https://${name[0] === 'c' ? 'pictures' : 'cdn'}.example/${name}`, { reason: 'cors', kind: name === 's.css' ? 'style' : 'image' }])),
    },
  },
});
const list: FakeApi = (path) =>
  path.includes('/events') ? events(SESSION_LINES) : json({ recordings: [4, 3, 2, 1].map((n) => recording(n)), lookedThrough: 4 });

/** Recordings with every fact, hostile texts and none; the newest is being made. */
const facts: FakeApi = (path) => {
  const known = { visitorId: '0b7f9a52-55b5-4f0f-9d8c-3f2a1c9f7e10', pages: ['https://shop.example/', 'https://shop.example/cart'], durationMs: 125_000, clicks: 14, browser: 'Chrome 140', device: 'desktop' };
  if (path.includes('/events')) return events(path.includes('recording-1/') ? [] : SESSION_LINES);
  const recordings = [
    recording(5, { ...known, createdAtMs: Date.now() - 125_000, user: 'ada@example.com' }),
    recording(4, { ...known, errors: 3, failedRequests: 1, rageClicks: 2, deadClicks: 1_200, tags: ['plan:pro', 'release:2026.9.1', 'region:eu-west-1', 'a:b', 'c:d'] }),
    recording(3, { ...known, pageTitle: `${'A'.repeat(10_000)}\n<b>`, pageUrl: `https://xn--bcher-kva.example/${'x'.repeat(3_000)}`, user: 'ا'.repeat(500), tags: ['t'.repeat(500)] }),
    recording(2, { ...known, pageTitle: 'عربة التسوق 🛒', pageUrl: 'https://xn--mgbh0fb.example/%D8%B3', device: 'phone', errors: 12_000 }),
    recording(1, { pageTitle: ' \n', pageUrl: 'javascript:alert(1)', userAgent: '' }),
  ];
  return json({ recordings, lookedThrough: 5, nextCursor: 'more' });
};
const delayed = async () => {
  await new Promise((resolve) => setTimeout(resolve, 300));
  return json({ recordings: [], lookedThrough: 1_000, nextCursor: 'more' });
};

/** An API with one recording that has these events. */
export function watched(answer: FakeApi, createdAtMs?: () => number): FakeApi {
  return (path, method) =>
    path.includes('/events') ? answer(path, method) : json(recording(1, createdAtMs ? { createdAtMs: createdAtMs() } : {}));
}

const ofList: Place[] = [
  { name: 'recordings', path: '/', api: list, sign: '.badge.length' },
  {
    name: 'recordings-long',
    path: '/',
    api: (path) =>
      path.includes('/events')
        ? events([])
        : json({
            recordings: [
              recording(3, { pageTitle: 'A title that goes on and on and does not end where one would like it to', pageUrl: `https://shop.example/${'deeper/'.repeat(30)}` }),
              recording(2, { pageTitle: '', pageUrl: '' }),
              recording(1, { pageTitle: '🦭 Seals', createdAtMs: Date.now() - 3_600_000 }),
            ],
          }),
    sign: '.card',
  },
  { name: 'recordings-rows', path: '/?density=rows&sort=longest', api: facts, sign: '.recording-row .troubles' },
  { name: 'recordings-facts', path: '/', api: facts, sign: '.badge.live' },
  {
    name: 'searching',
    path: '/?user=ada',
    api: (path) => (path.includes('/events') ? events(SESSION_LINES) : path.includes('cursor') ? never() : json({ recordings: [recording(1)], lookedThrough: 1_000, nextCursor: 'more' })),
    sign: 'role=button[name="Stop"]',
    after: ({ page }) => page.locator('.badge.length').waitFor(),
  },
  {
    name: 'search-stopped',
    path: '/?user=ada&density=rows',
    api: (path) => (path.includes('cursor') ? delayed() : json({ recordings: [], lookedThrough: 1_000, nextCursor: 'more' })),
    sign: 'role=button[name="Stop"]',
    after: async ({ page }) => {
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByRole('button', { name: 'Go on' }).waitFor();
    },
  },
  {
    name: 'saving-a-view',
    path: '/?errors=true&page=/cart',
    api: list,
    sign: '.badge.length',
    after: async ({ page }) => {
      await page.getByRole('button', { name: 'Save this view' }).click();
      await page.getByLabel('Name of the view').fill('today');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'list-keys',
    path: '/',
    api: list,
    sign: '.badge.length',
    after: async ({ page }) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'not-updated',
    path: '/',
    api: (path) => (/limit=12/.test(path) ? problem(503, 'Busy', 'Later.') : list(path, 'GET')),
    sign: 'text=Not updated since',
    complaint: /status of 503/,
  },
  { name: 'filtered', path: '/?errors=true&page=/checkout&tag=plan:pro&device=phone&from=1790000000000&to=1780000000000', api: list, sign: '.badge.length' },
  { name: 'none-fits', path: '/?rageClicks=true', api: () => json({ recordings: [], lookedThrough: 812 }), sign: 'text=No recording fits' },
  { name: 'empty', path: '/', api: () => json({ recordings: [] }), sign: '.notice' },
  { name: 'loading', path: '/', api: never, sign: '.skeleton' },
  {
    name: 'error',
    path: '/',
    api: () => problem(400, 'Bad request', 'The cursor is of no use.'),
    sign: '[role=alert]',
    complaint: /status of 400/,
  },
  { name: 'unreachable', path: '/', api: () => undefined, sign: '[role=alert]', complaint: /ERR_/ },
  {
    name: 'offline',
    path: '/',
    api: list,
    sign: '.badge.length',
    after: async ({ context, page }) => {
      await context.setOffline(true);
      await page.getByText('You are offline').waitFor();
    },
    complaint: /ERR_INTERNET_DISCONNECTED/,
  },
];

const ofRecording: Place[] = [
  {
    name: 'recording',
    path: RECORDING,
    api: watched(() => events(SESSION_LINES)),
    sign: '.player .round:enabled',
    after: ({ page }) => page.locator('.time', { hasText: '0:02' }).waitFor(), // while it plays
  },
  {
    name: 'downloads',
    path: RECORDING,
    api: watched(() => events(SESSION_LINES)),
    sign: '.player .round:enabled',
    after: async ({ page }) => {
      await page.getByRole('button', { name: 'Download' }).click();
      await page.getByText('One page (HTML)').waitFor();
    },
  },
  {
    name: 'keys-help',
    path: RECORDING,
    api: watched(() => events(SESSION_LINES)),
    sign: '.player .round:enabled',
    after: async ({ page }) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'gaps',
    path: RECORDING,
    api: watched(() => events(SESSION_LINES, { missing: '3-5,9', skipped: 2 })),
    sign: '.mark-gap',
  },
  ...[
    ['Events', 'Cannot read'],
    ['Console', 'Payment failed'],
    ['Network', '/api/pay'],
    ['Details', ''],
  ].map(
    ([panel = '', row = '']): Place => ({
      name: `panel-${panel.toLowerCase()}`,
      path: `${RECORDING}?t=9`,
      api: watched(() => events(FAULTY_VISIT)),
      sign: '.kind-rage',
      after: async ({ page }) => {
        await page.getByRole('tab', { name: panel }).click();
        await (row ? page.locator('.panel-row', { hasText: row }).click() : page.getByText('"plan": "pro"').waitFor());
      },
    }),
  ),
  {
    name: 'pointed',
    path: `${RECORDING}?t=9`,
    api: watched(() => events(FAULTY_VISIT)),
    sign: '.kind-rage',
    after: async ({ page }) => {
      await page.getByRole('listbox', { name: 'Moments on the timeline' }).focus();
      await page.locator('.still:not(.unfinished)').waitFor();
    },
  },
  {
    name: 'console-not-recorded',
    path: RECORDING,
    api: watched(() => events(SESSION_LINES)),
    sign: '.player .round:enabled',
    after: async ({ page }) => {
      await page.getByRole('tab', { name: 'Console' }).click();
      await page.getByText('no messages of the console').waitFor();
    },
  },
  {
    name: 'other-hosts',
    path: RECORDING,
    api: watched(() => events([...SESSION_LINES, MISSING])),
    sign: 'role=switch',
  },
  {
    name: 'other-hosts-loaded',
    path: RECORDING,
    api: watched(() => events([...SESSION_LINES, MISSING])),
    sign: 'role=switch',
    after: async ({ page }) => {
      await page.getByRole('switch').click();
      await page.getByText('until you leave this recording').waitFor();
      await page.getByText('not shown').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'live',
    path: RECORDING,
    api: watched((path) => events(path.includes('cursor') ? [] : youngLines()), Date.now),
    sign: '.player button.live[aria-pressed=true]',
  },
  {
    name: 'live-ended',
    path: RECORDING,
    api: watched((path) => events(path.includes('cursor') ? [mark('rrweb-store:end')] : youngLines()), Date.now),
    sign: 'text=Ended',
  },
  {
    name: 'lost',
    path: RECORDING,
    api: watched((path) => events(path.includes('cursor') ? [] : youngLines()), Date.now),
    alone: true,
    before: ({ page }) => page.clock.install(),
    sign: '.player button.live[aria-pressed=true]',
    after: async ({ page }) => {
      await page.clock.fastForward(60_000);
      await page.getByText('No signal').waitFor();
    },
    complaint: /^Blocked script execution/, // of the clock, which Playwright puts into every frame
  },
  { name: 'recording-loading', path: RECORDING, api: watched(never), sign: '.over .loading' },
  {
    name: 'recording-waiting',
    path: RECORDING,
    api: watched(() => events([]), Date.now),
    sign: 'text=this recording has just started',
  },
  { name: 'nothing', path: RECORDING, api: watched(() => events(withoutPicture)), sign: 'text=There is nothing to play' },
  { name: 'damaged', path: RECORDING, api: watched(() => events(damaged)), sign: 'text=This recording cannot be shown' },
  { name: 'only-skipped', path: RECORDING, api: watched(() => events([], { skipped: 3 })), sign: 'text=There is nothing to play' },
  {
    name: 'recording-gone',
    path: RECORDING,
    api: () => problem(404, 'Not found', 'There is no recording of this id.'),
    sign: 'text=You have no such recording',
    complaint: /status of 404/,
  },
  {
    name: 'events-gone',
    path: RECORDING,
    api: watched(() => problem(404, 'Not found', 'This recording has no events.')),
    sign: '.player [role=alert]',
    after: ({ page }) => page.getByText('The recording could not be loaded').waitFor(),
    complaint: /status of 404/,
  },
  {
    name: 'stalled',
    path: RECORDING,
    api: watched((path) =>
      path.includes('cursor')
        ? problem(400, 'This cursor is of no use', 'It is from elsewhere.')
        : events(SESSION_LINES.slice(0, 40), { next: 'two', more: true }),
    ),
    sign: '.stalled [role=alert]',
    complaint: /status of 400/,
  },
];

const SITES = [watchedSite('shop'), watchedSite('shop2', { privacy: 'inputs' }), watchedSite('a-site-with-a-name-of-31-letter')];
const VISIT = {
  visitorId: '0b7f9a52-55b5-4f0f-9d8c-3f2a1c9f7e10',
  pages: ['https://shop.example/', 'https://shop.example/cart'],
  durationMs: 125_000,
  clicks: 14,
  errors: 1,
};
const visits: FakeApi = (path) => {
  if (path.includes('/events')) return events(SESSION_LINES);
  if (path.startsWith('/sites/shop/recordings/')) return json(recording(1, VISIT));
  return json({ recordings: [recording(3, VISIT), recording(2, { ...VISIT, user: 'ada@example.com', pages: [], errors: 0 }), recording(1)] });
};
const closed: FakeApi = () => problem(403, 'Forbidden', 'You are not in the group of this site.');

const ofSites: Place[] = [
  { name: 'site-recordings', path: '/sites/shop', api: visits, sign: '.badge.length', sites: SITES },
  {
    name: 'switch',
    path: '/sites/shop',
    api: visits,
    sign: '.badge.length',
    sites: SITES,
    after: ({ page }) => page.getByRole('button', { name: 'Showing shop' }).click(),
  },
  { name: 'site-recording', path: '/sites/shop/recordings/recording-1', api: visits, sign: '.player .round:enabled', sites: SITES },
  { name: 'site-empty', path: '/sites/shop', api: () => json({ recordings: [] }), sign: '.notice', sites: SITES },
  { name: 'empty-with-sites', path: '/', api: () => json({ recordings: [] }), sign: '.notice', sites: SITES },
  { name: 'recording-of-a-site-gone', path: '/sites/shop/recordings/recording-1', api: () => problem(404, 'Not found', 'There is no recording of this id.'), sign: 'text=shop has no such recording', sites: SITES, complaint: /status of 404/ },
  { name: 'not-a-watcher', path: '/sites/shop/recordings/recording-1', api: closed, sign: '[role=alert]', complaint: /status of 403/ },
  { name: 'not-a-watcher-of-a-list', path: '/sites/shop', api: closed, sign: '[role=alert]', sites: SITES.slice(1), complaint: /status of 403/ },
  { name: 'set-up-with-sites', path: '/set-up', api: list, sign: '.bookmarklet', sites: SITES },
];

const others: Place[] = [
  { name: 'playground', path: '/playground', api: list, sign: '.things' },
  { name: 'set-up', path: '/set-up', api: list, sign: '.bookmarklet' },
  { name: 'unknown', path: '/elsewhere', api: list, sign: '.notice' },
  { name: 'relay', path: '/relay', api: list, sign: '.relay > *' },
  { name: 'welcome', path: '/', api: list, sign: 'button', signedOut: true },
  { name: 'ended', path: RECORDING, api: () => problem(401, 'Unauthorized', ''), sign: 'text=Sign in again', complaint: /status of 40[01]/ },
  { name: 'sign-in-failed', path: '/signed-in?code=a&state=b', api: list, sign: 'text=Sign in again', signedOut: true },
  {
    name: 'start-failed',
    path: '/',
    api: list,
    sign: '[role=alert]',
    before: ({ page }) => page.route(`${SITE}/config.json`, (route) => route.fulfill({ status: 500, body: '' })),
    complaint: /status of 500/,
  },
];

export const PLACES: readonly Place[] = [...ofList, ...ofRecording, ...ofSites, ...others];
