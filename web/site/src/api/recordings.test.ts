import { expect, test } from 'vitest';
import { MAX_SCREENSHOT_BYTES, getScreenshot } from './recordings';

const apiOf = (length: number) => async () => new Response(new Uint8Array(length));

test('a screenshot has the stored bytes', async () => {
  const blob = await getScreenshot(apiOf(MAX_SCREENSHOT_BYTES), 'r1');

  expect([blob?.size, blob?.type]).toEqual([MAX_SCREENSHOT_BYTES, 'image/webp']);
});

test('a screenshot that is too large for the list is left out', async () => {
  expect(await getScreenshot(apiOf(MAX_SCREENSHOT_BYTES + 1), 'r1')).toBeNull();
});
