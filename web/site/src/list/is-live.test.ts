import { expect, test } from 'vitest';
import { isLive } from './is-live';

const NOW_MS = 1e12;
const recording = (agoMs: number, facts: object) => ({ recordingId: 'a', createdAtMs: NOW_MS - agoMs, hasScreenshot: false, ...facts });

test.each([
  ['is live by its facts alone', recording(20_000, { durationMs: 19_000 }), true],
  ['is not, as the visitor left', recording(20_000, { durationMs: 1_000, leftAfterMs: 1_000 }), false],
  ['is, as the visitor came back', recording(20_000, { durationMs: 19_000, leftAfterMs: 1_000 }), true],
  ['is not known without its facts', recording(20_000, {}), false],
] as const)('a recording %s', (_, given, live) => {
  expect(isLive(given, undefined, NOW_MS)).toBe(live);
});

test('what is loaded of it says it before its facts do', () => {
  const loaded = { durationMs: 19_000, atLeast: false, lastEventAtMs: NOW_MS - 1_000, picture: [] };
  const given = recording(20_000, { durationMs: 1_000, leftAfterMs: 1_000 });
  expect(isLive(given, loaded, NOW_MS)).toBe(true);
  expect(isLive({ ...given, leftAfterMs: 19_000 }, { ...loaded, lastEventAtMs: NOW_MS - 20_000 }, NOW_MS)).toBe(false);
});
