import type { eventWithTime } from '@rrweb/types';
import { type ClickKind, watchClicks } from './clicks';
import { CUSTOM, customEvent } from './corrections/recorded-nodes';
import { watchRequests } from './failed-requests';
import { CLICK_TAG, TRACKED_TAG, USER_TAG } from './report-names';
import { browserOf, deviceOf } from './user-agent';
import { cut } from './well-formed';

/** More are not stored (openapi.yaml, RecordingFacts). */
const MAX_TAGS = 20;
const MAX_EVENTS = 50;
const MAX_CHARACTERS = 256;
/** A track() or identify() with more JSON is refused. */
const MAX_PROPERTIES_CHARACTERS = 8_192;

/** A browser says so where an observer's work goes on in the next frame, and nothing is wrong. */
const NO_FAULT = /^ResizeObserver loop/;

/** What a recording may begin by: one of what is counted, or what the page asks for. */
export type Trigger = 'rageClick' | 'deadClick' | 'error' | 'failedRequest' | 'slowRequest' | 'event' | 'address' | 'call';

/** What a tab has counted, which its next page continues. */
export interface Counted {
  clicks?: number;
  rageClicks?: number;
  deadClicks?: number;
  errors?: number;
  failedRequests?: number;
  slowRequests?: number;
  lcpMs?: number;
  inpMs?: number;
  clsThousandths?: number;
  user?: string;
  tags?: readonly string[];
  events?: readonly string[];
}

export type Facts = ReturnType<typeof createFacts>;
type Count = ClickKind | 'errors' | 'failedRequests' | 'slowRequests';
export type Properties = Readonly<Record<string, unknown>>;

/**
 * Count what happens in a visit, and take what the page tells of it.
 *
 * @param counted of this page and the tab's earlier ones; changed in place
 * @param emit of an event that is stored among rrweb's own
 * @param emitSeen emits an event of what happened on a page, unless that is not recorded
 * @param tellError emits an error, which counts in any case
 * @param soon called when something is worth telling before the page goes; with what happened, if a recording may begin by it
 */
export function createFacts(
  counted: () => Counted,
  ownUrl: string,
  nodeOf: (id: number) => Node | null | undefined,
  emit: (event: eventWithTime) => void,
  emitSeen: (type: 5, data: object) => void,
  tellError: ((event: Partial<ErrorEvent & PromiseRejectionEvent>) => void) | false,
  soon: (trigger?: Trigger) => void,
) {
  const count = (kind: Count): void => {
    counted()[kind] = (counted()[kind] ?? 0) + 1;
    if (kind !== 'clicks') soon(kind.slice(0, -1) as Trigger);
  };
  const clicks = watchClicks(nodeOf, (kind, id) => {
    count(kind);
    if (kind !== 'clicks') emitSeen(CUSTOM, { tag: CLICK_TAG, payload: { kind: kind === 'rageClicks' ? 'rage' : 'dead', id } });
  });
  function onError(event: Partial<ErrorEvent & PromiseRejectionEvent>): void {
    count('errors');
    if (tellError) tellError(event);
  }
  let stopRequests: (() => void) | undefined;

  function tell(tag: string, payload: Record<string, unknown>): void {
    if (JSON.stringify(payload).length > MAX_PROPERTIES_CHARACTERS) throw new RangeError(`${tag} takes at most ${MAX_PROPERTIES_CHARACTERS} characters of JSON`);
    emit(customEvent(tag, payload));
    soon();
  }

  return {
    see: clicks.see,
    /** To be listened to on the window. */
    listeners: {
      error: (event: ErrorEvent) => (NO_FAULT.test(event.message) ? undefined : onError(event)),
      unhandledrejection: onError,
      blur: clicks.answered, // by a dialog of the browser's, a frame or another window
    },
    start(): void {
      stopRequests ??= watchRequests(ownUrl, (failed, slow) => {
        clicks.answered();
        if (failed) count('failedRequests');
        if (slow) count('slowRequests');
      });
    },
    stop(): void {
      clicks.answered();
      stopRequests?.();
      stopRequests = undefined;
    },
    identify(user: string, traits?: Properties): void {
      tell(USER_TAG, { user, traits });
      counted().user = named(user);
    },
    tag(name: string, value: string): void {
      const start = `${name}:`;
      const others = (counted().tags ?? []).filter((tag) => !tag.startsWith(start));
      counted().tags = [...others, named(start + value)].slice(-MAX_TAGS);
      soon();
    },
    track(name: string, properties?: Properties): void {
      tell(TRACKED_TAG, { name, properties });
      const short = named(name);
      const events = counted().events ?? [];
      if (!events.includes(short)) counted().events = [...events, short].slice(0, MAX_EVENTS);
      soon('event');
    },
    /** The page asks for a recording of what was kept. */
    capture: (): void => soon('call'),
    count,
    /** Keep the largest value of all pages. */
    largest(fact: 'lcpMs' | 'inpMs' | 'clsThousandths', value: number): void {
      counted()[fact] = Math.max(counted()[fact] ?? 0, Math.round(value));
    },
    /** Whether there is more to tell than that somebody was there. */
    isRemarkable: (): boolean => Object.keys(counted()).some((name) => !/^(?:clicks|lcp|inp|cls)/.test(name)),
    /** What the browser says of itself, and what was counted. */
    all: () => ({
      ...counted(),
      browser: browserOf(navigator.userAgent),
      device: deviceOf(navigator.userAgent),
      language: navigator.language,
      connection: (navigator as { connection?: { effectiveType?: string } }).connection?.effectiveType,
    }),
  };
}

const named = (text: string): string => cut(String(text), MAX_CHARACTERS);
