import { expect, test, vi } from 'vitest';
import { createTurns } from './turns';

/** Turns that begin at once, and who has had one. */
function turnsOf(options: Parameters<typeof createTurns>[0] = {}) {
  const take = createTurns({ whenFree: (begin) => begin(), ...options });
  const begun: string[] = [];
  const ask = (name: string) => {
    const leaving = new AbortController();
    const turn = take(leaving.signal).then((end) => {
      begun.push(name);
      return end;
    });
    turn.catch(() => {});
    return { turn, leave: () => leaving.abort() };
  };
  return { ask, begun };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('one has its turn at a time, in the order in which they came', async () => {
  const { ask, begun } = turnsOf();
  const [a] = [ask('a'), ask('b'), ask('c')];
  await settled();
  expect(begun).toEqual(['a']);
  const end = await a.turn;
  end();
  end(); // is no second one
  await settled();

  expect(begun).toEqual(['a', 'b']);
});

test('what leaves while it waits has no turn, and what leaves in its turn ends it', async () => {
  const { ask, begun } = turnsOf();
  const [a, b] = [ask('a'), ask('b'), ask('c')];
  await settled();
  b.leave();
  a.leave();
  await settled();

  expect(begun).toEqual(['a', 'c']);
  await expect(b.turn).rejects.toThrow('abort');
});

test('what leaves between its place and an idle moment lets the next one go', async () => {
  const idle: (() => void)[] = [];
  const { ask, begun } = turnsOf({ whenFree: (begin) => idle.push(begin) });
  const [a] = [ask('a'), ask('b')];
  a.leave();
  idle.shift()!();
  idle.shift()!();
  await settled();

  expect(begun).toEqual(['b']);
});

test('a turn that does not end keeps the others waiting for its time only', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { ask, begun } = turnsOf({ maxMs: 100 });
  ask('a');
  ask('b');
  await settled();
  expect(begun).toEqual(['a']);
  vi.advanceTimersByTime(100);
  await settled();
  vi.useRealTimers();

  expect(begun).toEqual(['a', 'b']);
});

test('as many as are allowed have their turn together', async () => {
  const { ask, begun } = turnsOf({ atOnce: 2 });
  ['a', 'b', 'c'].forEach(ask);
  await settled();

  expect(begun).toEqual(['a', 'b']);
});
