import { expect, test } from 'vitest';
import { localMinute, timeOfMinute } from './local-minute';

test('a minute that was chosen is shown again, whichever of its edges is asked for', () => {
  const [begins, ends] = [timeOfMinute('2026-03-01T00:05', 'begins'), timeOfMinute('2026-03-01T00:05', 'ends')];

  expect(begins).toBe(`${new Date(2026, 2, 1, 0, 5).getTime()}`);
  expect(ends).toBe(`${new Date(2026, 2, 1, 0, 5, 59, 999).getTime()}`);
  expect([localMinute(begins), localMinute(ends)]).toEqual(['2026-03-01T00:05', '2026-03-01T00:05']);
});

test.each([undefined, '', 'x', '-5', '1e5', '5.5', '99999999999999999', '9999999999999999'])('no field shows %s', (ms) => {
  expect(localMinute(ms)).toBeUndefined();
});

test.each(['', 'x', '1960-01-01T00:00', '2026-13-01T00:00'])('no time is asked for by %s', (minute) => {
  expect(timeOfMinute(minute, 'begins')).toBeUndefined();
});
