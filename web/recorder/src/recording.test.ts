import { describe, expect, it } from 'vitest';
import type { RecorderOptions } from './options';
import { type Recording, createRecording } from './recording';
import type { openSession } from './session';

type Action = 'show' | 'consent' | 'refuse' | 'pause' | 'resume' | 'stop' | 'replace' | 'refuseAll' | 'flush';

/** A recording whose sessions write down what they are told; each session has a number. */
function given({ consent = false, sampled = true, fails = '' }: { consent?: boolean; sampled?: boolean; fails?: string } = {}) {
  const log: string[] = [];
  const errors: unknown[] = [];
  let answer: { yes: () => void; no: (why: Error) => void } | undefined;
  const waits = new Promise<void>((yes, no) => (answer = { yes, no }));
  let dispatch: Parameters<typeof openSession>[2] = () => {};
  let isPaused = (): boolean => true;
  let sessions = 0;
  const options: RecorderOptions = {
    apiUrl: '',
    getToken: async () => '',
    recordingId: 'mine',
    sampleShare: 0.5,
    consent: consent ? waits : undefined,
  };
  const open: typeof openSession = (opened, paused, told) => {
    const session = (sessions += 1);
    const note = (what: string): void => {
      log.push(`${what} ${session}`);
      if (what === fails) throw new Error(what);
    };
    let apply = (): void => {}; // nothing to do before the start
    note('open');
    isPaused = paused;
    dispatch = told;
    return {
      recordingId: `${opened.recordingId ?? 'new'}-${session}`,
      sampled: opened.sampleShare === 1 || sampled,
      begin: () => note('begin'),
      start() {
        note('start');
        apply = () => note(paused() ? 'pause' : 'resume');
      },
      apply: () => apply(),
      flush: async () => note('flush'),
      facts: {
        identify: (user) => note(`identify ${user}`),
        tag: (name, value) => note(`tag ${name}:${value}`),
        track: (name) => note(`track ${name}`),
        capture: () => note('capture'),
      },
      replayUrl: (atMs) => `/recordings/${session}?t=${atMs}`,
      stop: async () => note('stop'),
      close: () => note('close'),
    };
  };
  const [recording, show] = createRecording(options, open, (error) => void errors.push(error), () => void log.push('end'));
  const actions: Record<Action, () => unknown> = {
    show,
    consent: () => answer?.yes(),
    refuse: () => answer?.no(new Error('no')),
    pause: recording.pause,
    resume: recording.resume,
    stop: recording.stop,
    flush: recording.flush,
    replace: () => dispatch('replaced'),
    refuseAll: () => dispatch('stop'),
  };
  return {
    recording: recording as Recording,
    log,
    errors,
    isPaused: () => isPaused(),
    async act(...names: Action[]) {
      for (const name of names) await actions[name]();
      await new Promise((resolve) => setImmediate(resolve));
      return log;
    },
  };
}

describe('while the page is prerendered', () => {
  it.each<[Action[], string[]]>([
    [['show'], ['open 1', 'begin 1', 'start 1']],
    [['pause', 'show'], ['open 1', 'begin 1']],
    [['pause', 'pause', 'show'], ['open 1', 'begin 1']],
    [['pause', 'show', 'resume'], ['open 1', 'begin 1', 'start 1']],
    [['pause', 'resume', 'show'], ['open 1', 'begin 1', 'start 1']],
    [['resume', 'show'], ['open 1', 'begin 1', 'start 1']],
    [['flush'], []],
    [['stop'], ['end']],
    [['stop', 'resume'], ['end']],
    [['pause', 'stop', 'resume'], ['end']],
    [['stop', 'stop'], ['end']],
  ])('%j does %j', async (actions, expected) => {
    expect(await given().act(...actions)).toEqual(expected);
  });

  it('has no id', async () => {
    const { recording, act } = given();
    expect(recording.recordingId).toBe('');

    await act('show');
    expect(recording.recordingId).toBe('mine-1');
  });
});

