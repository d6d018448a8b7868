import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProblemError } from '../api/errors';
import type { EventsPage } from '../api/events';
import type { Rows } from '../panels/rows';
import { type PlaybackOptions, createPlayback } from './playback';
import type { StageListeners } from './stage';

/** A stage that draws nothing. The test sets its clock. */
const stage = vi.hoisted(() => ({
  commands: [] as string[],
  added: [] as number[],
  timeMs: 0,
  listeners: undefined as StageListeners | undefined,
}));
vi.mock('./stage', () => ({
  createStage: (_root: unknown, events: { timestamp: number }[], listeners: StageListeners) => {
    stage.listeners = listeners;
    stage.added.push(...events.map(({ timestamp }) => timestamp));
    return {
      add: ({ timestamp }: { timestamp: number }) => void stage.added.push(timestamp),
      play: (atMs: number) => {
        stage.commands.push(`play ${atMs}`);
        stage.timeMs = atMs;
      },
      pause: (atMs?: number) => void stage.commands.push(`pause ${atMs ?? 'here'}`),
      time: () => stage.timeMs,
      ahead: () => {},
      setSpeed: (speed: number) => void stage.commands.push(`speed ${speed}`),
      destroy: () => void stage.commands.push('destroy'),
    };
  },
}));

const START_MS = 1_000_000;
/** An event this long after the start, as JSON. */
const line = (type: number, atMs: number, data: object = {}) => JSON.stringify({ type, timestamp: START_MS + atMs, data });
const SNAPSHOT = [line(4, 0, { href: 'https://shop.example/', width: 800, height: 600 }), line(2, 0, { node: { type: 0, id: 1, childNodes: [] } })];
/** A custom event, which shows nothing. */
const event = (atMs: number) => line(5, atMs, { tag: 'x', payload: {} });

function page(lines: string[], hasMore = false): EventsPage {
  return { lines, nextCursor: 'next', hasMore, missing: '', skipped: 0, tail: '' };
}

/** A playback of these pages, one for each request; a further request is never answered. */
function playbackOf(pages: (EventsPage | Error)[], options: Partial<PlaybackOptions> = {}) {
  const playback = createPlayback({
    readPage: async () => {
      const next = pages.shift();
      if (!next) return new Promise(() => {});
      if (next instanceof Error) throw next;
      return next;
    },
    readAsset: async () => undefined,
    createdAtMs: 0,
    ...options,
  });
  return { playback, detach: playback.attach({} as HTMLElement) };
}

let frames: FrameRequestCallback[];
/** The browser draws once, with the stage's clock at that moment. */
function drawAt(timeMs: number): void {
  stage.timeMs = timeMs;
  for (const frame of frames.splice(0)) frame(0);
}

/** The first frame is drawn, once its snapshot has come. */
async function firstFrame(): Promise<void> {
  await vi.waitFor(() => expect(stage.listeners).toBeDefined());
  stage.listeners!.onFirstFrame();
}

afterAll(() => vi.doUnmock('./stage'));

beforeEach(() => {
  frames = [];
  Object.assign(stage, { commands: [], added: [], timeMs: 0, listeners: undefined });
  vi.stubGlobal('requestAnimationFrame', (frame: FrameRequestCallback) => frames.push(frame));
  vi.stubGlobal('cancelAnimationFrame', () => (frames = []));
});
afterEach(() => vi.unstubAllGlobals());

test('playback starts with the first frame, and ends after the last event', async () => {
  const { playback } = playbackOf([page([...SNAPSHOT, event(5000)])]);
  await firstFrame();
  await vi.waitFor(() => expect(playback.state().loaded).toBe('fully'));
  await vi.waitFor(() => {
    drawAt(2000);
    expect(playback.state()).toMatchObject({ name: 'playing', timeMs: 2000, totalMs: 5000 });
  });
  drawAt(5000);

  expect(playback.state()).toMatchObject({ name: 'ended', timeMs: 5000 });
  expect(stage.commands).toEqual(['play 0', 'pause 5001']);
});

test('a page after which nothing can follow ends the recording, however new it is', async () => {
  const now = (type: number, data: object) => JSON.stringify({ type, timestamp: Date.now(), data });
  const lines = [now(4, { href: 'https://shop.example/', width: 800, height: 600 }), now(2, { node: { type: 0, id: 1, childNodes: [] } })];
  let asked = 0;
  const { playback } = playbackOf([], { createdAtMs: Date.now(), readPage: async () => (asked++, { ...page(lines), nextCursor: '' }) });
  await firstFrame();
  await vi.waitFor(() => expect(playback.state()).toMatchObject({ loaded: 'fully', liveness: 'ended', wasLive: false }));

  expect(asked).toBe(1);
});

