import type { Page } from 'playwright-core';
import { browser } from '../chromium';
import { bundled } from './bundled';

/** A page with `record-in-page.ts` as `recorder`, which has not started. @param frame what `/frame` answers, on any host */
export async function pageToRecord(body: string, frame: string): Promise<Page> {
  const page = await browser.newPage();
  await page.route('**/*', (route) => {
    const isFrame = new URL(route.request().url()).pathname === '/frame';
    return route.fulfill({ contentType: 'text/html', body: isFrame ? frame : `<!doctype html><body>${body}` });
  });
  await page.goto('https://recorded.example/');
  await page.evaluate(await bundled('record-in-page', 'recorder'));
  return page;
}
