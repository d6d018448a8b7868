import { expect, it } from 'vitest';
import { bufferOptions } from './buffer-options';
import type { RecorderOptions } from './options';

const of = (options: object) => bufferOptions({ writeUrl: '', ...options } as RecorderOptions);

it('has a minute, 4 MiB and three triggers by default', () => {
  expect(of({ mode: 'buffer' })).toEqual({ keepMs: 60_000, maxBytes: 4_194_304, share: 1, triggers: ['error', 'rageClick', 'event'] });
});

it.each([{}, { mode: 'live' }, { mode: undefined, triggers: [] }])('is nothing without the mode: %j', (options) => {
  expect(of(options)).toBeUndefined();
});

it.each([
  { mode: 'Buffer' },
  { mode: '' },
  { mode: 'buffer', buffer: { seconds: 0 } },
  { mode: 'buffer', buffer: { seconds: NaN } },
  { mode: 'buffer', buffer: { seconds: 'long' } },
  { mode: 'buffer', buffer: { maxBytes: -1 } },
  { mode: 'buffer', triggers: ['errors'] },
  { mode: 'buffer', triggers: ['error', 'call'] },
  { mode: 'live', triggers: ['$#"'] },
])('refuses %j by name', (options) => {
  expect(() => of(options)).toThrow(/^wrong mode, buffer or triggers: \[/);
});
