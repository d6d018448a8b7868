import { Replayer } from '@rrweb/replay';
import '@rrweb/replay/dist/style.css';
import type { eventWithTime } from '@rrweb/types';
import { CANVAS_RULES, createCanvasPictures } from './canvas-pictures';
import { FULL_SNAPSHOT, META } from './event';
import { createProjector } from './projector';
import { createReel } from './reel';
import { guardTree } from './tree-guard';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface StageListeners {
  /** The first full snapshot is drawn, or as much of it as can be. Before it, rrweb would undo any command. */
  readonly onFirstFrame: () => void;
  readonly onSize: (size: Size) => void;
  /** rrweb's player could not apply an event; it goes on with the next. */
  readonly onFault: (fault: unknown) => void;
}

export type Stage = ReturnType<typeof createStage>;

/** What a recorder left out, by rrweb's own class for it: seen to be left out, where rrweb would paint it in one colour. */
const BLOCKED_RULE =
  '.rr-block { background: repeating-linear-gradient(45deg, #8884 0 8px, #8882 8px 16px) !important; }';

/** The parts of rrweb's player that must not end it by an exception; they are private to it. */
type Fallible = Record<'applyIncremental' | 'rebuildFullSnapshot', (...args: unknown[]) => unknown>;

/**
 * rrweb's player in a frame that runs no script, drawn into `root`. Times are from the first event.
 *
 * @throws {Error} the frame would not be sandboxed as it must be
 */
export function createStage(root: HTMLElement, events: eventWithTime[], listeners: StageListeners) {
  const canvases = createCanvasPictures();
  const reel = createReel(events);
  const first = reel.at(0)!;
  const begins = [META, FULL_SNAPSHOT].flatMap((kind) => events.find(({ type }) => (type as number) === kind) ?? []);
  // It draws the first picture by itself; of the others it gets what it needs, when it needs it.
  const replayer = new Replayer([{ type: 0, data: {}, timestamp: first.timestamp }, ...begins], {
    root,
    // Its clock goes on behind the last event: whoever plays decides what the end is, since more may come.
    liveMode: true,
    triggerFocus: false, // the keyboard stays with the player
    mouseTail: { duration: 400, lineCap: 'round', lineWidth: 2, strokeStyle: '#0d9488' },
    plugins: [canvases as never, { handler: (event) => projector.shown(event) }],
    insertStyleRules: [...CANVAS_RULES, BLOCKED_RULE],
    showWarning: false,
    logger: { log: () => {}, warn: (...fault: unknown[]) => listeners.onFault(fault[1] ?? fault[0]) },
  });
  guardTree(replayer);
  const { iframe } = replayer;
  if (iframe.sandbox.value !== 'allow-same-origin') {
    throw new Error(`the replayed page must not run scripts: its sandbox is "${iframe.sandbox.value}"`);
  }
  iframe.title = 'The recorded page';
  iframe.tabIndex = -1;
  iframe.inert = true; // nobody gets to its links and fields, by mouse or by keyboard
  for (const name of ['applyIncremental', 'rebuildFullSnapshot'] as const) tolerate(replayer, name);
  forgetDocumentsAtEachPage(replayer);
  reportFirstFrame(replayer);
  replayer.on('resize', (size) => listeners.onSize(size as Size));

  function tolerate(target: Replayer, name: keyof Fallible): void {
    const fallible = target as unknown as Fallible;
    const own = fallible[name].bind(target);
    fallible[name] = (...args) => {
      try {
        return own(...args);
      } catch (fault) {
        listeners.onFault(fault);
        return undefined;
      }
    };
  }

  /** Documents wait in rrweb for their frame, by its number, even when a new page has given that to another. */
  function forgetDocumentsAtEachPage(target: Replayer): void {
    const inner = target as unknown as Fallible & { newDocumentQueue: unknown[] };
    const rebuild = inner.rebuildFullSnapshot;
    inner.rebuildFullSnapshot = (...args) => {
      inner.newDocumentQueue = [];
      return rebuild(...args);
    };
  }

  function reportFirstFrame(target: Replayer): void {
    const inner = target as unknown as Fallible;
    const rebuild = inner.rebuildFullSnapshot;
    inner.rebuildFullSnapshot = (...args) => {
      inner.rebuildFullSnapshot = rebuild;
      try {
        return rebuild(...args);
      } finally {
        queueMicrotask(listeners.onFirstFrame); // rrweb still scrolls the page
      }
    };
  }

  const projector = createProjector(replayer, reel, first.timestamp);

  /** There, and on from there or not. A long way takes several turns of the browser. */
  function go(atMs: number, playAfter: boolean): void {
    void projector.go(atMs, playAfter).then((arrived) => arrived && canvases.show(replayer));
  }

  return {
    add: (event: eventWithTime): void => projector.added(event, reel.add(event)),
    play: (atMs: number): void => go(atMs, true),
    /** Stop; with `atMs`, there. Events at exactly that moment are not applied yet. */
    pause: (atMs?: number): void => (atMs === undefined ? projector.pause() : go(atMs, false)),
    time: (): number => replayer.getCurrentTime(),
    /** Call it for each frame while it plays. */
    ahead: projector.ahead,
    /** How many times as fast as it was recorded; 0 holds the clock. */
    setSpeed: projector.setSpeed,
    destroy(): void {
      projector.end();
      replayer.destroy();
    },
  };
}
