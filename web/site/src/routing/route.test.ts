import { expect, test } from 'vitest';
import { recordingPath, routeOf } from './route';

const route = (path: string) => routeOf(new URL(path, 'https://site.example'));

test('each path leads to its page', () => {
  expect(route('/')).toEqual({ page: 'recordings' });
  expect(route('/playground')).toEqual({ page: 'playground' });
  expect(route('/set-up/')).toEqual({ page: 'set-up' });
  expect(route('/recordings/a-b_C')).toEqual({ page: 'recording', recordingId: 'a-b_C', atMs: undefined });
  expect(route('/recordings/a%2Fb')).toEqual({ page: 'unknown' });
  expect(route('/recordings/a?t=-1')).toMatchObject({ atMs: undefined });
});

test('a moment survives its path', () => {
  expect(route(recordingPath('a', 75_420))).toEqual({ page: 'recording', recordingId: 'a', atMs: 75_400 });
});
