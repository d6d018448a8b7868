import { Replayer } from '@rrweb/replay';
import '@rrweb/replay/dist/style.css';
import type { eventWithTime } from '@rrweb/types';
import { CANVAS_RULES, createCanvasPictures } from './canvas-pictures';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface StageListeners {
  /** The replayed page stands. */
  readonly onFrame: () => void;
  readonly onSize: (size: Size) => void;
  /** rrweb's player could not apply an event; it goes on with the next. */
  readonly onFault: (fault: unknown) => void;
}

export type Stage = ReturnType<typeof createStage>;

/** The parts of rrweb's player that must not end it by an exception; they are private to it. */
type Fallible = Record<'applyIncremental' | 'rebuildFullSnapshot', (...args: unknown[]) => unknown>;

/**
 * rrweb's player in a frame that runs no script, drawn into `root`. Times are from the first event.
 *
 * @throws {Error} the frame would not be sandboxed as it must be
 */
export function createStage(root: HTMLElement, events: eventWithTime[], listeners: StageListeners) {
  const canvases = createCanvasPictures();
  const replayer = new Replayer(events, {
    root,
    // Its clock goes on behind the last event: whoever plays decides what the end is, since more may come.
    liveMode: true,
    triggerFocus: false, // the keyboard stays with the player
    mouseTail: { duration: 400, lineCap: 'round', lineWidth: 2, strokeStyle: '#0d9488' },
    plugins: [canvases as never],
    insertStyleRules: CANVAS_RULES,
    showWarning: false,
    logger: { log: () => {}, warn: (...fault: unknown[]) => listeners.onFault(fault[1] ?? fault[0]) },
  });
  const { iframe } = replayer;
  if (iframe.sandbox.value !== 'allow-same-origin') {
    throw new Error(`the replayed page must not run scripts: its sandbox is "${iframe.sandbox.value}"`);
  }
  iframe.title = 'The recorded page';
  iframe.tabIndex = -1;
  iframe.inert = true; // nobody gets to its links and fields, by mouse or by keyboard
  for (const name of ['applyIncremental', 'rebuildFullSnapshot'] as const) tolerate(replayer, name);
  replayer.on('fullsnapshot-rebuilded', listeners.onFrame);
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

  return {
    add: (event: eventWithTime): void => replayer.addEvent(event),
    play(atMs: number): void {
      replayer.play(atMs);
      canvases.show(replayer);
    },
    /** Stop; with `atMs`, there. Events at exactly that moment are not applied yet. */
    pause(atMs?: number): void {
      replayer.pause(atMs);
      if (atMs !== undefined) canvases.show(replayer);
    },
    time: (): number => replayer.getCurrentTime(),
    /** How many times as fast as it was recorded; 0 holds the clock. */
    setSpeed(speed: number): void {
      replayer.getCurrentTime(); // bring the clock to now, as fast as it went until now
      replayer.setConfig({ speed });
    },
    destroy(): void {
      replayer.destroy();
    },
  };
}
