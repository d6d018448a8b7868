import { Replayer } from '@rrweb/replay';
import '@rrweb/replay/dist/style.css';
import type { eventWithTime } from '@rrweb/types';
import { controlRules } from './control-rules';
import { createAdoptedSheets } from './corrections/adopted-sheets';
import { type Clock, createAnimations } from './corrections/animations';
import { createCanvasPictures } from './corrections/canvas-pictures';
import type { Correction } from './corrections/correction';
import { createElementKinds } from './corrections/element-kinds';
import { createElementStates } from './corrections/element-states';
import { createFieldStates } from './corrections/field-states';
import { rebuildDocuments } from './corrections/frame-documents';
import { createHighlights } from './corrections/highlights';
import { createMovedAcross } from './corrections/moved-across';
import { createPointedAndFocused } from './corrections/pointed-and-focused';
import { createRegisteredProperties } from './corrections/registered-properties';
import { createRemovedTrees } from './corrections/removed-trees';
import { createScrollPositions } from './corrections/scroll-positions';
import { createSheetsLeftOver } from './corrections/sheets-left-over';
import { createTarget } from './corrections/target';
import { createTopLayer } from './corrections/top-layer';
import { createVisitorRules } from './corrections/visitor-rules';
import { FULL_SNAPSHOT, META } from './event';
import { createProjector } from './projector';
import { createReel } from './reel';
import type { Resources } from './resources/resources';
import { createSeenViews } from './seen-views';
import type { Size, View } from './view';

export interface StageListeners {
  /** The first full snapshot is drawn, or as much of it as can be. Before it, rrweb would undo any command. */
  readonly onFirstFrame: () => void;
  readonly onView: (view: View) => void;
  /** rrweb could not apply an event; it goes on with the next. */
  readonly onFault: (fault: unknown) => void;
}

export type Stage = ReturnType<typeof createStage>;

/** Blocked elements, by rrweb's class, are hatched to show that they were left out; rrweb would fill them with one colour. */
const BLOCKED_RULE =
  '.rr-block { background: repeating-linear-gradient(45deg, #8884 0 8px, #8882 8px 16px) !important; }';

/** A browser shows the controls of each video in a document without scripts. */
const CONTROLS_RULE = ':is(video, audio):not([controls])::-webkit-media-controls { display: none !important }';

/** Private methods of rrweb's player whose exceptions must not stop it. */
type Fallible = Record<'applyIncremental' | 'rebuildFullSnapshot', (...args: unknown[]) => unknown>;

/** rrweb marks a page that stands by a class, which is left out for the rules that ask whether it has one. */
function removePauseClass(root: HTMLElement | undefined): void {
  root?.classList.remove('rrweb-paused');
  if (root?.className === '') root.removeAttribute('class');
}

/**
 * rrweb's player in a frame that runs no scripts, drawn into `root`. Times count from the first event.
 *
 * @param resources shows what the recording has of other hosts
 * @param userAgent the visitor's, if it is known
 * @param sliceMs see `createProjector`
 * @throws {Error} the frame would not be sandboxed as it must be
 */
