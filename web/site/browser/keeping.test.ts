/** A recording is kept on its page, is marked in the list, is watched after its time, and is kept no longer. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { faded } from './faded';
import { type FakeApi, SESSION_LINES, SITE, events, json, problem, recording, watchedSite } from './given';
import { oneVisitATest } from './one-visit-a-test';
import { PICTURES } from './pictures';

const open = oneVisitATest();

const PICTURE = Buffer.from('GIF89a, about');
const SHA = createHash('sha256').update(PICTURE).digest('hex');
const RESOURCES = JSON.stringify({
  type: 5,
  timestamp: (JSON.parse(SESSION_LINES[0]!) as { timestamp: number }).timestamp,
  data: { tag: 'rrweb-store:resources', payload: { stored: { 'https://shop.example/a.gif': [SHA, 'image/gif'] } } },
});
const EXPIRES = Date.UTC(2026, 9, 1);

test('a recording is kept by the keyboard, marked in the list, and kept no longer', async () => {
  const requests: string[] = [];
  let told: object = { expiresAtMs: EXPIRES };
  let refusal: ReturnType<typeof problem> | undefined = problem(403, 'Forbidden', '');
  const api: FakeApi = (path) => {
    if (path.endsWith('/kept')) return refusal ?? json({ executionId: 'e' }, 202);
    if (path.includes('/events')) return events([...SESSION_LINES, RESOURCES]);
    if (path.includes('/recordings/recording-')) return json(recording(1, told));
    return json({ recordings: [recording(1, told)], lookedThrough: 1 });
  };
  const { page } = await open(api, { sites: [watchedSite('shop', { isAdmin: true })] });
  page.on('request', (request) => {
    if (request.url().endsWith('/kept') && request.method() !== 'OPTIONS') requests.push(`${request.method()} ${request.postData() ?? ''}`);
  });
  await page.goto(`${SITE}/sites/shop/recordings/recording-1?t=1`);
  const keep = page.getByRole('button', { name: 'Keep recording …' });
  await keep.press('Enter');
  const dialog = page.getByRole('alertdialog', { name: 'Keep this recording?' });
  await dialog.getByText('is not deleted after').waitFor();
  await page.keyboard.press('Escape');
  expect([await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), requests]).toEqual(['Keep recording …', []]);
  await page.keyboard.press('Enter');
  await dialog.getByText('is not deleted after').waitFor(); // and has the focus
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await dialog.getByText('You may not keep recordings of this site').waitFor();
  await faded(page);
  await page.screenshot({ path: `${PICTURES}/keeping-refused.png` });
  refusal = undefined;
  await dialog.getByRole('button', { name: 'Keep recording' }).press('Enter');
  await page.getByRole('status').getByText('Keeping …').waitFor();
  told = { expiresAtMs: EXPIRES, keeping: 'copying' };
  await keep.press('Enter');
  expect(await dialog.count()).toBe(0); // while it is being done
  told = { kept: true, retainedUntilMs: Date.UTC(2100, 0, 1) };
  const end = page.getByRole('button', { name: 'End keeping recording …' });
  await end.waitFor();
  await faded(page);
  await page.screenshot({ path: `${PICTURES}/keeping-kept.png` });
  await page.getByRole('link', { name: 'Recordings of shop' }).click();
  await page.locator('.card').getByText('Kept').waitFor();
  await page.screenshot({ path: `${PICTURES}/keeping-card.png` });
  await page.locator('.card .open').click();

  await end.press('Enter');
  const ending = page.getByRole('alertdialog', { name: 'End keeping this recording?' });
  await ending.getByText('You can keep it again until then.').waitFor();
  await ending.getByRole('button', { name: 'End keeping' }).press('Enter');
  await page.getByRole('status').getByText('Ending …').waitFor();
  told = { expiresAtMs: EXPIRES };
  await keep.waitFor();
  const named = `PUT ${JSON.stringify({ assets: [SHA] })}`;
  expect(requests).toEqual([named, named, 'DELETE ']);
});

test('a kept recording whose files have expired is shown with its own copies of them', async () => {
  const asked: string[] = [];
  const api: FakeApi = (path) => {
    if (path.includes('/assets/')) {
      asked.push(path);
      return problem(404, 'Not Found', '');
    }
    if (path.includes('/events')) return events([...SESSION_LINES, JSON.stringify({ ...JSON.parse(SESSION_LINES.at(-1)!), type: 5, data: { tag: 'x', payload: `data:image/gif;base64,rrweb-asset:${SHA}` } })]);
    return json(recording(1, { kept: true, retainedUntilMs: 5 }));
  };
  const { page } = await open(api);
  await page.goto(`${SITE}/recordings/recording-1?t=1`);

  await expect.poll(() => asked, { timeout: 40_000 }).toEqual([`/assets/${SHA}`, `/recordings/recording-1/kept/assets/${SHA}`]);
  await page.getByRole('button', { name: 'End keeping recording …' }).click();
  await page.getByText('it is deleted at once').waitFor();
});

test('a watcher of a site who is no administrator sees that it is kept, and no way to change that', async () => {
  const api: FakeApi = (path) => {
    if (path.includes('/events')) return events(SESSION_LINES);
    return json(path.includes('/recordings/') ? recording(1, { kept: true, retainedUntilMs: 5 }) : { recordings: [], lookedThrough: 0 });
  };
  const { page } = await open(api, { sites: [watchedSite('shop')] });
  await page.goto(`${SITE}/sites/shop/recordings/recording-1?t=1`);
  await page.getByRole('tab', { name: 'Details' }).click();
  await page.getByText('it would have been deleted after').waitFor();
  await page.getByRole('button', { name: 'Showing shop' }).waitFor(); // so the sites are known

  expect(await page.getByRole('button', { name: /keep/i }).count()).toBe(0);
});
