/** A page with the script tag of a site, as visitors get it, and a store that takes all and keeps nothing. */
import type { Browser, Page } from 'playwright-core';
import { builtFile } from './built-files';
import { recordingIdOf } from './recorded-page';

export const WRITE_URL = 'https://write.example/w/wk_pagepagepagepagepagepage';
export const TAG = `<script src="/page-copy.js" data-write-url="${WRITE_URL}" data-privacy="inputs"></script>`;

/** The page, once it is recorded. */
export async function openTagged(browser: Browser, body: string): Promise<Page> {
  const page = await browser.newPage();
  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/page-copy.js') return route.fulfill({ contentType: 'text/javascript', body: (await builtFile('page-copy.js'))! });
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: `<!doctype html><head>${TAG}</head><body>${body}` });
    return route.fulfill({ headers: { 'Access-Control-Allow-Origin': '*' }, body: '' });
  });
  await page.goto('https://page.example/');
  await recordingIdOf(page);
  return page;
}
