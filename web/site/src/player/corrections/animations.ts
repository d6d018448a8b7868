import type { Replayer } from '@rrweb/replay';
import { CUSTOM, isObject } from '../event';
import type { Correction } from './correction';
import { toldAtMs } from './late-events';
import { createReplayedRoots } from './replayed-roots';
import { type ToldAnimation, timeOf, toldBy } from './told-animations';

/** The clock of the replay. */
export interface Clock {
  /** Epoch of the recording. */
  readonly nowMs: number;
  /** 0 while it stands. */
  readonly speed: number;
}

/** An animation is only moved to where it should be if it is further away: to move it costs a frame. */
const NEAR_MS = 30;
/** Protects the player: more are left to the browser. */
const MAX_ANIMATIONS = 5_000;

/**
 * Gives each animation of the replayed page the time that it had in the recorded one: it stands still while the player
 * does, and goes as fast.
 *
 * rrweb 2.1.6 builds a page and lets the browser start its animations then, whatever the moment:
 * https://github.com/rrweb-io/rrweb/issues/1491; and records none that a script starts:
 * https://github.com/rrweb-io/rrweb/issues/1143. Right would be what the recorder's `corrections/animations.ts` and this
 * file do. Both can go when `browser/animations.test.ts` passes without them.
 */
export function createAnimations(clock: (replayer: Replayer) => Clock): Correction {
  const replayed = createReplayedRoots();
  /** By their numbers; undefined as long as the recorder has told nothing of this page: earlier recorders did not. */
  let told: Map<number, ToldAnimation> | undefined;
  /** Animations that no style sheet of the page makes: those of scripts, and transitions. */
  let made = new Map<number, Animation>();
  /** Epoch of the recording at which an animation began of which nothing is told. */
  let begun = new WeakMap<Animation, number>();
  let jumped = false;
  /** The page of a jump is built, and nothing is told of it yet. One that were over could not be found again. */
  let building = false;
  let waiting = false;

  function show(replayer: Replayer): void {
    if (building) return;
    const { nowMs, speed } = clock(replayer);
    const placed = new Set<Animation>();
    for (const one of told?.values() ?? []) {
      if (nowMs >= one.ends) drop(one.n);
      const animation = nowMs >= one.ends ? undefined : found(one, replayer, placed);
      if (!animation) continue;
      placed.add(animation);
      attempt(() => place(animation, timeOf(one, nowMs), one.at === undefined ? one.rate * speed : 0));
    }
    for (const root of replayed.roots(replayer)) {
      for (const animation of root.getAnimations()) {
        if (!placed.has(animation) && animation.timeline && !('axis' in animation.timeline)) placeUntold(animation, nowMs, speed);
      }
    }
    jumped = false;
  }

  /** The animation in the replayed page, made if it is of a script. */
  function found(one: ToldAnimation, replayer: Replayer, taken: ReadonlySet<Animation>): Animation | undefined {
    const target = replayer.getMirror().getNode(one.id);
    if (target?.nodeType !== Node.ELEMENT_NODE || !target.isConnected) return undefined;
    const element = target as Element;
    if (one.name === undefined) return madeFor(one, element);
    return element
      .getAnimations({ subtree: one.pseudo !== undefined })
      .find((animation) => !taken.has(animation) && (animation as CSSAnimation).animationName === one.name && isOf(animation, element, one.pseudo));
  }

  function madeFor(one: ToldAnimation, element: Element): Animation | undefined {
    const before = made.get(one.n);
    if (before && isOf(before, element, one.pseudo)) return before;
    before?.cancel();
    made.delete(one.n);
    const { defaultView } = element.ownerDocument as Document & { defaultView: typeof globalThis | null };
    if (!defaultView) return undefined;
    try {
      const timing = { ...one.timing, ...(one.pseudo !== undefined && { pseudoElement: one.pseudo }) };
      const effect = new defaultView.KeyframeEffect(element, one.keyframes as Keyframe[], timing);
      const animation = new defaultView.Animation(effect, element.ownerDocument.timeline);
      made.set(one.n, animation);
      return animation;
    } catch {
      return undefined; // the watcher's browser does not know such keyframes
    }
  }

  function drop(n: number): void {
    made.get(n)?.cancel();
    made.delete(n);
    told?.delete(n);
  }

  /** A browser's own: its transitions were recorded with their keyframes, others began now, or are over after a jump. */
  function placeUntold(animation: Animation, nowMs: number, speed: number): void {
    const isTransition = 'transitionProperty' in animation;
    if (isTransition && told) return animation.cancel();
    const end = endOf(animation);
    if (!begun.has(animation)) begun.set(animation, jumped ? (end === Infinity ? 0 : -Infinity) : nowMs - Number(animation.currentTime ?? 0));
    attempt(() => place(animation, nowMs - begun.get(animation)!, speed));
  }

  return {
    restart(snapshot, isSync) {
      replayed.follow(snapshot);
      told = undefined;
      made = new Map();
      begun = new WeakMap();
      jumped = building = isSync;
    },
    handler(event, isSync, { replayer }) {
      replayed.follow(event);
      building = false;
      if (isSync) jumped = true;
      const { type, data } = event as { type: number; data: unknown };
      const next = type === CUSTOM && isObject(data) ? toldBy(data, toldAtMs(event)) : undefined;
      if (next) {
        told ??= new Map();
        for (const n of next.gone) drop(n);
        for (const one of next.told) {
          drop(one.n); // its keyframes may be others
          if (told.size < MAX_ANIMATIONS) told.set(one.n, one);
        }
      }
      if (isSync || waiting) return;
      waiting = true; // once for all events of this frame, and before it is drawn
      queueMicrotask(() => {
        waiting = false;
        show(replayer);
      });
    },
    show,
  };
}

/** A recording may ask for times and rates that no browser allows. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // this animation stays as it is
  }
}

/** Moves it there, and lets it run at that rate; 0 holds it. */
function place(animation: Animation, time: number, rate: number): void {
  const end = endOf(animation);
  const to = Math.min(time, end);
  const runs = rate > 0 ? to < end : rate < 0 && to > 0;
  if (animation.currentTime === null) animation.currentTime = to; // one that runs backwards could not start anywhere
  if (runs && animation.playbackRate !== rate) animation.playbackRate = rate;
  if (runs && animation.playState !== 'running') animation.play();
  if (!runs && animation.playState !== 'paused') animation.pause();
  if (Math.abs(Number(animation.currentTime) - to) > (runs ? NEAR_MS * Math.abs(rate) : 0)) animation.currentTime = to;
}

const endOf = (animation: Animation): number => Number(animation.effect?.getComputedTiming().endTime ?? 0);

function isOf({ effect }: Animation, element: Element, pseudo: string | undefined): boolean {
  const { target, pseudoElement } = (effect ?? {}) as Partial<KeyframeEffect>;
  return target === element && (pseudoElement ?? undefined) === pseudo;
}
