import type { Replayer } from '@rrweb/replay';
import { type Json, customPayload, isObject } from '../event';
import { CUSTOM_STATES, attributeOf } from '../replaced-states';
import type { Clock } from './animations';
import type { Correction } from './correction';
import { toldAtMs } from './late-events';
import { type Size, setSize, sizeOf } from './picture-sizes';

/** Custom events of the recorder with this tag tell states of elements: docs/recorder.md. */
const TAG = 'rrweb-store:states';
const VALIDITY = ['valid', 'invalid'] as const;
const RANGES = ['in-range', 'out-of-range'] as const;
const SLOT = 'data-store-slot';
/** Protects the player. The recorder tells fewer. */
const MAX_STATES = 100;
/** A drawing is only moved to where it should be if it is further away: to move it costs a frame. */
const NEAR_MS = 30;

interface State {
  readonly user: unknown;
  /** Whether it was `:invalid`; `false` if it was `:valid` and not by itself. */
  readonly custom: boolean | undefined;
  /** Of a field with limits, whether its value was beyond them. */
  readonly beyond: boolean | undefined;
  readonly states: string;
  /** Ids of the nodes that a script had assigned to a slot. */
  readonly assigned: readonly unknown[] | undefined;
  /** Of a drawing: the epoch of the recording at which its time was 0, or the time at which it stands. */
  readonly start: number | undefined;
  readonly at: number | undefined;
  /** Of what a picture, a film or an `<object>` shows. */
  readonly size: Size | undefined;
}

/**
 * Gives replayed elements attributes for the states that the rules of `createVisitorRules` ask for, slots the nodes that a
 * script had assigned to them, and drawings of SVG the time that they had in the recorded page.
 *
 * The recorder's `corrections/element-states.ts` says why, and when both can go.
 */
export function createElementStates(clock: (replayer: Replayer) => Clock): Correction {
  /** By the id of an element: as it is at this moment. */
  const states = new Map<number, State>();
  let frame = 0;

  function show(replayer: Replayer): void {
    cancelAnimationFrame(frame);
    if (!replayer.iframe.isConnected) return; // it was ended
    const { nowMs, speed } = clock(replayer);
    let isMoved = false;
    for (const [id, state] of states) {
      const element = replayer.getMirror().getNode(id);
      if (element?.nodeType !== Node.ELEMENT_NODE) continue;
      mark(element as Element, state);
      if (state.assigned && element.nodeName === 'SLOT') assign(element as HTMLSlotElement, id, state.assigned.map((one) => replayer.getMirror().getNode(one as number)));
      if ('setCurrentTime' in element && element.isConnected) isMoved = move(element as SVGSVGElement, state, nowMs, speed) || isMoved;
    }
    if (isMoved) frame = requestAnimationFrame(() => show(replayer)); // a drawing knows no other speed than its own
  }

  return {
    restart: () => states.clear(),
    handler(event, isSync, { replayer }) {
      const elements = customPayload(event, TAG)?.['elements'];
      if (!Array.isArray(elements)) return;
      for (const one of elements) if (isObject(one) && typeof one['id'] === 'number') states.set(one['id'], stateOf(one, toldAtMs(event)));
      if (!isSync) show(replayer);
    },
    flush: show,
    show,
  };
}

function stateOf({ user, custom, beyond, states, assigned, age, at, width, height }: Json, atMs: number): State {
  const names = Array.isArray(states) ? states.slice(0, MAX_STATES).filter((name) => typeof name === 'string' && /^\S+$/.test(name)) : [];
  return { user, custom: typeof custom === 'boolean' ? custom : undefined, beyond: typeof beyond === 'boolean' ? beyond : undefined, states: names.join(' '), assigned: Array.isArray(assigned) ? assigned : undefined, start: isTime(age) ? atMs - age : undefined, at: isTime(at) ? at : undefined, size: sizeOf(width, height) };
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

function mark(element: Element, { user, custom, beyond, states, size }: State): void {
  setSize(element, size);
  const field = element as HTMLInputElement;
  if (field.validity && field.validity.customError !== (custom === true)) field.setCustomValidity(custom ? ' ' : ''); // what it says is not recorded
  if (!field.validity) for (const name of VALIDITY) element.toggleAttribute(attributeOf(name), custom === (name === 'invalid'));
  for (const name of VALIDITY) element.toggleAttribute(attributeOf(`user-${name}`), user === name);
  for (const name of RANGES) element.toggleAttribute(attributeOf(name), beyond === (name === 'out-of-range'));
  if (states) element.setAttribute(CUSTOM_STATES, states);
  else element.removeAttribute(CUSTOM_STATES);
}

/** rrweb gives every shadow tree slots that go by name. A text can have none, so a slot with one becomes the usual slot. */
function assign(slot: HTMLSlotElement, id: number, nodes: readonly (Node | null)[]): void {
  const { host } = slot.getRootNode() as Partial<ShadowRoot>;
  const isUsual = nodes.some((node) => node?.nodeType === Node.TEXT_NODE);
  const name = isUsual ? '' : `${SLOT}-${id}`;
  slot.name = name;
  for (const child of host?.children ?? []) {
    if (nodes.includes(child)) child.slot = name;
    else if (!child.hasAttribute('slot') || child.slot === name) child.slot = SLOT; // there is none of this name
  }
}

/** Returns whether it has to be moved in each frame. */
function move(drawing: SVGSVGElement, { start, at }: State, nowMs: number, speed: number): boolean {
  const time = at ?? (start === undefined ? undefined : nowMs - start);
  if (time === undefined) return false;
  const runs = at === undefined && speed === 1;
  if (runs) drawing.unpauseAnimations();
  else drawing.pauseAnimations();
  if (Math.abs(drawing.getCurrentTime() * 1_000 - time) > (runs ? NEAR_MS : 0)) drawing.setCurrentTime(Math.max(0, time) / 1_000);
  return at === undefined && speed !== 0 && speed !== 1;
}
