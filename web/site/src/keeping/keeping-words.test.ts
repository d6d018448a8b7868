import { expect, test } from 'vitest';
import { ProblemError } from '../api/errors';
import { dateAndTime } from '../ui/words';
import { endWords, keepWords, keepingRefusal } from './keeping-words';

const DAY = 86_400_000;

test('keeping names the time that no longer counts, if there is one', () => {
  expect(keepWords({ expiresAtMs: DAY })[0]).toBe(`It is not deleted after ${dateAndTime(DAY)} any more.`);
  expect(keepWords({})[0]).toBe('It no longer expires.');
});

test('whoever ends it learns whether the recording stays for a while', () => {
  expect(endWords({ retainedUntilMs: DAY + 1 }, DAY)).toEqual([`It is deleted after ${dateAndTime(DAY + 1)}, as any other.`, 'You can keep it again until then.']);
  expect(endWords({ retainedUntilMs: DAY }, DAY)[0]).toBe(`Its time ended on ${dateAndTime(DAY)}: it is deleted at once.`);
});

test.each([
  [403, 'You may not keep recordings of this site'],
  [404, 'There is no such recording any more'],
  [429, 'Too many requests'],
])('a refusal of %i says that nothing was changed or is left', (status, title) => {
  const words = keepingRefusal(new ProblemError(status, 'No', '', 'r-1', 3), 'shop');

  expect(words.title).toBe(title);
  expect(words.detail).not.toContain('erase');
});
