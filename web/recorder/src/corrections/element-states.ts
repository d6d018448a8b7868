import { naturalSizeOf } from '../picture-box';
import { createHooks } from './hooked-members';
import type { Recorded } from './index';
import type { LiveState } from './live-state';
import { customEvent } from './recorded-nodes';
import { matches } from './top-layer';

/** A custom event of rrweb's with this tag has states of elements that no attribute tells; docs/recorder.md has its payload. */
export const STATES_TAG = 'rrweb-store:states';

interface State {
  readonly user?: 'valid' | 'invalid' | undefined;
  /** Of a field with limits, whether its value is beyond them. */
  readonly beyond?: boolean | undefined;
  /** Whether it is `:invalid`. `false` of a custom element that is `:valid`: other elements are, unless they say otherwise. */
  readonly custom?: boolean | undefined;
  readonly states?: readonly string[];
  /** Ids of the nodes that a script has assigned to a slot. */
  readonly assigned?: readonly number[];
  /** Milliseconds since the time of the drawing was 0, while it runs; otherwise `at`, its time. */
  readonly age?: number;
  readonly at?: number;
  /** Of a picture, a film, or what an `<object>` or `<embed>` shows: its size in pixels of CSS. */
  readonly width?: number;
  readonly height?: number;
}

const OF_INTEREST = /^(?:input|select|textarea|button|slot|animate\w*|set|img|video|object|embed)$/;
const VALIDITY = ['setCustomValidity'];
/** Members of elements whose state they change. */
const HOOKED = {
  HTMLSlotElement: ['assign'],
  HTMLInputElement: VALIDITY,
  HTMLSelectElement: VALIDITY,
  HTMLTextAreaElement: VALIDITY,
  HTMLButtonElement: VALIDITY,
  SVGSVGElement: ['pauseAnimations', 'unpauseAnimations', 'setCurrentTime'],
};
/** Whether it is a custom element. */
const isOwn = (element: Element): boolean => element.localName.includes('-');
/** Protects the recording: an element has no more custom states in it. */
const MAX_STATES = 50;
/** A drawing's start is not known better. */
const FRAME_MS = 20;

/**
 * Follow what style rules ask by `:user-valid`, `:user-invalid`, `:state()` and `:invalid`, whose values are masked, what a
 * script has assigned to slots, the time of SVG's own animations, and the size of pictures, whose bytes a replay may lack.
 * See `live-state.ts`.
 *
 * rrweb 2.1.6 records none of it; no issue names it yet. Right would be to record them with each element, as its attributes.
 * This file can go when `web/site/browser/element-states.test.ts` passes without it.
 */
export function watchElementStates({ emit, idOf }: Recorded, changed: () => void): LiveState {
  /** Elements that may have such a state. */
  const watched = new Set<Element>();
  const told = new WeakMap<Element, string>();
  /** Epoch at which the time of a drawing was 0. */
  const starts = new WeakMap<Element, number>();
  /** By its internals, and by its set of custom states. */
  const owners = new WeakMap<object, Element>();
  const sets = new WeakMap<Element, Iterable<string>>();

  function touch(element: Element | undefined): void {
    if (!element) return;
    watched.add(element);
    changed();
  }

  const { hook, hookAll, enter, stop } = createHooks((page) => {
    hookAll(page, HOOKED, touch);
    hook(page['HTMLElement'], 'attachInternals', {
      call: (element: Element) => (internals) => {
        owners.set(internals as object, element);
        return internals;
      },
    });
    hook(page['ElementInternals'], 'states', {
      get: (internals: ElementInternals) => (states) => {
        const element = owners.get(internals) ?? internals.shadowRoot?.host; // it may have its internals since before this recorder came
        if (element) owners.set(states as object, element);
        if (element) sets.set(element, states as Set<string>);
        return states;
      },
    });
    hookAll(page, { CustomStateSet: ['add', 'delete', 'clear'] }, (set: object) => touch(owners.get(set)));
    hookAll(page, { ElementInternals: ['setValidity'] }, () => changed()); // it is watched
  });

  function stateOf(element: Element): State {
    const drawing = element as SVGSVGElement;
    if ('animationsPaused' in element) return timeOf(drawing);
    const slot = element as HTMLSlotElement;
    if ((slot.getRootNode() as ShadowRoot).slotAssignment === 'manual' && 'assignedNodes' in slot) {
      return { assigned: slot.assignedNodes().map(idOf).filter((id) => id > 0) };
    }
    const user = matches(element, ':user-invalid') ? 'invalid' : matches(element, ':user-valid') ? 'valid' : undefined;
    const states = [...(sets.get(element) ?? [])].slice(0, MAX_STATES);
    const custom = matches(element, ':invalid') || (isOwn(element) && matches(element, ':valid') ? false : undefined);
    const beyond = matches(element, ':out-of-range') || (matches(element, ':in-range') ? false : undefined);
    return { user, custom, beyond, ...(states.length && { states }), ...naturalSizeOf(element) };
  }

  function timeOf(drawing: SVGSVGElement): State {
    const at = drawing.getCurrentTime() * 1_000;
    if (drawing.animationsPaused()) return { at };
    const page = drawing.ownerDocument;
    const age = at + page.defaultView!.performance.now() - Number(page.timeline.currentTime); // it is the time of the last frame
    const start = Date.now() - age;
    if (!(Math.abs(starts.get(drawing)! - start) < FRAME_MS)) starts.set(drawing, start);
    return { age };
  }

  return {
    events: ['input', 'change', 'focusout', 'invalid', 'submit', 'reset', 'load', 'error', 'resize'],
    heard(event) {
      const ofForm = /invalid|submit|reset/.test(event.type); // one that is sent counts for all its fields
      for (const one of ofForm ? (event.currentTarget as Document).querySelectorAll('input, select, textarea') : [event.composedPath()[0] as Element]) watched.add(one);
    },
    entered: enter,
    noted(element, _, tagName = '') {
      if (!(isOwn(element) ? sets.has(element) || matches(element, ':valid, :invalid') : OF_INTEREST.test(tagName))) return;
      let of = element;
      for (let outer; (outer = (of as SVGElement).ownerSVGElement); ) of = outer;
      told.delete(of); // a replay has built it anew
      watched.add(of);
    },
    tell(late, all) {
      const elements = [];
      for (const element of watched) {
        const [id, state] = [idOf(element), stateOf(element)];
        const now = JSON.stringify('age' in state ? starts.get(element) : state);
        const isNone = now === '{}';
        if (id > 0 && (all || now !== (told.get(element) ?? '{}')) && !(isNone && !told.has(element))) elements.push({ id, ...state });
        told.set(element, now);
        if (isNone || !element.isConnected || 'currentSrc' in element) watched.delete(element); // a picture says when it has another size
      }
      if (elements.length) emit(customEvent(STATES_TAG, { late, elements }));
    },
    stop,
  };
}
