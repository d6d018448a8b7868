/** The site when something fails, under its real policy. */
import { expect, test } from 'vitest';
import { type FakeApi, SESSION_LINES, SITE, type Visit, events, json, problem, recording } from './given';
import { oneVisitATest } from './one-visit-a-test';
import { watched } from './places';

const visitSite = oneVisitATest();
let visit: Visit;

const RECORDING = `${SITE}/recordings/recording-1`;
const some: FakeApi = (path) =>
  path.includes('/events') ? events(SESSION_LINES) : json({ recordings: [recording(2), recording(1)] });
const withoutSnapshot = SESSION_LINES.filter((line) => (JSON.parse(line) as { type: number }).type === 3);

test('an error shows the title of the problem, and trying again removes it', async () => {
  let broken = true;
  visit = await visitSite((path, method) =>
    broken ? problem(400, 'This cursor is of no use', 'It is from elsewhere.') : some(path, method),
  );
  await visit.page.goto(SITE);
  const alert = visit.page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.innerText()).toContain('This cursor is of no use\n\nIt is from elsewhere.\n\nRequest request-1');
  broken = false;
  await visit.page.getByRole('button', { name: 'Try again' }).click();

  await visit.page.getByText('Page 2', { exact: true }).waitFor();
});

test('an API that does not respond is reported as unreachable', async () => {
  visit = await visitSite(() => undefined);
  await visit.page.goto(SITE);

  await visit.page.getByRole('heading', { name: 'The API cannot be reached' }).waitFor();
});

test('a note says that the site is offline, until it is online again', async () => {
  visit = await visitSite(some);
  await visit.page.goto(SITE);
  await visit.context.setOffline(true);
  await visit.page.getByText('You are offline').waitFor();
  await visit.context.setOffline(false);

  await visit.page.getByText('You are offline').waitFor({ state: 'detached' });
});

test.for(['/', '/recordings/recording-1'])('%s is loaded without a press when the network is back', async (path) => {
  let broken = true;
  visit = await visitSite((asked, method) => {
    if (!broken) return path === '/' ? some(asked, method) : watched(() => events(SESSION_LINES))(asked, method);
    return path !== '/' && !asked.includes('/events') ? json(recording(1)) : problem(400, 'Not now', '');
  });
  await visit.page.goto(SITE + path);
  await visit.page.getByRole('heading', { name: 'Not now' }).waitFor();
  await visit.context.setOffline(true);
  await visit.page.getByText('You are offline').waitFor();
  broken = false;
  await visit.context.setOffline(false);

  await visit.page.locator('.card, .player .round:enabled').first().waitFor();
});

test('a session whose token the API refuses has ended', async () => {
  visit = await visitSite(() => problem(401, 'Unauthorized', ''));
  await visit.page.goto(`${SITE}/recordings/recording-1`);
  await visit.page.getByRole('heading', { name: 'Your session has ended' }).waitFor();

  expect(await visit.page.getByRole('button', { name: 'Sign in again' }).isVisible()).toBe(true);
  expect(await visit.page.evaluate(() => Object.keys(sessionStorage))).toEqual(['told']);
});

test('a missing recording says whom its link opens for', async () => {
  visit = await visitSite(() => problem(404, 'Not found', 'There is no recording of this id.'));
  await visit.page.goto(`${SITE}/recordings/nothing`);

  await visit.page.getByRole('heading', { name: 'You have no such recording' }).waitFor();
});

test('a recording without a snapshot of the page says that there is nothing to play', async () => {
  visit = await visitSite(watched(() => events(withoutSnapshot)));
  await visit.page.goto(`${SITE}/recordings/recording-1`);

  await visit.page.getByRole('heading', { name: 'There is nothing to play' }).waitFor();
});

const at = (type: number, data: object, ms: number) => JSON.stringify({ type, data, timestamp: Date.UTC(2026, 0, 1) + ms });
const changes = { source: 0, adds: '[]', removes: '[]', attributes: '[]', texts: '[]' };
const html = (childNodes: unknown) => ({ type: 0, id: 1, childNodes: [{ type: 2, id: 2, tagName: 'html', attributes: {}, childNodes }] });

test.each([
  ['lists that are text', { type: 0, id: 1, childNodes: '[…]' }],
  ['an element whose children are text', html('[…]')],
  ['no document at all', {}],
  ['a text in place of a document', { type: 3, id: 1, textContent: 'x' }],
])('a recording whose snapshot has %s says that it cannot be shown, also while it grows', async (_, node) => {
  const lines = [at(4, { href: 'https://x.example/', width: 800, height: 600 }, 0), at(2, { node, initialOffset: {} }, 1), at(3, changes, 500)];
  visit = await visitSite(watched(() => events(lines), Date.now));
  await visit.page.goto(RECORDING);

  await visit.page.getByRole('heading', { name: 'This recording cannot be shown' }).waitFor();
  await visit.page.getByText('2 events are damaged').waitFor();
  expect(await visit.page.getByText('Loading').count()).toBe(0);
});

test('an unreadable recording says how much could not be read, and can be checked again', async () => {
  let isThere = false;
  visit = await visitSite(watched(() => (isThere ? events(SESSION_LINES) : events([], { skipped: 3 }))));
  await visit.page.goto(RECORDING);
  await visit.page.getByRole('heading', { name: 'There is nothing to play' }).waitFor();
  await visit.page.getByText('3 parts could not be read').waitFor();
  isThere = true;
  await visit.page.getByRole('button', { name: 'Check again' }).click();

  await visit.page.getByRole('button', { name: 'Pause' }).waitFor();
});

