import { createHooks } from './hooked-members';
import type { Recorded } from './index';
import type { LiveState, Root } from './live-state';
import { customEvent } from './recorded-nodes';

/** A custom event of rrweb's with this tag has animations that have started or changed; docs/recorder.md has its payload. */
export const ANIMATIONS_TAG = 'rrweb-store:animations';

/** An animation as it is recorded. */
export interface ToldAnimation {
  /** Stands for it in later events. */
  readonly n: number;
  readonly id: number;
  readonly pseudo?: string | undefined;
  /** Of the `@keyframes`, if a style sheet has made it. Otherwise it has `keyframes` and `timing`. */
  readonly name?: string | undefined;
  keyframes?: ComputedKeyframe[];
  readonly timing?: EffectTiming;
  /** While it runs, the milliseconds since its time was 0; otherwise `at`, its time. */
  readonly age?: number | undefined;
  readonly at?: number;
  readonly rate: number;
  /** Milliseconds until it is over by itself and shows nothing more. */
  readonly left?: number | undefined;
}

interface Known {
  readonly told: ToldAnimation;
  /** Epochs in milliseconds. */
  readonly start?: number | undefined;
  readonly ends?: number | undefined;
  /** What of it may change: all of it if a script calls a method, otherwise what is read at once. */
  readonly state: string;
  readonly glance: string;
}

/** Protects the recording: more in one event are left out, and run in the replay as its browser runs them. */
const MAX_TOLD = 300;
const MAX_KEYFRAMES = 100;
/** A start is not known better: it is a time of the frame, read in another one. */
const FRAME_MS = 20;

/** Methods and properties by which a script starts or changes an animation; no event tells of it. */
const HOOKED: Record<string, readonly string[]> = {
  Element: ['animate'],
  Animation: ['play', 'pause', 'cancel', 'finish', 'reverse', 'updatePlaybackRate', 'currentTime', 'startTime', 'playbackRate', 'effect'],
  AnimationEffect: ['updateTiming'],
  KeyframeEffect: ['setKeyframes'],
};

/** Follow the animations and transitions of the page. See `live-state.ts`. */
export function watchAnimations({ emit, idOf }: Recorded, roots: ReadonlySet<Root>, changed: () => void): LiveState {
  const numbers = new WeakMap<Animation, number>();
  let last = 0;
  let known = new Map<Animation, Known>();
  /** A script has called one of the methods. */
  let called = true;
  const { hookAll, enter, stop } = createHooks((page) =>
    hookAll(page, HOOKED, () => {
      called = true;
      changed(); // which looks when the page has been drawn
    }),
  );

  /** What of the animation is recorded; undefined if it follows no clock, or belongs to nothing that is recorded. */
  function read(animation: Animation, before: Known | undefined): Known | undefined {
    const { timeline, playState, currentTime, startTime, playbackRate: rate } = animation;
    const glance = `${playState} ${startTime ?? currentTime} ${rate}`;
    if (before && !called && before.glance === glance && !animation.pending) return before;
    const effect = animation.effect as KeyframeEffect | null;
    const view = effect?.target?.ownerDocument.defaultView;
    if (!view || !timeline || 'axis' in timeline || currentTime === null) return undefined; // a scroll has an axis
    const id = idOf(effect.target!);
    const { animationName: name } = animation as CSSAnimation;
    const [time, end] = [Number(currentTime), Number(effect.getComputedTiming().endTime)];
    const runs = playState !== 'paused' && rate !== 0;
    const start = Date.now() - (startTime === null ? time / rate : view.performance.now() - Number(startTime));
    const was = before?.start;
    const near = !runs ? undefined : was !== undefined && Math.abs(was - start) < FRAME_MS ? was : start;
    const timing = effect.getTiming();
    const stays = /forwards|both/.test(timing.fill!);
    const keyframes = name === undefined ? (!called && before?.told.keyframes) || effect.getKeyframes().slice(0, MAX_KEYFRAMES) : undefined;
    if (id < 0) return undefined;
    for (const keyframe of keyframes ?? []) if (keyframe.composite === 'auto') keyframe.composite = effect.composite; // no timing tells it
    if (runs && animation.pending && !before) changed(); // its start is known when it has started
    if (!numbers.has(animation)) numbers.set(animation, (last += 1));
    const told: ToldAnimation = {
      n: numbers.get(animation)!,
      id,
      pseudo: effect.pseudoElement ?? undefined,
      name,
      ...(keyframes && { keyframes, timing }),
      ...(!runs && { at: time }),
      rate,
    };
    const ends = near !== undefined && rate > 0 && end < Infinity && !stays ? near + end / rate : undefined;
    return { told, start: near, ends, glance, state: JSON.stringify([told, near, ends]) };
  }

  /** As it is told now; what leaves the page is changed on its way. */
  function copyOf({ told, start, ends }: Known): ToldAnimation {
    const now = Date.now();
    const times = { age: start === undefined ? undefined : now - start, left: ends === undefined ? undefined : ends - now };
    return JSON.parse(JSON.stringify({ ...told, ...times })) as ToldAnimation;
  }

  return {
    events: ['animationstart', 'animationcancel', 'transitionrun', 'transitioncancel'],
    entered: enter,
    tell(late, all) {
      const now = new Map<Animation, Known>();
      const told: ToldAnimation[] = [];
      for (const root of roots) {
        for (const animation of root.getAnimations?.() ?? []) {
          const before = all ? undefined : known.get(animation); // a full snapshot has other ids
          const one = read(animation, before);
          if (!one) continue;
          now.set(animation, one);
          if (told.length < MAX_TOLD && (all || one.state !== before?.state)) told.push(copyOf(one));
        }
      }
      const gone: number[] = [];
      for (const [animation, one] of known) if (!all && !now.has(animation) && Date.now() < (one.ends ?? Infinity)) gone.push(one.told.n);
      known = now;
      called = false;
      if (all || told.length || gone.length) emit(customEvent(ANIMATIONS_TAG, { late, told, gone }));
    },
    stop,
  };
}