describe('while consent is awaited', () => {
  it.each<[Action[], string[]]>([
    [[], []],
    [['consent'], ['begin 1', 'start 1']],
    [['pause', 'consent'], ['begin 1']],
    [['pause', 'pause', 'consent'], ['begin 1']],
    [['pause', 'consent', 'resume'], ['begin 1', 'start 1']],
    [['pause', 'resume', 'consent'], ['begin 1', 'start 1']],
    [['pause', 'resume', 'pause', 'consent'], ['begin 1']],
    [['resume', 'consent'], ['begin 1', 'start 1']],
    [['flush', 'consent'], ['flush 1', 'begin 1', 'start 1']],
    [['stop', 'consent'], ['close 1', 'end']],
    [['stop', 'consent', 'resume'], ['close 1', 'end']],
    [['pause', 'stop', 'consent', 'resume'], ['close 1', 'end']],
    [['pause', 'consent', 'stop', 'resume'], ['begin 1', 'close 1', 'end']],
    [['refuse', 'resume'], []],
    [['pause', 'refuse', 'resume'], []],
    [['refuse', 'stop', 'resume'], ['close 1', 'end']],
  ])('%j does %j', async (actions, expected) => {
    const { act } = given({ consent: true });
    await act('show');

    expect(await act(...actions)).toEqual(['open 1', ...expected]);
  });

  it('reports once why consent was refused', async () => {
    const { act, errors } = given({ consent: true });
    await act('show', 'pause', 'resume', 'refuse');

    expect(errors).toEqual([new Error('no')]);
  });
});

describe('a recording that runs', () => {
  it.each<[Action[], string[]]>([
    [['pause'], ['pause 1']],
    [['pause', 'pause'], ['pause 1']],
    [['resume'], []],
    [['pause', 'resume', 'resume'], ['pause 1', 'resume 1']],
    [['pause', 'flush'], ['pause 1', 'flush 1']],
    [['stop'], ['stop 1', 'close 1', 'end']],
    [['stop', 'stop'], ['stop 1', 'close 1', 'end']],
    [['stop', 'resume'], ['stop 1', 'close 1', 'end']],
    [['pause', 'stop', 'resume'], ['pause 1', 'stop 1', 'close 1', 'end']],
    [['stop', 'pause', 'resume', 'flush'], ['stop 1', 'close 1', 'end', 'flush 1']],
    [['refuseAll', 'resume'], ['stop 1', 'close 1', 'end']],
    [['replace'], ['close 1', 'open 2', 'begin 2', 'start 2']],
    [['replace', 'replace'], ['close 1', 'open 2', 'begin 2', 'start 2', 'close 2', 'open 3', 'begin 3', 'start 3']],
    [['pause', 'replace'], ['pause 1', 'close 1', 'open 2', 'begin 2']],
    [['pause', 'replace', 'pause', 'resume'], ['pause 1', 'close 1', 'open 2', 'begin 2', 'start 2']],
    [['pause', 'replace', 'stop', 'resume'], ['pause 1', 'close 1', 'open 2', 'begin 2', 'close 2', 'end']],
    [['replace', 'pause', 'resume'], ['close 1', 'open 2', 'begin 2', 'start 2', 'pause 2', 'resume 2']],
    [['replace', 'stop'], ['close 1', 'open 2', 'begin 2', 'start 2', 'stop 2', 'close 2', 'end']],
    [['stop', 'replace'], ['stop 1', 'close 1', 'end']],
  ])('%j does %j', async (actions, expected) => {
    const { act } = given();
    await act('show');

    expect(await act(...actions)).toEqual(['open 1', 'begin 1', 'start 1', ...expected]);
  });

  it.each<[Action[], string[]]>([
    [['replace'], ['close 1', 'open 2', 'begin 2', 'start 2']],
    [['pause', 'replace'], ['pause 1', 'close 1', 'open 2', 'begin 2']],
    [['pause', 'replace', 'resume'], ['pause 1', 'close 1', 'open 2', 'begin 2', 'start 2']],
  ])('needs no other consent for the next user: %j does %j', async (actions, expected) => {
    const { act } = given({ consent: true });
    await act('show', 'consent');
    await act();

    expect(await act(...actions)).toEqual(['open 1', 'begin 1', 'start 1', ...expected]);
  });

  it('takes events of the page only while it is not paused', async () => {
    const { act, isPaused } = given();
    const seen: boolean[] = [];
    for (const action of ['show', 'pause', 'resume', 'pause', 'replace', 'resume', 'stop'] as const) {
      await act(action);
      seen.push(isPaused());
    }

    expect(seen).toEqual([false, true, false, true, true, false, true]);
  });

  it('gives the next user an id of their own, whatever share of tabs is recorded', async () => {
    const { act, recording } = given();
    await act('show', 'replace');

    expect(recording.recordingId).toBe('new-2');
  });

  it('is of the first user while that is being stopped', async () => {
    const { act, recording, log } = given();
    await act('show');
    const stopped = recording.stop();
    await act('replace');
    await stopped;

    expect(log).toEqual(['open 1', 'begin 1', 'start 1', 'stop 1', 'close 1', 'end']);
  });

  it('flushes the session of a user who comes while it flushes', async () => {
    const { act, recording, log } = given();
    await act('show');
    const flushed = recording.flush();
    await act('replace');
    await flushed;

    expect(log).toEqual(['open 1', 'begin 1', 'start 1', 'flush 1', 'close 1', 'open 2', 'begin 2', 'start 2', 'flush 2']);
  });
});

