import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { createCleaner } from './cleaner';
import type { RecorderOptions } from './options';
import { type Call, type LoadPlugin, type PluginHost, isAsked, startPlugins } from './plugins';

class Xhr {
  open(): void {}
  setRequestHeader(): void {}
  send(): void {}
}
let answer: () => Promise<unknown>;

beforeEach(() => {
  vi.unstubAllGlobals();
  vi.stubGlobal('window', { fetch: (..._: unknown[]) => answer() });
  vi.stubGlobal('XMLHttpRequest', Xhr);
  vi.stubGlobal('console', { ...console, error: () => {}, log: () => {} });
});
afterAll(() => void vi.unstubAllGlobals());

/** The plugins of these options, whose files come when a test says so. */
function given(options: Partial<RecorderOptions>, plugin: Partial<Awaited<ReturnType<LoadPlugin>>> | Error = () => ({})) {
  const log: string[] = [];
  const errors: unknown[] = [];
  let come = (): void => {};
  let isOn = true;
  const coming = new Promise<void>((resolve) => (come = resolve));
  const host = { options: options as RecorderOptions, clean: createCleaner({ privacy: 'inputs' }), isBlocked: () => false, ownUrl: '', startMs: 0, emit: () => {}, count: () => {}, largest: () => {} } satisfies PluginHost;
  const load: LoadPlugin = async (name) => {
    log.push(`load ${name}`);
    await coming;
    if (plugin instanceof Error) throw plugin;
    return () => (log.push('start'), { take: ({ name: called, given: args }: Call) => void log.push(`${called} ${args.join()}`), tell: () => void log.push('tell'), stop: () => void log.push('stop'), ...(plugin as () => object)() });
  };
  const all = startPlugins(load, host, () => isOn, (error) => void errors.push(error));
  const settle = async (): Promise<void> => {
    come();
    for (let n = 0; n < 10; n += 1) await null;
  };
  return { all, log, errors, settle, pause: () => (isOn = false) };
}

it('loads nothing, and hooks nothing, that is not asked for', () => {
  const { log } = given({ console: false, network: undefined, vitals: 'false' });
  const { log: error } = console;

  expect([log, console.log === error]).toEqual([[], true]);
  expect([undefined, null, false, 'false', '', 'true', true, 'error', ['error'], {}].map(isAsked)).toEqual([false, false, false, false, true, true, true, true, true, true]);
});

it('gives a plugin what the page did before it was there, in order, and then what it does', async () => {
  const { log, settle } = given({ console: true });
  console.error('one');
  console.log('two', 2);
  await settle();
  console.error('three');

  expect(log).toEqual(['load console', 'start', 'error one', 'log two,2', 'error three']);
});

it('keeps 200 calls at most', async () => {
  const { log, settle } = given({ console: true });
  for (let n = 0; n < 1_000; n += 1) console.log(n);
  await settle();

  expect(log).toHaveLength(202);
});

it('keeps nothing of a page that is not recorded', async () => {
  const { log, settle, pause } = given({ console: true });
  pause();
  console.log('one');
  await settle();

  expect(log).toEqual(['load console', 'start']);
});

it('gives the functions back at the end, and if the plugin cannot come', async () => {
  const own = [console.log, Xhr.prototype.open, window.fetch];
  const now = (): unknown[] => [console.log, Xhr.prototype.open, window.fetch];
  const stopped = given({ console: true, network: true });
  expect(now().some((one, n) => one === own[n])).toBe(false);
  for (const one of stopped.all) one.stop!();
  expect(now()).toEqual(own);
  await stopped.settle();
  expect(stopped.log).toEqual(['load console', 'load network']);

  const failed = given({ console: true }, new Error('could not load'));
  console.log('one');
  await failed.settle();
  expect([now()[0] === own[0], failed.errors]).toEqual([true, [new Error('could not load')]]);
});

it('goes on if a plugin refuses its option, and tells of it once', async () => {
  const { errors, settle } = given({ console: 'eror' }, () => {
    throw new TypeError('eror');
  });
  await settle();
  console.log('one');

  expect(errors).toEqual([new TypeError('eror')]);
});

it('is not called by what it calls', async () => {
  const { log, settle } = given({ console: true }, () => ({ take: () => console.log('again') }));
  await settle();
  console.log('one');

  expect(log).toEqual(['load console', 'start']);
});

it('lets the page have what fetch gives, and handles no rejection for it', async () => {
  const calls: Call[] = [];
  const { settle } = given({ network: true }, () => ({ take: (call: Call) => void calls.push(call) }));
  await settle();
  answer = async () => 'answer';
  expect(await window.fetch('/a')).toBe('answer');
  answer = async () => Promise.reject(new TypeError('lost'));
  await expect(window.fetch('/b')).rejects.toThrow('lost');
  answer = () => 'no promise' as never;
  expect(window.fetch('/c')).toBe('no promise');

  expect(calls.map(({ name, given: [address] }) => [name, address])).toEqual([['fetch', '/a'], ['fetch', '/b'], ['fetch', '/c']]); // prettier-ignore
});
