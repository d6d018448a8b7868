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

it('goes on where the last page of the tab was left', () => {
  const tab = storage();
  const first = continueRecording({ storage: tab, sample });
  expect([first.takeSequence(), first.takeSequence()]).toEqual([0, 1]);
  first.leave();

  const second = continueRecording({ storage: tab, sample });

  expect([second.recordingId, second.takeSequence(), second.isNew]).toEqual([first.recordingId, 2, false]);
});

it('begins anew where the copied page still records', () => {
  const tab = storage();
  const first = continueRecording({ storage: tab, sample });

  expect(continueRecording({ storage: tab, sample }).recordingId).not.toBe(first.recordingId);
});

it('gives no number twice when a page comes back', () => {
  const tab = storage();
  const first = continueRecording({ storage: tab, sample });
  first.takeSequence();
  first.leave();
  const second = continueRecording({ storage: tab, sample });
  second.takeSequence();
  second.leave();

  expect([first.comeBack(), first.takeSequence()]).toEqual([true, 2]);
});

it('says when another recording has begun meanwhile', () => {
  const tab = storage();
  const first = continueRecording({ storage: tab, sample });
  first.leave();
  continueRecording({ storage: tab, sample, recordingId: 'other' });

  expect(first.comeBack()).toBe(false);
});

it('keeps the decision not to record', () => {
  const tab = storage();
  continueRecording({ storage: tab, sample: () => false }).leave();

  expect(continueRecording({ storage: tab, sample }).sampled).toBe(false);
});

it.each(['null', '{}', '{"recordingId":1}', 'no JSON'])('is not misled by what lies there: %s', (text) => {
  const tab = storage();
  tab.setItem('rrweb-recorder', text);

  expect(continueRecording({ storage: tab, sample }).takeSequence()).toBe(0);
});

it('never goes back in time, and runs on beside a clock that was set', () => {
  const { notBefore } = continueRecording({ storage: undefined, sample });

  expect([10_000, 9_999, 2_000, 2_500, 13_000].map(notBefore)).toEqual([10_000, 10_000, 10_000, 10_500, 21_000]);
});
