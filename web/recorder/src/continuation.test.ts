import { describe, expect, it } from 'vitest';
import { type ContinuationOptions, continueRecording } from './continuation';

function storage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  } as Storage;
}

const sample = () => true;

/** A recording that may use the tab's storage; no other has its id. */
function begun(given: Omit<ContinuationOptions, 'newId'>) {
  const recording = continueRecording({ newId: () => `id-${(ids += 1)}`, ...given });
  recording.begin();
  return recording;
}
let ids = 0;

/** The recording of the tab's page, once its user is known. */
function recorded(tab: Storage, owner = 'me') {
  const recording = begun({ storage: tab, sample });
  recording.setOwner(owner);
  return recording;
}

it('continues where the previous page of the tab was left', () => {
  const tab = storage();
  const first = recorded(tab);
  expect([first.takeSequence(), first.takeSequence()]).toEqual([0, 1]);
  first.leave();

  const second = begun({ storage: tab, sample });

  expect([second.recordingId, second.takeSequence(), second.isNew, second.owner()]).toEqual([first.recordingId, 2, false, 'me']);
});

it('does not continue a recording of an unknown user', () => {
  const tab = storage();
  const first = begun({ storage: tab, sample });
  first.leave();

  const second = begun({ storage: tab, sample });

  expect([second.recordingId === first.recordingId, second.isNew, second.owner()]).toEqual([false, true, undefined]);
});

it('does not continue a recording of an earlier version, which knew no user', () => {
  const tab = storage();
  tab.setItem('rrweb-recorder', '{"recordingId":"r","next":3,"lastMs":1,"sampled":true,"created":true,"live":false}');

  const { recordingId, isNew, takeSequence } = begun({ storage: tab, sample: () => false });
  expect([recordingId === 'r', isNew, takeSequence()]).toEqual([false, true, 0]);
});

it('leaves the recording alone that another page of the tab has started meanwhile', () => {
  const tab = storage();
  const first = recorded(tab);
  const second = recorded(tab, 'you');
  second.leave();
  first.forget();

  expect(begun({ storage: tab, sample }).recordingId).toBe(second.recordingId);
});

it('writes nothing once it has ended and another one has started', () => {
  const tab = storage();
  const first = recorded(tab);
  first.forget();
  const second = recorded(tab, 'you');
  second.leave();
  first.takeSequence();
  first.setCreated();

  const third = begun({ storage: tab, sample });
  expect([third.recordingId, third.owner(), third.created(), third.takeSequence()]).toEqual([second.recordingId, 'you', false, 0]);
});

it('starts a new recording if the copied page still records', () => {
  const tab = storage();
  const first = recorded(tab);

  expect(begun({ storage: tab, sample }).recordingId).not.toBe(first.recordingId);
});

it('uses no number twice when a page returns', () => {
  const tab = storage();
  const first = recorded(tab);
  first.takeSequence();
  first.leave();
  const second = begun({ storage: tab, sample });
  second.takeSequence();
  second.leave();

  expect([first.comeBack(), first.takeSequence()]).toEqual([true, 2]);
});

it('reports that another recording has started meanwhile', () => {
  const tab = storage();
  const first = begun({ storage: tab, sample });
  first.leave();
  begun({ storage: tab, sample, recordingId: 'other' });

  expect(first.comeBack()).toBe(false);
});

it.each([true, false])('decides once for each tab whether it is recorded, for every user: %s', (sampled) => {
  const tab = storage();
  begun({ storage: tab, sample: () => sampled }).leave();

  expect(begun({ storage: tab, sample: () => !sampled }).sampled).toBe(sampled);
});

it.each(['null', '{}', '{"recordingId":1}', 'no JSON'])('ignores foreign data in the storage: %s', (text) => {
  const tab = storage();
  tab.setItem('rrweb-recorder', text);

  expect(begun({ storage: tab, sample }).takeSequence()).toBe(0);
});

it('takes no sequence that a page took which has gone after its return', () => {
  const tab = storage();
  const first = recorded(tab);
  first.takeSequence();
  first.leave();
  const second = begun({ storage: tab, sample });
  expect(first.comeBack()).toBe(true);
  expect(second.takeSequence()).toBe(1);

  expect(first.takeSequence()).toBe(2);
});

it('never goes back in time when the clock is set back, and keeps the difference from then on', () => {
  const { monotonic } = begun({ storage: undefined, sample });

  expect([10_000, 9_999, 2_000, 2_500, 13_000].map(monotonic)).toEqual([10_000, 10_000, 10_000, 10_500, 21_000]);
});

it('stores nothing before it begins, and continues all the same', () => {
  const tab = storage();
  const first = recorded(tab);
  first.takeSequence();
  first.leave();
  const stored = tab.getItem('rrweb-recorder');
  const second = continueRecording({ storage: tab, sample, newId: () => 'other' });
  second.setOwner('me');
  second.setCreated();
  second.visit('https://shop.example/');
  second.leave();
  expect(tab.getItem('rrweb-recorder')).toBe(stored);

  second.begin();
  expect([second.recordingId, second.takeSequence()]).toEqual([first.recordingId, 1]);
  expect(JSON.parse(tab.getItem('rrweb-recorder')!)).toMatchObject({ next: 2, live: true });
});

it('writes nothing once it is over, though it has not begun', () => {
  const tab = storage();
  const first = continueRecording({ storage: tab, sample, newId: () => 'one' });
  first.forget();
  first.takeSequence();

  expect(tab.getItem('rrweb-recorder')).toBe(null);
});

