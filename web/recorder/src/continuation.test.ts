import { expect, it } from 'vitest';
import { continueRecording } from './continuation';

function storage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  } as Storage;
}

const sample = () => true;

/** The recording of the tab's page, once its user is known. */
function recorded(tab: Storage, owner = 'me') {
  const recording = continueRecording({ storage: tab, sample });
  recording.setOwner(owner);
  return recording;
}

it('continues where the previous page of the tab was left', () => {
  const tab = storage();
  const first = recorded(tab);
  expect([first.takeSequence(), first.takeSequence()]).toEqual([0, 1]);
  first.leave();

  const second = continueRecording({ storage: tab, sample });

  expect([second.recordingId, second.takeSequence(), second.isNew, second.owner()]).toEqual([first.recordingId, 2, false, 'me']);
});

it('does not continue a recording of an unknown user', () => {
  const tab = storage();
  const first = continueRecording({ storage: tab, sample });
  first.leave();

  const second = continueRecording({ storage: tab, sample });

  expect([second.recordingId === first.recordingId, second.isNew, second.owner()]).toEqual([false, true, undefined]);
});

it('does not continue a recording of an earlier version, which knew no user', () => {
  const tab = storage();
  tab.setItem('rrweb-recorder', '{"recordingId":"r","next":3,"lastMs":1,"sampled":true,"created":true,"live":false}');

  const { recordingId, isNew, takeSequence } = continueRecording({ storage: tab, sample: () => false });
  expect([recordingId === 'r', isNew, takeSequence()]).toEqual([false, true, 0]);
});

it('leaves the recording alone that another page of the tab has started meanwhile', () => {
  const tab = storage();
  const first = recorded(tab);
  const second = recorded(tab, 'you');
  second.leave();
  first.forget();

  expect(continueRecording({ storage: tab, sample }).recordingId).toBe(second.recordingId);
});

it('writes nothing once it has ended and another one has started', () => {
  const tab = storage();
  const first = recorded(tab);
  first.forget();
  const second = recorded(tab, 'you');
  second.leave();
  first.takeSequence();
  first.setCreated();

  const third = continueRecording({ storage: tab, sample });
  expect([third.recordingId, third.owner(), third.created(), third.takeSequence()]).toEqual([second.recordingId, 'you', false, 0]);
});

it('starts a new recording if the copied page still records', () => {
  const tab = storage();
  const first = recorded(tab);

  expect(continueRecording({ storage: tab, sample }).recordingId).not.toBe(first.recordingId);
});

it('uses no number twice when a page returns', () => {
  const tab = storage();
  const first = recorded(tab);
  first.takeSequence();
  first.leave();
  const second = continueRecording({ storage: tab, sample });
  second.takeSequence();
  second.leave();

  expect([first.comeBack(), first.takeSequence()]).toEqual([true, 2]);
});

it('reports that another recording has started meanwhile', () => {
  const tab = storage();
  const first = continueRecording({ storage: tab, sample });
  first.leave();
  continueRecording({ storage: tab, sample, recordingId: 'other' });

  expect(first.comeBack()).toBe(false);
});

it.each([true, false])('decides once for each tab whether it is recorded, for every user: %s', (sampled) => {
  const tab = storage();
  continueRecording({ storage: tab, sample: () => sampled }).leave();

  expect(continueRecording({ storage: tab, sample: () => !sampled }).sampled).toBe(sampled);
});

it.each(['null', '{}', '{"recordingId":1}', 'no JSON'])('ignores foreign data in the storage: %s', (text) => {
  const tab = storage();
  tab.setItem('rrweb-recorder', text);

  expect(continueRecording({ storage: tab, sample }).takeSequence()).toBe(0);
});

it('never goes back in time when the clock is set back, and keeps the difference from then on', () => {
  const { monotonic } = continueRecording({ storage: undefined, sample });

  expect([10_000, 9_999, 2_000, 2_500, 13_000].map(monotonic)).toEqual([10_000, 10_000, 10_000, 10_500, 21_000]);
});