test('missing events show the title of the problem, and can be requested again', async () => {
  let isThere = false;
  visit = await visitSite(
    watched(() => (isThere ? events(SESSION_LINES) : problem(404, 'Not found', 'This recording has no events.'))),
  );
  await visit.page.goto(RECORDING);
  await visit.page.getByRole('heading', { name: 'Not found' }).waitFor();
  isThere = true;
  await visit.page.getByRole('button', { name: 'Try again' }).click();

  await visit.page.getByRole('button', { name: 'Pause' }).waitFor();
});

test('a recording that has just started waits for its first events, and then plays', async () => {
  let isThere = false;
  visit = await visitSite(watched(() => events(isThere ? SESSION_LINES : []), Date.now));
  await visit.page.goto(RECORDING);
  await visit.page.getByText('this recording has just started').waitFor();
  isThere = true;

  await visit.page.getByRole('button', { name: 'Pause' }).waitFor();
});

test('the loaded part plays when the rest fails, which is shown and can be retried', async () => {
  let isBroken = true;
  visit = await visitSite(
    watched((path) => {
      if (!path.includes('cursor')) return events(SESSION_LINES.slice(0, 40), { next: 'two', more: true });
      return isBroken ? problem(400, 'This cursor is of no use', '') : events(SESSION_LINES.slice(40));
    }),
  );
  await visit.page.goto(RECORDING);
  await visit.page.getByRole('heading', { name: 'This cursor is of no use' }).waitFor();
  await visit.page.frameLocator('.player iframe').locator('h1').waitFor({ state: 'attached' });
  expect(await visit.page.getByText('Loading more events').count()).toBe(0);
  isBroken = false;
  await visit.page.getByRole('button', { name: 'Try again' }).click();

  await visit.page.locator('.time', { hasText: '/ 0:19' }).waitFor();
  expect(await visit.page.getByRole('alert').count()).toBe(0);
});

test('a passing failure is retried without user action', async () => {
  let asked = 0;
  visit = await visitSite(
    watched(() => (asked++ === 0 ? problem(503, 'Service unavailable', '') : events(SESSION_LINES))),
  );
  await visit.page.goto(RECORDING);

  await visit.page.getByRole('button', { name: 'Pause' }).waitFor();
});

test('a session that ends during playback says so, and signing in leads back to the moment', async () => {
  visit = await visitSite(
    watched((path) => (path.includes('cursor') ? problem(401, 'Unauthorized', '') : events(SESSION_LINES.slice(0, 40), { next: 'two', more: true }))),
  );
  await visit.page.goto(`${RECORDING}?t=1`);
  await visit.page.getByRole('button', { name: 'Sign in again' }).click();
  await visit.page.waitForURL('https://sign-in.example/**');
  const { searchParams } = new URL(visit.page.url());

  expect(Object.fromEntries([...searchParams].filter(([name]) => /^(response_type|code_challenge_method)$/.test(name)))).toEqual({
    response_type: 'code',
    code_challenge_method: 'S256',
  });
  await visit.page.goto(SITE);
  const states = await visit.page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  expect(states).toContain('/recordings/recording-1?t=1');
});

test('offline, the loaded recording still plays', async () => {
  visit = await visitSite(watched(() => events(SESSION_LINES)));
  await visit.page.goto(RECORDING);
  await visit.page.getByRole('button', { name: 'Pause' }).waitFor();
  await visit.context.setOffline(true);
  await visit.page.getByText('You are offline').waitFor();
  await visit.page.keyboard.press('End');

  await visit.page.getByRole('button', { name: 'Play again' }).waitFor();
});

test('a sign-in that was not started in this tab fails, and can be started again', async () => {
  visit = await visitSite(some, { signedIn: false });
  await visit.page.goto(`${SITE}/signed-in?code=a&state=b`);
  await visit.page.getByRole('heading', { name: 'Sign-in failed' }).waitFor();
  const address = visit.page.url();
  await visit.page.getByRole('button', { name: 'Sign in again' }).click();
  await visit.page.waitForURL('https://sign-in.example/**');

  expect(address).toBe(`${SITE}/signed-in`);
});

test('a site without its configuration says so, and starts once it is there', async () => {
  visit = await visitSite(some);
  await visit.page.route(`${SITE}/config.json`, (route) => route.fulfill({ json: {} }), { times: 1 });
  await visit.page.goto(SITE);
  await visit.page.getByText('/config.json lacks apiUrl').waitFor();
  await visit.page.getByRole('button', { name: 'Try again' }).click();

  await visit.page.getByText('Page 2', { exact: true }).waitFor();
});

test('a part of the site that cannot be loaded says so, and the rest still works', async () => {
  visit = await visitSite(some);
  await visit.page.route(`${SITE}/assets/set-up-page-*.js`, (route) => route.abort());
  await visit.page.goto(SITE);
  await visit.page.getByRole('link', { name: 'Set up' }).click();
  await visit.page.getByRole('heading', { name: 'Something went wrong' }).waitFor();
  await visit.page.getByRole('link', { name: 'Recordings' }).click();
  await visit.page.getByText('Page 2', { exact: true }).waitFor();
  await visit.page.getByRole('link', { name: 'Set up' }).click();
  await visit.page.unroute(`${SITE}/assets/set-up-page-*.js`);
  await visit.page.getByRole('button', { name: 'Try again' }).click();

  await visit.page.getByRole('heading', { name: 'Set up' }).waitFor();
});
