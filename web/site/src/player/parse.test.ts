import { expect, test } from 'vitest';
import { parsed } from './parse';

const event = (more: object) => JSON.stringify({ type: 5, timestamp: 1, data: {}, ...more });

async function all(lines: string[], readAsset: (sha256: string) => Promise<Uint8Array<ArrayBuffer> | undefined>) {
  const events = [];
  let unreadable = 0;
  for await (const slice of parsed(lines, { readAsset, sanitize: () => {} })) {
    events.push(...slice.events);
    unreadable += slice.unreadable;
  }
  return { events, unreadable };
}

const nothing = () => Promise.resolve(undefined);

test('invalid lines are counted, and the rest is parsed', async () => {
  const lines = [event({}), '{', 'null', event({ type: 99 }), event({ timestamp: 'now' }), event({ timestamp: 2 })];

  const { events, unreadable } = await all(lines, nothing);

  expect(events.map(({ timestamp }) => timestamp)).toEqual([1, 2]);
  expect(unreadable).toBe(4);
});

test('bytes with another digest are not used', async () => {
  const bytes = new TextEncoder().encode('right');
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  const sha256 = Buffer.from(digest).toString('hex');
  const line = event({ data: { url: `data:image/png;base64,rrweb-asset:${sha256}` } });

  const right = await all([line], () => Promise.resolve(bytes));
  const wrong = await all([line], () => Promise.resolve(new TextEncoder().encode('wrong')));

  expect(right.events[0]?.data).toEqual({ url: `data:image/png;base64,${btoa('right')}` });
  expect(wrong.events[0]?.data).toEqual({ url: `data:image/png;base64,rrweb-asset:${sha256}` });
});