it.each<[Action[], string[]]>([
  [['show', 'pause', 'resume', 'flush'], ['open 1', 'begin 1', 'flush 1']],
  [['show', 'stop', 'resume'], ['open 1', 'begin 1', 'close 1', 'end']],
])('a tab outside the sample is not recorded: %j does %j', async (actions, expected) => {
  expect(await given({ sampled: false }).act(...actions)).toEqual(expected);
});

it.each([
  ['open', ['open 1', 'end']],
  ['begin', ['open 1', 'begin 1', 'close 1', 'end']],
  ['start', ['open 1', 'begin 1', 'start 1', 'stop 1', 'close 1', 'end']],
  ['stop', ['open 1', 'begin 1', 'start 1', 'stop 1', 'close 1', 'end']],
])('stops, and does not throw, when it cannot %s', async (fails, expected) => {
  const { act, errors } = given({ fails });

  expect(await act('show', 'stop')).toEqual(expected);
  expect(errors).toEqual([new Error(fails)]);
});

describe('a call of capture()', () => {
  it.each<[string, Action[], Action[], string[]]>([
    ['while it is recorded', ['show'], [], ['capture 1']],
    ['before the start waits for it', [], ['show'], ['capture 1']],
    ['before a start that is paused waits for that', ['pause', 'show'], ['resume'], ['capture 1']],
    ['in a pause sends what was kept before', ['show', 'pause'], [], ['capture 1']],
    ['after the end does nothing', ['show', 'stop'], [], []],
  ])('%s', async (_, before, after, expected) => {
    const one = given();
    await one.act(...before);
    one.recording.capture();
    await one.act(...after);

    expect(one.log.filter((line) => line.startsWith('capture'))).toEqual(expected);
  });

  it.each<[Action, string[]]>([
    ['consent', ['capture 1']],
    ['refuse', []],
  ])('waits for consent: %s', async (answer, expected) => {
    const one = given({ consent: true });
    await one.act('show');
    one.recording.capture();
    await one.act(answer);

    expect(one.log.filter((line) => line.startsWith('capture'))).toEqual(expected);
  });

  it('returns where this moment can be watched', async () => {
    const { act, recording } = given();
    await act('show');

    expect(recording.capture()).toMatch(/^\/recordings\/1\?t=\d+$/);
  });
});

describe('what the page tells of the visit', () => {
  const tellAll = ({ recording }: ReturnType<typeof given>): void => {
    recording.identify('ada');
    recording.tag('plan', 'pro');
    recording.track('ordered', { sum: 3 });
  };
  const TOLD = ['identify ada 1', 'tag plan:pro 1', 'track ordered 1'];

  it.each<[Action[], Action[], string[]]>([
    [['show'], [], TOLD],
    [[], ['show'], TOLD],
    [['pause', 'show'], ['resume'], TOLD],
    [['show', 'pause'], ['resume'], []],
    [['show', 'stop'], [], []],
  ])('after %j and before %j is noted as %j', async (before, after, expected) => {
    const one = given();
    await one.act(...before);
    tellAll(one);
    await one.act(...after);

    expect(one.log.filter((line) => TOLD.includes(line))).toEqual(expected);
  });

  it('waits for consent, and goes nowhere if that is refused', async () => {
    for (const [answer, expected] of [['consent', TOLD], ['refuse', []]] as const) {
      const one = given({ consent: true });
      await one.act('show');
      tellAll(one);
      await one.act(answer);

      expect(one.log.filter((line) => TOLD.includes(line))).toEqual(expected);
    }
  });

  it('is no reason to stop if it cannot be noted', async () => {
    const one = given({ fails: 'identify ada' });
    await one.act('show');
    tellAll(one);

    expect([one.errors.map(String), one.log.slice(-2)]).toEqual([['Error: identify ada'], TOLD.slice(1)]);
  });

  it('has an address for each moment, and none before there is a recording', async () => {
    const { recording, act } = given();
    const before = recording.getReplayUrl(7);
    await act('show');

    expect([before, recording.getReplayUrl(7)]).toEqual(['', '/recordings/1?t=7']);
  });
});
