/** A visit to a small shop in which everything goes wrong that the panels beside the player show, as lines. */

const START_MS = Date.UTC(2026, 8, 1, 10);
const SHOP = 'https://shop.example';

type Node = Record<string, unknown>;
const element = (id: number, tagName: string, attributes: object = {}, ...childNodes: Node[]): Node => ({ type: 2, id, tagName, attributes, childNodes });
const text = (id: number, textContent: string): Node => ({ type: 3, id, textContent });

const PAGE: Node = {
  type: 0,
  id: 1,
  childNodes: [
    { type: 1, id: 2, name: 'html', publicId: '', systemId: '' },
    element(
      3,
      'html',
      { lang: 'en' },
      element(4, 'head', {}, element(5, 'style', {}, text(6, 'body { font: 18px sans-serif; margin: 40px } button, input { font: inherit; padding: 8px 14px; margin: 6px }'))),
      element(
        7,
        'body',
        {},
        element(8, 'h1', {}, text(9, 'A lamp')),
        element(10, 'button', { id: 'cart' }, element(11, 'span', {}, text(12, 'Add to cart'))),
        element(13, 'label', {}, text(14, 'E-mail'), element(15, 'input', { type: 'email' })),
        element(16, 'label', {}, element(17, 'input', { type: 'checkbox' }), text(18, 'Gift wrap')),
        element(19, 'button', {}, text(20, 'Pay now')),
      ),
    ),
  ],
};

const at = (ms: number, type: number, data: object): string => JSON.stringify({ type, timestamp: START_MS + ms, data });
const page = (ms: number, path: string): string[] => [at(ms, 4, { href: SHOP + path, width: 900, height: 600 }), at(ms + 1, 2, { node: PAGE, initialOffset: { top: 0, left: 0 } })];
const click = (ms: number, id: number): string => at(ms, 3, { source: 2, type: 2, id, x: 60, y: 120 });
const input = (ms: number, id: number, value: string, isChecked = false): string => at(ms, 3, { source: 5, id, text: value, isChecked });
const custom = (ms: number, tag: string, payload: object): string => at(ms, 5, { tag, payload });
const said = (ms: number, level: string, ...args: unknown[]): string =>
  at(ms, 6, { plugin: 'rrweb/console@1', payload: { level, trace: ['checkout (https://shop.example/shop.js:12:7)'], payload: args.map((one) => JSON.stringify(one)) } });
const asked = (ms: number, ...requests: object[]): string => at(ms, 6, { plugin: 'rrweb/network@1', payload: { requests } });
const request = (ms: number, method: string, path: string, status: number, duration: number, more: object = {}) => ({
  name: SHOP + path, method, status, initiatorType: 'fetch', timestamp: START_MS + ms, startTime: ms, duration, transferSize: 1_834, contentType: 'application/json', ...more,
});

export const FAULTY_VISIT: readonly string[] = [
  ...page(0, '/lamp?colour=blue#top'),
  custom(100, 'rrweb-store:user', { user: 'ada@example.com', traits: { plan: 'pro', seats: 3 } }),
  custom(200, 'rrweb-store:vital', { name: 'LCP', value: 2_540, rating: 'needs-improvement' }),
  said(300, 'log', 'The shop is open', { lamps: 3 }),
  asked(900, request(400, 'GET', '/api/lamps?page=1', 200, 120), request(450, 'GET', '/pictures/lamp.webp', 200, 300, { initiatorType: 'img', contentType: 'image/webp', transferSize: 84_120 })),
  click(2_000, 12),
  custom(2_100, 'rrweb-store:event', { name: 'added to cart', properties: { product: 'lamp', price: 42 } }),
  input(3_000, 15, 'a'),
  input(3_200, 15, '***************'),
  input(4_000, 17, 'on', true),
  said(4_500, 'warn', 'low stock', { left: 1 }),
  ...page(6_000, '/checkout#/pay'),
  custom(6_100, 'rrweb-store:vital', { name: 'CLS', value: 0.31, rating: 'poor' }),
  click(8_000, 20),
  asked(9_000, request(8_050, 'POST', '/api/pay', 500, 812, { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' })),
  said(9_010, 'error', 'Payment failed: %s', '500 Internal Server Error'),
  custom(9_020, 'rrweb-store:error', { kind: 'error', message: 'Cannot read properties of undefined (reading "id")', source: `${SHOP}/shop.js`, line: 12, column: 7, stack: `TypeError\n    at checkout (${SHOP}/shop.js:12:7)` }),
  ...[9_500, 9_700, 9_900].map((ms) => click(ms, 20)),
  custom(9_910, 'rrweb-store:click', { kind: 'rage', id: 20 }),
  custom(11_000, 'rrweb-store:click', { kind: 'dead', id: 20 }),
  asked(12_000, request(11_000, 'GET', '/api/status', 0, 900, { error: 'TypeError' })),
  custom(12_100, 'rrweb-store:error', { kind: 'unhandledrejection', message: 'Failed to fetch' }),
  custom(12_200, 'rrweb-store:dropped', { reason: 'refused', events: 12 }),
  custom(12_300, 'chat opened', { by: 'visitor' }),
  at(16_000, 3, { source: 1, positions: [{ x: 70, y: 130, id: 19, timeOffset: 0 }] }),
];

/** With very many messages of the console, one a millisecond, and what is hostile among them. */
export function longVisit(messages: number): readonly string[] {
  const hostile = said(15_000, 'error', `<img src=x onerror=alert(1)> ${'x'.repeat(1_000_000)}`);
  const address = asked(15_000, request(15_000, 'GET', '', 200, 5, { name: 'javascript:alert(1)' }));
  const many = Array.from({ length: messages }, (_, n) => said(1_000 + Math.floor((n * 14_000) / messages), 'info', `message ${n}`));
  return [...FAULTY_VISIT.slice(0, -1), ...many, hostile, address, FAULTY_VISIT.at(-1)!];
}
