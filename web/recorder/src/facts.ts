import type { eventWithTime } from '@rrweb/types';
import { type ClickKind, watchClicks } from './clicks';
import { watchRequests } from './failed-requests';
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

const CUSTOM = 5;
/** Custom events of rrweb's with these tags hold what the page has told of the visit; docs/recorder.md has their payloads. */
export const USER_TAG = 'rrweb-store:user';
export const TRACKED_TAG = 'rrweb-store:event';

const TRIGGERS = { rageClicks: 'rageClick', deadClicks: 'deadClick', errors: 'error', failedRequests: 'failedRequest' } as const;
export type Trigger = (typeof TRIGGERS)[keyof typeof TRIGGERS] | 'event' | 'address' | 'call';

/** What a tab has counted, which its next page continues. */
export interface Counted {
  clicks?: number;
  rageClicks?: number;
  deadClicks?: number;
  errors?: number;
  failedRequests?: number;
  user?: string;
  tags?: readonly string[];
  events?: readonly string[];
}

export type Facts = ReturnType<typeof createFacts>;
export type Properties = Readonly<Record<string, unknown>>;

/**
 * Count what happens in a visit, and take what the page tells of it.
 *
 * @param counted of this page and the tab's earlier ones; changed in place
 * @param emit of an event that is stored among rrweb's own
 * @param soon called when something is worth telling before the page goes; with what happened, if a recording may begin by it
 */
export function createFacts(
  counted: () => Counted,
  ownUrl: string,
  nodeOf: (id: number) => Node | null | undefined,
  emit: (event: eventWithTime) => void,
  soon: (trigger?: Trigger) => void,
) {
  const count = (kind: ClickKind | 'errors' | 'failedRequests'): void => {
    counted()[kind] = (counted()[kind] ?? 0) + 1;
    if (kind !== 'clicks') soon(TRIGGERS[kind]);
  };
  const clicks = watchClicks(nodeOf, count);
  let stopRequests: (() => void) | undefined;

  function tell(tag: string, payload: Record<string, unknown>): void {
    if (JSON.stringify(payload).length > MAX_PROPERTIES_CHARACTERS) throw new RangeError(`${tag} takes at most ${MAX_PROPERTIES_CHARACTERS} characters of JSON`);
    emit({ type: CUSTOM, data: { tag, payload }, timestamp: Date.now() });
    soon();
  }

  return {
    see: clicks.see,
    /** To be listened to on the window. */
    listeners: {
      error: ({ message }: ErrorEvent) => (NO_FAULT.test(message) ? undefined : count('errors')),
      unhandledrejection: () => count('errors'),
      blur: clicks.answered, // by a dialog of the browser's, a frame or another window
    },
    start(): void {
      stopRequests ??= watchRequests(ownUrl, (failed) => {
        clicks.answered();
        if (failed) count('failedRequests');
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
    /** Whether there is more to tell than that somebody was there. */
    isRemarkable: (): boolean => Object.keys(counted()).some((name) => name !== 'clicks'),
    /** What the browser says of itself, and what was counted. */
    all: () => ({ ...counted(), browser: browserOf(navigator.userAgent), device: deviceOf(navigator.userAgent), language: navigator.language }),
  };
}

const named = (text: string): string => cut(String(text), MAX_CHARACTERS);
