import { expect, test } from 'vitest';
import { recordingPath, recordingsPath, routeOf } from './route';

const NEWEST = { filters: {}, sort: 'newest' };
const route = (path: string) => routeOf(new URL(path, 'https://site.example'));

test('each path leads to its page', () => {
  expect(route('/')).toEqual({ page: 'recordings', siteId: undefined, view: NEWEST });
  expect(route('/recordings')).toEqual({ page: 'recordings', siteId: undefined, view: NEWEST });
  expect(route('/playground')).toEqual({ page: 'playground' });
  expect(route('/set-up/')).toEqual({ page: 'set-up' });
  expect(route('/recordings/a-b_C')).toEqual({ page: 'recording', siteId: undefined, recordingId: 'a-b_C', atMs: undefined });
  expect(route('/recordings/a%2Fb')).toEqual({ page: 'unknown' });
  expect(route('/recordings/a?t=-1')).toMatchObject({ atMs: undefined });
  expect(route('/recordings/a?t=1m5s')).toMatchObject({ atMs: 65_000 });
});

test('the query of a list has its filters and its order', () => {
  expect(route('/sites/shop?errors=true&page=/cart&sort=longest&t=3')).toEqual({
    page: 'recordings',
    siteId: 'shop',
    view: { filters: { errors: 'true', page: '/cart' }, sort: 'longest' },
  });
});

test('a path names the site whose recordings it is of', () => {
  expect(route('/sites/shop')).toEqual({ page: 'recordings', siteId: 'shop', view: NEWEST });
  expect(route('/sites/shop-2/recordings/')).toEqual({ page: 'recordings', siteId: 'shop-2', view: NEWEST });
  expect(route('/sites/shop/recordings/a?t=2')).toEqual({ page: 'recording', siteId: 'shop', recordingId: 'a', atMs: 2000 });
});

test.each(['/sites', '/sites/', '/sites/Shop', '/sites/2shop', '/sites/sh%2Fop', '/sites/../x', `/sites/${'a'.repeat(32)}`, '/sites/shop/other', '/sites/shop/recordings/a/b'])(
  '%s is no page',
  (path) => {
    expect(routeOf({ pathname: path, search: '' })).toEqual({ page: 'unknown' });
  },
);

test.each([undefined, 'shop', 'mine'])('the owner %s and the moment survive their path', (siteId) => {
  expect(route(recordingsPath(siteId))).toEqual({ page: 'recordings', siteId, view: NEWEST });
  expect(route(recordingPath(siteId, 'a', 75_420))).toEqual({ page: 'recording', siteId, recordingId: 'a', atMs: 75_400 });
});