export function createStage(root: HTMLElement, events: eventWithTime[], listeners: StageListeners, resources: Resources, userAgent = '', sliceMs?: number) {
  const views = createSeenViews(listeners.onView);
  const corrections: readonly Correction[] = [
    createSheetsLeftOver(), createCanvasPictures(), createElementKinds(), createAdoptedSheets(), createFieldStates(), createTarget(),
    createVisitorRules(), createPointedAndFocused(), views, resources.correction, createTopLayer(), createScrollPositions(),
    createAnimations(clock), createElementStates(clock), createMovedAcross(), createHighlights(), createRegisteredProperties(),
    createRemovedTrees(),
  ];
  const reel = createReel(events);
  const first = reel.at(0)!;
  const opening = [META, FULL_SNAPSHOT].flatMap((kind) => events.find(({ type }) => (type as number) === kind) ?? []);
  // It draws the first full snapshot by itself, and gets the other events when it needs them.
  const replayer = new Replayer([{ type: 0, data: {}, timestamp: first.timestamp }, ...opening], {
    root,
    // Its clock runs on after the last event: the caller decides what the end is, since more may come.
    liveMode: true,
    // Its copy of the page, to which it would apply the events of a jump first, differs from a page in many ways: a jump
    // would not show what playing shows.
    useVirtualDom: false,
    pauseAnimation: false, // a style would hide what state they are in: `createAnimations` pauses them
    triggerFocus: false, // the keyboard stays with the player
    mouseTail: { duration: 400, lineCap: 'round', lineWidth: 2, strokeStyle: '#0d9488' },
    plugins: [...(corrections as never[]), { handler: (event) => projector.shown(event) }],
    insertStyleRules: [...corrections.flatMap(({ rules = [] }) => rules), BLOCKED_RULE, CONTROLS_RULE, ...controlRules(userAgent, navigator.userAgent)],
    showWarning: false,
    logger: { log: () => {}, warn: (...fault: unknown[]) => listeners.onFault(fault[1] ?? fault[0]) },
  });
  rebuildDocuments(replayer);
  const { iframe } = replayer;
  if (iframe.sandbox.value !== 'allow-same-origin') {
    throw new Error(`the replayed page must not run scripts: its sandbox is "${iframe.sandbox.value}"`);
  }
  iframe.title = 'The recorded page';
  iframe.tabIndex = -1;
  iframe.inert = true; // its links and fields are out of reach of mouse and keyboard
  for (const correction of corrections) correction.attach?.(replayer);
  for (const name of ['applyIncremental', 'rebuildFullSnapshot'] as const) tolerate(replayer, name);
  prepareEachPage(replayer);
  reportFirstFrame(replayer);
  replayer.on('resize', (size) => views.resized(size as Size));
  for (const name of ['pause', 'fullsnapshot-rebuilded']) replayer.on(name, () => removePauseClass(iframe.contentDocument?.documentElement));
  replayer.on('fullsnapshot-rebuilded', showAll);
  replayer.on('flush', () => {
    for (const correction of corrections) correction.flush?.(replayer);
  });

  function showAll(): void {
    for (const correction of corrections) correction.show?.(replayer);
  }

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

  function prepareEachPage(target: Replayer): void {
    const inner = target as unknown as Fallible & { newDocumentQueue: unknown[] };
    const rebuild = inner.rebuildFullSnapshot;
    inner.rebuildFullSnapshot = (...args) => {
      // rrweb keeps documents until the frame with their id appears, even after a new page gave that id to another.
      inner.newDocumentQueue = [];
      for (const correction of corrections) correction.restart?.(args[0] as eventWithTime, args[1] === true);
      return rebuild(...args);
    };
  }

  /** Of the recording; it stands while the player goes somewhere. */
  function clock(target: Replayer): Clock {
    return { nowMs: first.timestamp + target.getCurrentTime(), speed: target.service.state.matches('playing') ? target.config.speed : 0 };
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

  const projector = createProjector(replayer, reel, first.timestamp, sliceMs);
  let arriving = Promise.resolve();

  /** Goes to a moment, and plays from there or not. A long way takes several tasks of the browser. */
  function go(atMs: number, playAfter: boolean): void {
    arriving = projector.go(atMs, playAfter).then((arrived) => {
      if (arrived) showAll();
    });
  }

  return {
    add(event: eventWithTime): void {
      if (projector.added(event, reel.add(event))) showAll(); // it was applied at once
    },
    play: (atMs: number): void => go(atMs, true),
    /** Stops; with `atMs`, at that moment. Events at exactly that moment are not applied yet. */
    pause(atMs?: number): void {
      if (atMs !== undefined) return go(atMs, false);
      projector.pause();
      showAll();
    },
    time: (): number => replayer.getCurrentTime(),
    /** Resolves when it is where it was sent last. */
    arrived: (): Promise<void> => arriving,
    /** To be called for each animation frame while it plays. */
    ahead: projector.ahead,
    /** Sets the speed, as a multiple of the recorded one; 0 holds the clock. */
    setSpeed(speed: number): void {
      projector.setSpeed(speed);
      showAll();
    },
    /** All of them, in order of time. */
    events: (): readonly eventWithTime[] => reel.all(),
    destroy(): void {
      projector.end();
      replayer.destroy();
    },
  };
}
