/** A browser context that serves a few files at one origin, and has no other network. */

/** @typedef {{ contentType: string, body: string | Buffer }} ServedFile */

/**
 * Serve `files` (path such as `/style.css` -> file) at `origin`; every other request fails.
 *
 * The origin is made up, and not a port of this machine, because a recording holds the page's address, which
 * should be the same on every machine.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} origin such as `https://playground.example`
 * @param {Record<string, ServedFile>} files
 * @param {{ width: number, height: number }} viewport in CSS pixels
 */
export async function contextWithOnly(browser, origin, files, viewport) {
  const context = await browser.newContext({ viewport, locale: 'en-GB', serviceWorkers: 'block' });
  await context.route('**/*', (route) => {
    const url = new URL(route.request().url());
    const file = url.origin === origin ? files[url.pathname] : undefined;
    return file ? route.fulfill(file) : route.abort('blockedbyclient');
  });
  return context;
}