test('a pause before the first frame is not undone by it', async () => {
  const { playback } = playbackOf([page([...SNAPSHOT, event(5000)])]);
  playback.pause();
  await firstFrame();

  expect(playback.state().name).toBe('paused');
  expect(stage.commands).toEqual([]);
});

test('a pause keeps the moment of the press, not the last published one', async () => {
  const { playback } = playbackOf([page([...SNAPSHOT, event(5000)])]);
  await firstFrame();
  drawAt(1000);
  stage.timeMs = 1090; // less than a publication later
  playback.pause();
  playback.play();

  expect(stage.commands).toEqual(['play 0', 'pause here', 'play 1090']);
});

test('at the end of the loaded part it buffers, and an empty last page ends it', async () => {
  const pages = [page([...SNAPSHOT, event(5000)], true)];
  let release = (_: EventsPage) => {};
  const held = new Promise<EventsPage>((resolve) => (release = resolve));
  const { playback } = playbackOf([], { readPage: async () => pages.shift() ?? held });
  await firstFrame();
  await vi.waitFor(() => expect(playback.state().totalMs).toBe(5000));
  drawAt(5000);
  expect(playback.state().name).toBe('buffering');
  release(page([]));

  await vi.waitFor(() => expect(playback.state().name).toBe('ended'));
});

test('a jump past the loaded part buffers, and playback continues when the rest arrives', async () => {
  const pages = [page([...SNAPSHOT, event(5000)], true)];
  let release = (_: EventsPage) => {};
  const held = new Promise<EventsPage>((resolve) => (release = resolve));
  const { playback } = playbackOf([], { readPage: async () => pages.shift() ?? held });
  await firstFrame();
  await vi.waitFor(() => expect(playback.state().totalMs).toBe(5000));
  playback.seek(60_000);
  expect(playback.state()).toMatchObject({ name: 'buffering', timeMs: 5000 });
  release(page([event(7000)]));
  await vi.waitFor(() => expect(playback.state().name).toBe('playing'));

  expect(stage.commands).toEqual(['play 0', 'pause 5001', 'play 5000']);
});

test('a jump replaces a wanted moment that is not loaded yet', async () => {
  const pages = [page([...SNAPSHOT, event(5000)], true)];
  let release = (_: EventsPage) => {};
  const held = new Promise<EventsPage>((resolve) => (release = resolve));
  const { playback } = playbackOf([], { readPage: async () => pages.shift() ?? held, atMs: 8000 });
  await firstFrame();
  await vi.waitFor(() => expect(playback.state().totalMs).toBe(5000));
  playback.seek(2000);
  release(page([event(9000)]));
  await vi.waitFor(() => expect(playback.state().totalMs).toBe(9000));

  expect(playback.state()).toMatchObject({ name: 'paused', timeMs: 2000 });
});

test('trying again does not wait for the next retry', async () => {
  const { playback } = playbackOf([new ProblemError(503, 'Service unavailable', '', '', 0), page([...SNAPSHOT, event(5000)])]);
  await vi.waitFor(() => expect(playback.state().name).toBe('failed'));
  const failedAt = performance.now();
  playback.retry();
  await firstFrame();

  expect(playback.state()).toMatchObject({ name: 'playing', error: undefined });
  expect(performance.now() - failedAt).toBeLessThan(900);
});

test('after an error, a page without a snapshot leads back to loading, without the error', async () => {
  const { playback } = playbackOf([new ProblemError(503, 'Service unavailable', '', '', 0), page([event(0)], true)]);
  await vi.waitFor(() => expect(playback.state().name).toBe('failed'));
  playback.retry();
  await vi.waitFor(() => expect(playback.state().totalMs).toBe(0));

  expect(playback.state()).toMatchObject({ name: 'loading', error: undefined });
});

test('a lasting failure while waiting for the first events is shown', async () => {
  const gone = new ProblemError(404, 'Not found', '', '', 0);
  const { playback } = playbackOf([page([]), gone], { createdAtMs: Date.now() });
  await vi.waitFor(() => expect(playback.state().name).toBe('waiting'));

  await vi.waitFor(() => expect(playback.state()).toMatchObject({ name: 'failed', error: gone }), { timeout: 5000 });
});

