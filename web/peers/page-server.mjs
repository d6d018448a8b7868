/** A server of the page that a client records, on an origin of its own. */
import { createServer } from 'node:http';

/**
 * Serves a page for each path, beside `/client.js`, and `/settings.js`, which gives that script its settings. The
 * caller closes it.
 *
 * @param {string} script
 * @param {{ sink: string, token: string, [option: string]: unknown }} settings
 * @param {(path: string) => string} html
 */
export async function servePage(script, settings, html) {
  const given = `const settings = ${JSON.stringify(settings)};`;
  const server = createServer(({ url = '/' }, response) => {
    const body = url === '/client.js' ? script : url === '/settings.js' ? given : html(url);
    response.writeHead(200, { 'Content-Type': url.endsWith('.js') ? 'text/javascript' : 'text/html' }).end(body);
  });
  await new Promise((resolve) => void server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://localhost:${port}/`, close: () => void server.close() };
}
