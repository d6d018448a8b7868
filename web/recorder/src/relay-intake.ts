import { PAGE_FIELDS } from './about-page';
import type { eventWithTime } from '@rrweb/types';
import { wellFormed } from './well-formed';

/** The longest body of createRecording, by the limits of its members. */
const MAX_ABOUT_LENGTH = 24_000;
/** Characters of JSON in a minute, a hundred times those of a busy page: the account pays for each request. */
export const MAX_CHARACTERS_A_MINUTE = 64 * 1024 * 1024;
const MINUTE_MS = 60_000;
const META = 4;

/** The messages that are accepted next: the page's description, then its events, and none after the end. */
type State = 'about' | 'events' | 'ended';

export interface IntakeOptions {
  /** The confirmed origin, such as `https://example.com`. */
  readonly origin: string;
  /** Gets the body of createRecording, once. */
  readonly describe: (text: string) => void;
  readonly add: (event: eventWithTime) => void;
  /** Called once; with a sentence if the page broke a rule. */
  readonly end: (why?: string) => void;
}

/**
 * Make a function that receives every message of the recorded page, which may be hostile.
 *
 * The recording ends when the page names an address outside the confirmed origin, or sends too much.
 */
export function createIntake({ origin, describe, add, end }: IntakeOptions): (message: unknown) => void {
  let state: State = 'about';
  let minuteStartMs = -Infinity;
  let characters = 0;

  function endWith(why?: string): void {
    state = 'ended';
    end(why);
  }

  function takeAbout(text: unknown): void {
    const about = aboutOf(origin, text);
    if (!about) return endWith(`The page did not identify itself as ${origin}.`);
    state = 'events';
    describe(about);
  }

  function takeEvents(given: unknown): void {
    const json = jsonOf(given) ?? '[]';
    const nowMs = Date.now();
    if (nowMs - minuteStartMs >= MINUTE_MS) {
      minuteStartMs = nowMs;
      characters = 0;
    }
    characters += json.length;
    if (characters > MAX_CHARACTERS_A_MINUTE) return endWith('The page sent more than can be recorded.');
    const events: unknown = JSON.parse(json);
    for (const event of Array.isArray(events) ? events : []) {
      if (!isEvent(event)) continue;
      if (event.type === META && !isOf(origin, event.data.href)) return endWith(`The page sent events of an address outside ${origin}.`);
      add(event);
    }
  }

  return (message) => {
    const { kind, text, events } = Object(message) as Record<string, unknown>;
    if (state === 'ended') return;
    if (kind === 'end') endWith();
    else if (kind === 'about' && state === 'about') takeAbout(text);
    else if (kind === 'events' && state === 'events') takeEvents(events);
  };
}

/** An address with this prefix is of the origin, and cannot look like another one, as `https://bank.example@…` does. */
const isOf = (origin: string, href: unknown): boolean => typeof href === 'string' && href.startsWith(`${origin}/`);

/** A body of createRecording with the members that a page may set; `undefined` if it is of another origin. */
function aboutOf(origin: string, text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > MAX_ABOUT_LENGTH) return undefined;
  try {
    const told = JSON.parse(text);
    if (!isOf(origin, told.pageUrl)) return undefined;
    const about = { ...Object.fromEntries(PAGE_FIELDS.map((name) => [name, told[name]])), hasScreenshot: false };
    return JSON.stringify(about, (_, value: unknown) => (typeof value === 'string' ? wellFormed(value) : value));
  } catch {
    return undefined;
  }
}

/** `undefined` for a value without JSON: a BigInt, a cycle, or one that is too deep for the stack. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function isEvent(value: unknown): value is eventWithTime {
  const { type, timestamp, data } = Object(value) as Partial<eventWithTime>;
  return Number.isInteger(type) && Number.isFinite(timestamp) && typeof data === 'object' && data !== null;
}
