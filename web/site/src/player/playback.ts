import type { eventWithTime } from '@rrweb/types';
import type { EventsPage } from '../api/events';
import { livenessOf, mayGrow, withFacts } from '../api/liveness';
import { NO_ROWS, type Rows, createRows } from '../panels/rows';
import { createAbsentResources } from './absent-resources';
import { redate } from './corrections/late-events';
import { FULL_SNAPSHOT } from './event';
import { createFeed } from './feed';
import { type PlaybackEvent, nextState } from './next-state';
import { openOtherHostsFrame } from './other-hosts-frame';
import { parsed } from './parse';
import { type PlaybackState, initialState, isFollowing, isMoving, isRunning } from './playback-state';
import { type ResourceStore, createResourceStore } from './resources/resource-store';
import { type Resources, createResources } from './resources/resources';
import { createSanitizer } from './sanitize-replay';
import type { SettingsStore } from './settings';
import { catchUpSpeed, speedAt } from './speed';
import { type Stage, createStage } from './stage';
import { stageCommand } from './stage-command';
import { MAX_NODES_OF_STILL, type Stills, createStills } from './stills';
import { createTimeline } from './timeline';
import type { View } from './view';

export interface PlaybackOptions {
  readonly readPage: (cursor: string | undefined, signal: AbortSignal) => Promise<EventsPage>;
  /** Bytes by their SHA-256, not yet checked. */
  readonly readAsset: (sha256: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** When the recording was made, by the server's clock. */
  readonly createdAtMs: number;
  /** Of the visitor's browser, if it is known. */
  readonly userAgent?: string | undefined;
  /** What is known of the recording by now. @default nothing */
  readonly facts?: () => { readonly leftAfterMs?: number };
  /** Show this moment first, and stay there. @default the start, and play */
  readonly atMs?: number | undefined;
  /** Follow the newest moment from the start. @default follow it if it is live, unless a moment is given or nothing is to play by itself */
  readonly follow?: true;
  /** @default true */
  readonly autoplay?: boolean;
  /** A page of more elements and texts is not drawn. @default 250,000 */
  readonly maxNodes?: number;
  /** Load pictures, fonts and style sheets from these origins. @default from none */
  readonly loadFrom?: readonly string[];
  /** Opens a frame around the replay, in an element, and resolves with where to replay within it. @default none */
  readonly openFrame?: (element: HTMLElement) => Promise<HTMLElement>;
  /** They cannot be loaded; the recording is shown without. */
  readonly onLoadFailed?: () => void;
  /** Where speed and skipping are kept. @default nowhere */
  readonly settings?: SettingsStore;
  /** Collect the rows of the panels beside the player. @default false */
  readonly withRows?: boolean;
  /** Where to go, and stay, as soon as its rows are loaded, unless the user has gone elsewhere. @default nowhere */
  readonly findStart?: (rows: Rows) => number | undefined;
}

export type Playback = ReturnType<typeof createPlayback>;

const POLL_MS = { following: 600, otherwise: 2000, waiting: 1000 };
/** A moving clock is published at most this often. */
const PUBLISH_EVERY_MS = 100;
const ACTIVITY_PARTS = 160;

/**
 * Loads a recording and plays it into an element. Nothing happens before `attach`, and nothing after its end.
 * `nextState` decides what follows from an event; this file only carries it out.
 */
export function createPlayback(options: PlaybackOptions) {
  const { readPage, readAsset, createdAtMs, atMs, follow, autoplay = true } = options;
  const plays = autoplay && atMs === undefined;
  const listeners = new Set<() => void>();
  const timeline = createTimeline();
  const collector = options.withRows ? createRows() : undefined;
  const loaded = new Set(options.loadFrom);
  const { origin = '', hostname = '' } = globalThis.location ?? {};
  const absent = createAbsentResources(new Set([...loaded, origin]), hostname); // the site's policy allows its own
  const sanitize = createSanitizer(options.maxNodes, absent, loaded);
  let state: PlaybackState = { ...initialState(follow ? 'follow' : plays ? 'play' : 'pause', atMs, plays), ...options.settings?.read() };
  let published: PlaybackState = state;
  let publishedAt = 0;
  let root: HTMLElement | undefined;
  let stage: Stage | undefined;
  let store: ResourceStore | undefined;
  let resources: Resources | undefined;
  let stills: Stills | undefined;
  let beforeStage: eventWithTime[] = [];
  let taken = { lines: 0, unreadable: 0 }; // of the page that is being added
  let stageSpeed = 1;
  let frame = 0;
  let isStartFound = atMs !== undefined || !options.findStart;

  function dispatch(event: PlaybackEvent): void {
    const before = state;
    state = nextState(before, event);
    const command = stageCommand(before, event, state);
    if (command?.type === 'play') stage?.play(command.atMs);
    if (command?.type === 'pause') stage?.pause(command.atMs);
    if (stage) setStageSpeed();
    tickOn();
    if (event.type === 'retry-pressed' || (isFollowing(state) && !isFollowing(before))) {
      feed.run();
      feed.hurry();
    }
    const isClock = event.type === 'clock' || event.type === 'events-added';
    if (state === published || (isClock && state.name === before.name && performance.now() - publishedAt < PUBLISH_EVERY_MS)) return;
    published = state;
    publishedAt = performance.now();
    for (const listener of listeners) listener();
  }

  function setStageSpeed(): void {
    const speed = wantedSpeed();
    if (speed === stageSpeed) return;
    stageSpeed = speed;
    stage!.setSpeed(speed);
  }

  function wantedSpeed(): number {
    const { name, timeMs, totalMs } = state;
    if (name === 'playing' || name === 'skipping') return speedAt(timeMs, state);
    if (name !== 'following' || (timeMs < totalMs && stageSpeed > 0)) return stageSpeed;
    return catchUpSpeed(totalMs - timeMs); // set once for each arrival: adjusted on the way, it would never arrive
  }

  const feed = createFeed({
    readPage,
    take,
    onAnswer: () => state.error !== undefined && dispatch({ type: 'answered' }),
    onError: (error, willRetry) => dispatch({ type: 'read-failed', error, willRetry }),
    onEnd: () => dispatch({ type: 'feed-ended' }),
    pauseMs: () => {
      if (isFollowing(state)) return state.liveness === 'lost' ? POLL_MS.otherwise : POLL_MS.following;
      if (hasMoreSoon()) return state.name === 'waiting' ? POLL_MS.waiting : POLL_MS.otherwise;
      return undefined;
    },
  });

  function hasMoreSoon(): boolean {
    const newest = timeline.newest();
    return mayGrow(newest) || mayGrow({ ...newest, lastEventAtMs: createdAtMs });
  }

  /** Adds the events of a page. After a failure it goes on where it was. */
  async function take(page: EventsPage): Promise<void> {
    for await (const { events, unreadable, lines } of parsed(page.lines.slice(taken.lines), { readAsset, sanitize })) {
      if (!root) return;
      taken = { lines: taken.lines + lines, unreadable: taken.unreadable + unreadable };
      for (const event of events) {
        redate(event);
        timeline.add(event);
        collector?.add(event);
        store?.learn(event as { type: number; data?: unknown });
        stills?.add(event);
        if (stage) stage.add(event);
        else beforeStage.push(event);
      }
      if (!stage && beforeStage.some(({ type }) => (type as number) === FULL_SNAPSHOT)) createFirstStage();
      else if (stage && events.length > 0) dispatch({ type: 'events-added', totalMs: timeline.totalMs() });
    }
    const { unreadable } = taken;
    taken = { lines: 0, unreadable: 0 };
    timeline.endPage(page.missing, page.skipped);
    const isOver = page.nextCursor === ''; // nothing can follow, however new it is
    const liveness = isOver ? 'ended' : livenessOf(withFacts(timeline.newest(), timeline.totalMs(), options.facts?.() ?? {}));
    const isLive = timeline.totalMs() > 0 && liveness === 'live';
    dispatch({
      type: 'page-read',
      facts: {
        unreadable,
        mayGrow: !isOver && hasMoreSoon(),
        tail: page.tail,
        loaded: page.hasMore ? 'partly' : isLive ? 'live' : 'fully',
        liveness,
        totalMs: timeline.totalMs(),
        marks: timeline.marks(),
        idle: timeline.idle(),
        activity: timeline.activity(ACTIVITY_PARTS),
        absent: absent.absent(),
        rows: collector?.rows(timeline.startMs()) ?? NO_ROWS,
      },
    });
    findStart(!page.hasMore);
  }

  /** @param isLast all so far is loaded: what is recorded later is no start */
  function findStart(isLast: boolean): void {
    const foundMs = isStartFound ? undefined : options.findStart?.(state.rows);
    isStartFound ||= isLast || foundMs !== undefined;
    if (foundMs === undefined) return;
    dispatch({ type: 'pause-pressed' });
    dispatch({ type: 'seek', atMs: foundMs });
  }

  function createFirstStage(): void {
    timeline.fixStart();
    beforeStage.sort((a, b) => a.timestamp - b.timestamp); // rrweb takes the first one for the start
    stage = createStage(root!, beforeStage, {
      onFirstFrame: () => dispatch({ type: 'first-frame' }),
      onView: (view) => dispatch({ type: 'view-changed', view }),
      onFault: () => dispatch({ type: 'event-failed' }),
    }, resources!, options.userAgent);
    beforeStage = [];
    dispatch({ type: 'snapshot-arrived', totalMs: timeline.totalMs() });
  }

  function tick(): void {
    frame = 0;
    if (isMoving(state)) stage?.ahead();
    readClock();
    tickOn();
  }

  /** A player that stands still asks for no frames. */
  function tickOn(): void {
    if (stage && isMoving(state)) frame ||= requestAnimationFrame(tick);
  }

  function readClock(): void {
    if (!stage || !isMoving(state)) return;
    const totalMs = timeline.totalMs();
    dispatch({ type: 'clock', timeMs: Math.min(stage.time(), totalMs), totalMs });
  }

  /** A command of the user, which counts from where the clock is now. */
  function command(event: PlaybackEvent): void {
    isStartFound ||= event.type === 'seek' || event.type === 'live-pressed' || event.type === 'pause-pressed';
    readClock();
    dispatch(event);
  }

  /** Where to replay: the element, or one in a frame with another policy. */
  async function openFrame(element: HTMLElement): Promise<HTMLElement> {
    if (options.openFrame) return options.openFrame(element);
    return loaded.size === 0 ? element : openOtherHostsFrame(element, [...loaded]);
  }

  return {
    state: (): PlaybackState => published,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Load, and play into this element; returns the call that ends it, for good. */
    attach(element: HTMLElement): () => void {
      let isOver = false;
      const start = (inner: HTMLElement): void => {
        if (isOver) return;
        root = inner;
        store = createResourceStore(readAsset);
        resources = createResources(store);
        feed.run();
      };
      if (options.openFrame) openFrame(element).then(start, (error: unknown) => dispatch({ type: 'read-failed', error, willRetry: false }));
      else if (loaded.size === 0) start(element);
      else {
        openFrame(element).then(start, () => {
          start(element);
          options.onLoadFailed?.();
        });
      }
      return () => {
        isOver = true;
        feed.stop();
        cancelAnimationFrame(frame);
        stills?.end();
        stills = undefined;
        stage?.destroy();
        resources?.end();
        store?.end();
        stage = undefined;
        root = undefined;
        if (loaded.size > 0 || options.openFrame) element.replaceChildren(); // the frame around the stage
      };
    },
    play: (): void => command({ type: 'play-pressed' }),
    pause: (): void => command({ type: 'pause-pressed' }),
    toggle: (): void => command({ type: isRunning(state) ? 'pause-pressed' : 'play-pressed' }),
    seek: (toMs: number): void => command({ type: 'seek', atMs: toMs }),
    goLive: (): void => command({ type: 'live-pressed' }),
    /** Ask again after an error, or for events that have come since. */
    retry: (): void => command({ type: 'retry-pressed' }),
    /** Whether stills can be drawn: all so far is loaded, and no page of it is too large. */
    hasStills: (): boolean => stage !== undefined && state.loaded !== 'partly' && collector !== undefined && collector.largestPage() <= MAX_NODES_OF_STILL,
    /**
     * Stills of its moments, drawn into this element. They end by their call, or with the playback.
     *
     * @throws {Error} its frame could not be opened, or the playback has ended
     */
    async openStills(element: HTMLElement, onView: (view: View) => void): Promise<Stills> {
      const inner = await openFrame(element);
      if (!stage || !store) throw new Error('the playback has ended');
      stills?.end();
      stills = createStills(inner, stage.events(), timeline.startMs(), store, onView, options.userAgent);
      return stills;
    },
    /** Resolves when the moment that was sought last is shown. */
    settled: (): Promise<void> => stage?.arrived() ?? Promise.resolve(),
    setSpeed(speed: number): void {
      command({ type: 'speed-set', speed });
      options.settings?.write(state);
    },
    setSkipIdle(skipIdle: boolean): void {
      command({ type: 'skip-idle-set', skipIdle });
      options.settings?.write(state);
    },
  };
}
