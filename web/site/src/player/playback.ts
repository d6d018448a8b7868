import type { eventWithTime } from '@rrweb/types';
import type { EventsPage } from '../api/events';
import { isRecent } from '../api/moment';
import { FULL_SNAPSHOT } from './event';
import { createFeed } from './feed';
import { createSanitizer } from './sanitize-replay';
import { parsed } from './parse';
import { INITIAL, type PlaybackState, liveSpeed, speedAt } from './playback-state';
import { type Stage, createStage } from './stage';
import { createTimeline } from './timeline';

export interface PlaybackOptions {
  readonly readPage: (cursor: string | undefined, signal: AbortSignal) => Promise<EventsPage>;
  /** Bytes by their SHA-256, not yet checked. */
  readonly readAsset: (sha256: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** When the recording was made, by the server's clock. */
  readonly createdAtMs: number;
  /** Show this moment first, and stay there. @default the begin, and play */
  readonly atMs?: number | undefined;
  /** Follow the newest moment from the start. @default false */
  readonly follow?: boolean;
  /** @default true */
  readonly autoplay?: boolean;
  /** A page of more elements and texts is not drawn. @default 250,000 */
  readonly maxNodes?: number;
}

export type Playback = ReturnType<typeof createPlayback>;

/** A recording whose newest event is younger than this is being recorded now. */
const LIVE_WITHIN_MS = 60_000;
const POLL_MS = { following: 600, live: 2000, waiting: 1000 };
/** The player draws its first frame by timers; this is after them. */
const FIRST_FRAME_MS = 30;
/** The timeline is drawn this often at most. */
const PUBLISH_EVERY_MS = 100;
const ACTIVITY_PARTS = 160;

/** Loads a recording and plays it into an element. Nothing happens before `attach`, and nothing after its end. */
export function createPlayback(options: PlaybackOptions) {
  const { readPage, readAsset, createdAtMs, follow = false, autoplay = true } = options;
  const listeners = new Set<() => void>();
  const timeline = createTimeline();
  const sanitize = createSanitizer(options.maxNodes);
  let state: PlaybackState = { ...INITIAL, following: follow };
  let root: HTMLElement | undefined;
  let stage: Stage | undefined;
  let before: eventWithTime[] = []; // until there is a stage
  let wantedMs = options.atMs;
  let currentSpeed = 1;
  let frame = 0;
  let publishedAt = 0;

  function set(change: Partial<PlaybackState>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  }

  const feed = createFeed({
    readPage,
    take,
    onError: (error) => {
      if (error === undefined && state.error === undefined) return;
      set({ error, phase: error !== undefined && state.phase === 'loading' ? 'failed' : state.phase });
    },
    pauseMs: () => {
      if (state.following) return POLL_MS.following;
      if (isYoung()) return state.phase === 'waiting' ? POLL_MS.waiting : POLL_MS.live;
      return undefined;
    },
  });

  function isYoung(): boolean {
    return isRecent(timeline.newestMs(), LIVE_WITHIN_MS) || isRecent(createdAtMs, LIVE_WITHIN_MS);
  }

  async function take(page: EventsPage): Promise<void> {
    let faults = state.faults;
    for await (const { events, unreadable } of parsed(page.lines, { readAsset, sanitize })) {
      if (!root) return;
      faults += unreadable;
      for (const event of events) {
        timeline.add(event);
        if (stage) stage.add(event);
        else before.push(event);
      }
      if (!stage && before.some(({ type }) => (type as number) === FULL_SNAPSHOT)) begin();
      else if (stage && events.length > 0) more();
    }
    timeline.endPage(page.missing, page.skipped);
    set({
      faults,
      tail: page.tail,
      loadedAll: !page.hasMore,
      totalMs: timeline.totalMs(),
      marks: timeline.marks(),
      idle: timeline.idle(),
      activity: timeline.activity(ACTIVITY_PARTS),
      isLive: !page.hasMore && timeline.totalMs() > 0 && isRecent(timeline.newestMs(), LIVE_WITHIN_MS),
    });
    if (!stage && !page.hasMore) set({ phase: isYoung() ? 'waiting' : 'nothing' });
    goThere();
  }

  /** To the moment that is wanted, once it is loaded. */
  function goThere(): void {
    if (wantedMs === undefined || !state.hasFrame || (!state.loadedAll && timeline.totalMs() <= wantedMs)) return;
    const atMs = wantedMs;
    wantedMs = undefined;
    seek(atMs);
  }

  function begin(): void {
    timeline.begin();
    before.sort((a, b) => a.timestamp - b.timestamp); // the player takes the first for the begin
    stage = createStage(root!, before, {
      onFrame: () => state.hasFrame || set({ hasFrame: true }),
      onSize: (size) => set({ size }),
      onFault: () => set({ faults: state.faults + 1 }),
    });
    before = [];
    set({ phase: 'ready', totalMs: timeline.totalMs() });
    // The player draws its first frame by timers: what it is told before that would be undone.
    setTimeout(() => {
      if (!stage) return;
      if (state.following) goLive();
      else if (options.atMs !== undefined) goThere();
      else if (autoplay) play();
    }, FIRST_FRAME_MS);
    frame = requestAnimationFrame(tick);
  }

  /** Events were added behind the last one. */
  function more(): void {
    if (state.buffering) {
      set({ buffering: false });
      setTimeout(() => state.playing && stage?.play(state.timeMs), 0);
    }
  }

  function changeSpeed(speed: number): void {
    if (speed === currentSpeed) return;
    currentSpeed = speed;
    stage!.setSpeed(speed);
  }

  function tick(): void {
    frame = requestAnimationFrame(tick);
    if (!stage || !state.playing || state.buffering) return;
    stage.ahead();
    const totalMs = timeline.totalMs();
    const timeMs = Math.min(stage.time(), totalMs);
    let skipping = false;
    if (state.following) {
      // The speed of a catch-up is set once for each arrival; else it would never arrive.
      if (timeMs >= totalMs) changeSpeed(0);
      else if (currentSpeed === 0) changeSpeed(liveSpeed(totalMs - timeMs));
    } else if (timeMs >= totalMs) {
      stage.pause();
      if (state.loadedAll) {
        stage.pause(totalMs + 1);
        set({ playing: false, timeMs: totalMs, skipping: false });
        return;
      }
      set({ buffering: true, timeMs });
      return;
    } else {
      const wanted = speedAt(timeMs, state);
      ({ skipping } = wanted);
      changeSpeed(wanted.speed);
    }
    const now = performance.now();
    if (now - publishedAt < PUBLISH_EVERY_MS && skipping === state.skipping) return;
    publishedAt = now;
    if (timeMs !== state.timeMs || totalMs !== state.totalMs || skipping !== state.skipping) {
      set({ timeMs, totalMs, skipping });
    }
  }

  function play(): void {
    if (!stage) return;
    const fromMs = state.timeMs >= timeline.totalMs() && state.loadedAll ? 0 : state.timeMs;
    stage.play(fromMs);
    set({ playing: true, buffering: false, timeMs: fromMs });
  }

  function pause(): void {
    stage?.pause();
    set({ playing: false, buffering: false, following: false, skipping: false });
  }

  function seek(atMs: number): void {
    if (!stage) return;
    const totalMs = timeline.totalMs();
    const timeMs = Math.min(Math.max(0, atMs), totalMs);
    if (state.playing && timeMs < totalMs) stage.play(timeMs);
    else stage.pause(timeMs >= totalMs ? totalMs + 1 : timeMs); // the last event too
    set({ timeMs, following: false, buffering: false, playing: state.playing && timeMs < totalMs });
  }

  function goLive(): void {
    if (!stage) return;
    const totalMs = timeline.totalMs();
    set({ following: true, playing: true, buffering: false, timeMs: totalMs, skipping: false });
    stage.play(totalMs + 1);
    changeSpeed(0);
    feed.run();
    feed.hurry();
  }

  return {
    state: (): PlaybackState => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Load, and play into this element; gives the call that ends it, for good. */
    attach(element: HTMLElement): () => void {
      root = element;
      feed.run();
      return () => {
        feed.stop();
        cancelAnimationFrame(frame);
        stage?.destroy();
        stage = undefined;
        root = undefined;
      };
    },
    play,
    pause,
    toggle: (): void => (state.playing ? pause() : play()),
    seek,
    goLive,
    /** Ask again after an error. */
    retry(): void {
      set({ error: undefined, phase: stage ? 'ready' : 'loading' });
      feed.run();
    },
    setSpeed: (speed: number): void => set({ speed }),
    setSkipIdle: (skipIdle: boolean): void => set({ skipIdle, skipping: false }),
  };
}
