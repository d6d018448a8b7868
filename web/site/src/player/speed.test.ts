import { expect, test } from 'vitest';
import { catchUpSpeed, speedAt } from './speed';

test('idle time is played fast if it is to be skipped', () => {
  const idle = [{ fromMs: 1000, toMs: 71_000 }];

  expect(speedAt(2000, { idle, skipIdle: true, speed: 1 })).toBe(100);
  expect(speedAt(2000, { idle, skipIdle: false, speed: 1 })).toBe(1);
  expect(speedAt(500, { idle, skipIdle: true, speed: 2 })).toBe(2);
});

test('a live recording catches up within half a second, and then its clock waits', () => {
  expect([catchUpSpeed(0), catchUpSpeed(200), catchUpSpeed(5000)]).toEqual([0, 1, 10]);
});
