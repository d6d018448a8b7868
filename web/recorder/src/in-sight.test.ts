import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { IN_SIGHT_MS, enableInSight } from './in-sight';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A window, and all that its button was told. */
function given({ visible = true, focused = true } = {}) {
  const told: boolean[] = [];
  const seen = { visible, focused };
  const document = {
    get visibilityState() {
      return seen.visible ? 'visible' : 'hidden';
    },
    hasFocus: () => seen.focused,
  };
  const view = Object.assign(new EventTarget(), { document });
  const stop = enableInSight(view as unknown as Window, (works) => void told.push(works));
  return {
    told,
    stop,
    works: () => told.at(-1),
    happens(name: string, now: Partial<typeof seen> = {}): void {
      Object.assign(seen, now);
      view.dispatchEvent(new Event(name));
    },
  };
}

it('enables the button once the window has been in sight for a moment', () => {
  const { told } = given();
  vi.advanceTimersByTime(IN_SIGHT_MS - 1);
  expect(told).toEqual([false]);

  vi.advanceTimersByTime(1);
  expect(told).toEqual([false, true]);
});

it.each([
  ['is hidden', { visible: false }, 'visibilitychange', { visible: true }],
  ['is behind another', { focused: false }, 'focus', { focused: true }],
])('stays disabled while the window %s, and then waits for the whole moment', (_, at, event, then) => {
  const { happens, works } = given(at);
  vi.advanceTimersByTime(60_000);
  expect(works()).toBe(false);

  happens(event, then);
  vi.advanceTimersByTime(IN_SIGHT_MS - 1);
  expect(works()).toBe(false);
  vi.advanceTimersByTime(1);
  expect(works()).toBe(true);
});

it.each([
  ['visibilitychange', { visible: false }, { visible: true }],
  ['blur', { focused: false }, { focused: true }],
])('starts again after %s, before the button is enabled and after', (event, away, back) => {
  const { happens, works } = given();
  for (const ms of [IN_SIGHT_MS - 1, 60_000]) {
    vi.advanceTimersByTime(ms);
    happens(event, away);
    expect(works()).toBe(false);
    vi.advanceTimersByTime(60_000);
    expect(works()).toBe(false);
    happens(event === 'blur' ? 'focus' : event, back);
  }

  vi.advanceTimersByTime(IN_SIGHT_MS - 1);
  expect(works()).toBe(false);
  vi.advanceTimersByTime(1);
  expect(works()).toBe(true);
});

it.each(['pointerdown', 'keydown'])('starts again with each early %s, so that a series of them is no answer', (event) => {
  const { happens, works } = given();
  for (let press = 0; press < 20; press += 1) {
    vi.advanceTimersByTime(IN_SIGHT_MS - 1);
    happens(event);
    expect(works()).toBe(false);
  }

  vi.advanceTimersByTime(IN_SIGHT_MS);
  happens(event); // this one is the answer
  expect(works()).toBe(true);
});

it('stays disabled if the window went out of sight without an event', () => {
  const { happens, works } = given();
  happens('unknown', { focused: false });
  vi.advanceTimersByTime(60_000);

  expect(works()).toBe(false);
});

it('leaves no timer and no listener when it is stopped', () => {
  const { stop, happens, told } = given();
  stop();
  happens('focus');

  expect([vi.getTimerCount(), told]).toEqual([0, [false]]);
});
