import { type Json, isObject } from '../event';

/** Custom events of the recorder with this tag tell which animations have started, changed and gone: docs/recorder.md. */
const TAG = 'rrweb-store:animations';
/** Protect the player. The recorder tells fewer. */
const MAX_TOLD = 1_000;
const MAX_KEYFRAMES = 200;

/** An animation as the recorder tells of it. */
export interface ToldAnimation {
  /** Stands for it in later events. */
  readonly n: number;
  readonly id: number;
  readonly pseudo: string | undefined;
  /** Of its `@keyframes`; undefined for one of a script, and for a transition. */
  readonly name: string | undefined;
  readonly keyframes: readonly Keyframe[];
  readonly timing: EffectTiming;
  /** Epoch in milliseconds at which its time was 0; undefined if it stands still, at `at`. */
  readonly start: number | undefined;
  readonly at: number | undefined;
  readonly rate: number;
  /** Epoch in milliseconds at which it is over and shows nothing more. */
  readonly ends: number;
}

/** Its time at a moment of the recording, which may be after its end. */
export function timeOf({ start, at, rate }: ToldAnimation, nowMs: number): number {
  return start === undefined ? at! : rate > 0 ? (nowMs - start) * rate : Math.max(0, (nowMs - start) * rate);
}

/**
 * What an event tells; undefined of other events.
 *
 * @param atMs when the recorder told it
 */
export function toldBy(data: Json, atMs: number): { told: ToldAnimation[]; gone: number[] } | undefined {
  if (data['tag'] !== TAG || !isObject(data['payload'])) return undefined;
  const { told, gone } = data['payload'];
  if (!Array.isArray(told) || !Array.isArray(gone)) return undefined;
  return {
    told: told.slice(0, MAX_TOLD).flatMap((one: unknown) => (isObject(one) ? (animationOf(one, atMs) ?? []) : [])),
    gone: gone.filter((n) => typeof n === 'number'),
  };
}

function animationOf({ n, id, pseudo, name, keyframes, timing, age, at, rate, left }: Json, atMs: number): ToldAnimation | undefined {
  if (!isNumber(n) || !isNumber(id) || !isNumber(rate) || isNumber(age) === isNumber(at)) return undefined;
  if (typeof name !== 'string' && !(Array.isArray(keyframes) && isObject(timing))) return undefined;
  return {
    n,
    id,
    pseudo: typeof pseudo === 'string' ? pseudo : undefined,
    name: typeof name === 'string' ? name : undefined,
    keyframes: Array.isArray(keyframes) ? keyframes.slice(0, MAX_KEYFRAMES).filter(isObject).map(keyframeOf) : [],
    timing: isObject(timing) ? timingOf(timing) : {},
    start: isNumber(age) ? atMs - age : undefined,
    at: isNumber(at) ? at : undefined,
    rate,
    ends: isNumber(left) ? atMs + left : Infinity,
  };
}

function keyframeOf({ computedOffset: _, ...keyframe }: Json): Keyframe {
  return Object.fromEntries(Object.entries(keyframe).filter(([, value]) => value === null || typeof value === 'string' || typeof value === 'number')) as Keyframe;
}

/** JSON has no infinity: the recorder writes null. */
function timingOf({ delay, endDelay, fill, iterationStart, iterations, duration, direction, easing }: Json): EffectTiming {
  const length = (value: unknown): number => (isNumber(value) ? value : Infinity);
  return Object.fromEntries(
    Object.entries({ delay, endDelay, fill, iterationStart, direction, easing, iterations: length(iterations), duration: duration === 'auto' ? 'auto' : length(duration) })
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
  ) as EffectTiming;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
