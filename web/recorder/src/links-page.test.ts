/** The scripts of docs/links.md, run as they stand there. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const PAGE = readFileSync(new URL('../../../docs/links.md', import.meta.url), 'utf8');

/** Runs the script of a section with these names as its globals. */
function run(heading: string, names: Record<string, unknown>): void {
  const script = PAGE.split(`## ${heading}\n`)[1]?.match(/```js\n(.*?)```/s)?.[1];
  if (!script) throw new Error(`no script under ${heading}`);
  new Function(...Object.keys(names), script)(...Object.values(names));
}

const NOTHING_RECORDED = [undefined, { recording: undefined }, { recording: { capture: () => '', getReplayUrl: () => '' } }];
const recorder = {
  recording: { capture: () => 'https://replay.example/sites/shop/recordings/a?t=1', getReplayUrl: (atMs: number) => `https://replay.example/sites/shop/recordings/a?t=${atMs / 1000}` },
};

interface SentryEvent {
  timestamp: number;
  contexts?: Record<string, unknown>;
}

/** What Sentry is told of an error. */
function told(rrwebRecorder: unknown): SentryEvent {
  let beforeSend = (event: SentryEvent): SentryEvent => event;
  run('Sentry', { Sentry: { init: (options: { beforeSend: typeof beforeSend }) => (beforeSend = options.beforeSend) }, globalThis: { rrwebRecorder } });
  return beforeSend({ timestamp: 75.5, contexts: { browser: { name: 'Chrome' } } });
}

/** What the form sends. */
function sent(rrwebRecorder: unknown): unknown {
  let fill: (event: { formData: Map<string, string> }) => void = () => undefined;
  const document = { querySelector: () => ({ addEventListener: (_: string, listener: typeof fill) => (fill = listener) }) };
  run('A support form', { document, globalThis: { rrwebRecorder } });
  const formData = new Map<string, string>();
  fill({ formData });
  return formData.get('replay');
}

describe('a script of docs/links.md', () => {
  test('gives Sentry the link of the moment of the error, and leaves what it had', () => {
    const url = 'https://replay.example/sites/shop/recordings/a?t=75.5';
    expect(told(recorder).contexts).toEqual({ browser: { name: 'Chrome' }, replay: { url } });
  });

  test('sends the link of the moment with a form', () => {
    expect(sent(recorder)).toBe('https://replay.example/sites/shop/recordings/a?t=1');
  });

  test.each(NOTHING_RECORDED)('does its work where nothing is recorded: %j', (none) => {
    expect([told(none).contexts, sent(none)]).toEqual([{ browser: { name: 'Chrome' } }, '']);
  });
});
