import { expect, test, vi } from 'vitest';
import { createTurns } from './turns';

/** Turns that start at once, and the names of those that have started. */
function turnsOf(options: Parameters<typeof createTurns>[0] = {}) {
  const take = createTurns({ whenFree: (start) => start(), ...options });
  const started: string[] = [];
  const ask = (name: string) => {
    const leaving = new AbortController();
    const turn = take(leaving.signal).then((end) => {
      started.push(name);
      return end;
    });
    turn.catch(() => {});
    return { turn, leave: () => leaving.abort() };
  };
  return { ask, started };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('turns are taken one at a time, in order of arrival', async () => {
  const { ask, started } = turnsOf();
  const [a] = [ask('a'), ask('b'), ask('c')];
  await settled();
  expect(started).toEqual(['a']);
  const end = await a.turn;
  end();
  end(); // has no effect the second time
  await settled();

  expect(started).toEqual(['a', 'b']);
});

test('leaving while waiting gives up the turn, and leaving during the turn ends it', async () => {
  const { ask, started } = turnsOf();
  const [a, b] = [ask('a'), ask('b'), ask('c')];
  await settled();
  b.leave();
  a.leave();
  await settled();

  expect(started).toEqual(['a', 'c']);
  await expect(b.turn).rejects.toThrow('abort');
});

test('leaving between its place and an idle moment lets the next one start', async () => {
  const idle: (() => void)[] = [];
  const { ask, started } = turnsOf({ whenFree: (start) => idle.push(start) });
  const [a] = [ask('a'), ask('b')];
  a.leave();
  idle.shift()!();
  idle.shift()!();
  await settled();

  expect(started).toEqual(['b']);
});

test('a turn that does not end keeps the others waiting only for its maximum time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { ask, started } = turnsOf({ maxMs: 100 });
  ask('a');
  ask('b');
  await settled();
  expect(started).toEqual(['a']);
  vi.advanceTimersByTime(100);
  await settled();
  vi.useRealTimers();

  expect(started).toEqual(['a', 'b']);
});

test('as many as allowed have their turn together', async () => {
  const { ask, started } = turnsOf({ atOnce: 2 });
  ['a', 'b', 'c'].forEach(ask);
  await settled();

  expect(started).toEqual(['a', 'b']);
});