test('events are added once, even if an asset among them has to be requested again', async () => {
  const asset = 'a'.repeat(64);
  let asked = 0;
  const readAsset = async () => {
    if (asked++ === 0) throw new ProblemError(503, 'Service unavailable', '', '', 0);
    return undefined;
  };
  const withAsset = line(5, 2000, { tag: 'x', payload: { text: `rrweb-asset:${asset}` } });
  const { playback } = playbackOf([page([...SNAPSHOT, event(1000), withAsset, event(3000)])], { readAsset });
  await firstFrame();
  await vi.waitFor(() => expect(playback.state().error).toBeDefined());
  playback.retry();
  await vi.waitFor(() => expect(playback.state().loaded).toBe('fully'));

  expect(asked).toBe(2);
  expect(stage.added.map((timestamp) => timestamp - START_MS)).toEqual([0, 0, 1000, 2000, 3000]);
});

test('after detaching, the stage gets no more commands', async () => {
  const { playback, detach } = playbackOf([page([...SNAPSHOT, event(5000)])]);
  await firstFrame();
  detach();
  drawAt(1000);
  playback.seek(100);

  expect(stage.commands).toEqual(['play 0', 'destroy']);
});

/** The first moment with an event after four seconds. */
function found({ events, startMs }: Rows): number | undefined {
  const row = events.find(({ timestamp }) => timestamp > startMs + 4000);
  return row && row.timestamp - startMs;
}

test('it goes to the moment that is looked for as soon as that is loaded, and stays there', async () => {
  const { playback } = playbackOf([page([...SNAPSHOT, event(3000)], true), page([event(5000), event(9000)])], { withRows: true, findStart: found });
  await firstFrame();
  await vi.waitFor(() => expect(playback.state()).toMatchObject({ loaded: 'fully', name: 'paused', timeMs: 5000 }));

  expect(stage.commands.at(-1)).toBe('pause 5000');
});

test('it stays where the user has gone or paused meanwhile', async () => {
  const { playback } = playbackOf([page([...SNAPSHOT, event(5000), event(9000)])], { withRows: true, findStart: found });
  playback.pause();
  await firstFrame();
  await vi.waitFor(() => expect(playback.state().loaded).toBe('fully'));

  expect(playback.state()).toMatchObject({ name: 'paused', timeMs: 0 });
});

test('a moment that is recorded later is not gone to', async () => {
  const { playback } = playbackOf([page([...SNAPSHOT, event(3000)]), page([event(5000)])], { withRows: true, findStart: found, createdAtMs: Date.now() });
  await firstFrame();
  playback.retry();
  await vi.waitFor(() => expect(playback.state().rows.events.at(-1)?.timestamp).toBe(START_MS + 5000));

  expect(playback.state().timeMs).toBe(0);
});

/** A page gets so many texts. */
const texts = (count: number, atMs: number) =>
  line(3, atMs, { source: 0, texts: [], attributes: [], removes: [], adds: Array.from({ length: count }, (_, n) => ({ parentId: 1, nextId: null, node: { type: 3, id: atMs + n, textContent: '' } })) });

test('stills can be drawn once all so far is loaded', async () => {
  let release = (_: EventsPage) => {};
  const pages = [Promise.resolve(page([...SNAPSHOT, texts(4_999, 5_000)], true)), new Promise<EventsPage>((resolve) => (release = resolve))];
  const { playback } = playbackOf([], { withRows: true, readPage: () => pages.shift() ?? new Promise(() => {}) });
  await firstFrame();
  await vi.waitFor(() => expect(playback.state().totalMs).toBe(5_000));
  const before = playback.hasStills();
  release(page([]));
  await vi.waitFor(() => expect(playback.state().loaded).toBe('fully'));

  expect([before, playback.hasStills()]).toEqual([false, true]);
});

test('a page of more than 5,000 nodes, however it came to have them, gets no stills', async () => {
  const { playback } = playbackOf([page([...SNAPSHOT, texts(2_500, 5_000), texts(2_500, 10_000), ...SNAPSHOT])], { withRows: true });
  await firstFrame();
  await vi.waitFor(() => expect(playback.state().loaded).toBe('fully'));

  expect(playback.hasStills()).toBe(false);
});
