import type { RecorderOptions } from './options';

const TRIGGERS: readonly unknown[] = ['error', 'rageClick', 'event', 'deadClick', 'failedRequest', 'slowRequest'];

/** What a tab that waits for a trigger needs to know; undefined without `mode: 'buffer'`. Throws if an option is wrong. */
export function bufferOptions({ mode = 'live', buffer = {}, triggers: given = ['error', 'rageClick', 'event'] }: RecorderOptions) {
  const triggers = typeof given === 'string' ? given.split(/\s+/) : given; // of a tag
  const { seconds = 60, maxBytes = 4 * 1024 * 1024, share = 1 } = buffer;
  const isRight = /^(?:live|buffer)$/.test(mode) && seconds > 0 && maxBytes > 0 && triggers.every((one: unknown) => one instanceof RegExp || TRIGGERS.includes(one));
  if (!isRight) throw new TypeError(`wrong mode, buffer or triggers: ${JSON.stringify([mode, buffer, triggers])}`);
  return mode === 'buffer' ? { keepMs: seconds * 1000, maxBytes, share, triggers } : undefined;
}