describe('a recording whose owner is known from the start', () => {
  const of = (tab: Storage, owner: string) => begun({ storage: tab, sample, owner });

  it('continues for the same owner', () => {
    const tab = storage();
    const first = of(tab, 'key');
    first.leave();

    expect([of(tab, 'key').recordingId, first.owner()]).toEqual([first.recordingId, 'key']);
  });

  it.each([
    ['another key', (tab: Storage) => of(tab, 'old')],
    ['a user', (tab: Storage) => recorded(tab)],
  ])('is another one after a recording of %s', (_, open) => {
    const tab = storage();
    const first = open(tab);
    first.takeSequence();
    first.leave();
    const second = of(tab, 'key');

    expect([second.recordingId === first.recordingId, second.isNew, second.owner(), second.takeSequence()]).toEqual([false, true, 'key', 0]);
  });
});

it('knows the addresses of all pages, and the time from the first event to the last', () => {
  const tab = storage();
  const first = recorded(tab);
  expect(first.extent()).toEqual({ durationMs: 0 });
  for (const address of ['https://shop.example/', 'https://shop.example/a', 'https://shop.example/']) first.visit(address);
  [1_000, 1_500].forEach(first.monotonic);
  first.leave();
  const second = begun({ storage: tab, sample });
  second.visit('https://shop.example/b');
  second.monotonic(61_000);

  expect(second.extent()).toEqual({
    durationMs: 60_000,
    pages: ['https://shop.example/', 'https://shop.example/a', 'https://shop.example/b'],
  });
});

it('tells of 50 addresses at most', () => {
  const { visit, extent } = begun({ storage: undefined, sample });
  for (let n = 0; n < 60; n += 1) visit(`https://shop.example/${n}`);

  expect(extent().pages).toHaveLength(50);
});

it('cuts a long address, and tells of no more than goes with a closing page', () => {
  const { visit, extent } = begun({ storage: undefined, sample });
  for (let n = 0; n < 10; n += 1) visit(`https://shop.example/${n}${'x'.repeat(3_000)}`);

  expect(extent().pages?.map((page) => page.length)).toEqual([2_048, 2_048, 2_048]);
});

describe('a tab that waits for a trigger', () => {
  const waiting = (tab: Storage, options: object = {}) => begun({ storage: tab, sample: () => 'buffering', buffers: true, owner: 'key', ...options });
  const next = (tab: Storage, options: object = {}) => {
    waiting(tab).leave();
    return waiting(tab, options);
  };

  it('goes on in the next page, under the same id', () => {
    const tab = storage();
    const first = waiting(tab);
    first.takeSequence();
    first.leave();
    const second = waiting(tab);

    expect([second.mode(), second.recordingId, second.takeSequence(), second.adopts()]).toEqual(['buffering', first.recordingId, 1, undefined]);
  });

  it('has an id of its own after a crash, and names the one whose buffer it may take over', () => {
    const tab = storage();
    const first = waiting(tab);
    first.takeSequence();
    const second = waiting(tab);

    expect([second.mode(), second.recordingId === first.recordingId, second.takeSequence(), second.adopts()]).toEqual(['buffering', false, 1, first.recordingId]);
  });

  it('looks for that buffer in a later page, if the page after the crash was left too soon', () => {
    const tab = storage();
    const crashed = waiting(tab);
    const left = waiting(tab);
    left.leave();
    const third = waiting(tab);
    expect([third.recordingId, third.adopts()]).toEqual([left.recordingId, crashed.recordingId]);
    third.adopted();
    third.leave();

    expect(waiting(tab).adopts()).toBeUndefined();
  });

  it.each([
    ['the key was exchanged', { owner: 'another' }, 'buffering'],
    ['the page gives an id', { recordingId: 'given' }, 'buffering'],
    ['the page records from the start now', { buffers: false, sample: () => true }, undefined],
  ])('starts anew if %s', (_, options, mode) => {
    const tab = storage();
    const second = next(tab, options);

    expect([second.mode(), second.adopts(), second.takeSequence()]).toEqual([mode, undefined, 0]);
  });

  it.each([
    [true, true, undefined],
    [false, false, undefined],
    ['buffering' as const, true, 'buffering'],
  ])('is decided once: %s', (drawn, sampled, mode) => {
    const tab = storage();
    waiting(tab, { sample: () => drawn }).leave();
    const second = waiting(tab, { sample: () => 'never asked' as never });

    expect([second.sampled, second.mode()]).toEqual([sampled, mode]);
  });

  it('stays captured over pages and crashes', () => {
    const tab = storage();
    const first = waiting(tab);
    first.capture(3);
    first.leave();
    const second = waiting(tab);
    expect([second.mode(), second.recordingId, second.takeSequence()]).toEqual(['captured', first.recordingId, 3]);
    const third = waiting(tab);

    expect([third.mode(), third.recordingId === first.recordingId, third.takeSequence()]).toEqual(['captured', false, 0]);
  });

  it('learns from a page between that something was captured', () => {
    const tab = storage();
    const first = waiting(tab);
    first.leave();
    const between = waiting(tab);
    between.capture(2);
    between.leave();

    expect([first.comeBack(), first.mode(), first.takeSequence()]).toEqual([true, 'captured', 2]);
  });

  it('tells of the newest addresses', () => {
    const tab = waiting(storage());
    for (let n = 0; n < 60; n += 1) tab.visit(`https://shop.example/${n % 55}`);
    tab.capture(1);

    expect(tab.extent().pages).toHaveLength(50);
    expect(tab.extent().pages?.[49]).toBe('https://shop.example/4');
  });
});
