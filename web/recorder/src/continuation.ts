import type { Counted } from './facts';
import { readFrom, writeTo } from './tab-storage';
import { cut } from './well-formed';

const KEY = 'rrweb-recorder';
/** A smaller difference does not mean that the clock was set. */
const CLOCK_SET_MS = 1_000;
/** More are not stored (openapi.yaml, RecordingFacts). */
const MAX_PAGES = 50;
/** The facts go as the page does, beside its last events. */
const MAX_PAGES_CHARACTERS = 8_192;

/** `buffering` until a trigger. A tab that records from its start has no mode. */
export type TabMode = 'buffering' | 'captured' | undefined;

type Numbers = Readonly<Record<string, number>>;

/** What has to be known of the visit up to a moment with which a recording may begin. */
export interface Mark {
  readonly atMs: number;
  readonly counted: Numbers;
  readonly visits: number;
}

/** The state that a tab keeps from page to page. */
interface Remembered {
  recordingId: string;
  /** The next free sequence. */
  next: number;
  /** The oldest and the newest timestamp of an event; 0 before the first one. */
  firstMs?: number;
  lastMs: number;
  /** The addresses that were visited. */
  pages?: readonly string[];
  /** What happened, and what the page has told. */
  counted?: Counted;
  sampled: boolean;
  /** Of a tab that waits for a trigger. */
  mode?: TabMode;
  /** The recording of a page that may have crashed, whose buffer was not yet looked for. */
  adopts?: string | undefined;
  /** How many addresses were visited; of a tab that waits, `pages` has the newest of them. */
  visits?: number;
  /** Whose recording it is: a user, unknown before the first token names them, or a site. */
  owner?: string | undefined;
  created: boolean;
  /** A page records under this id now. In the copy of a new page: the tab was duplicated, or its page crashed. */
  live: boolean;
}

export interface ContinuationOptions {
  readonly storage: Storage | undefined;
  readonly recordingId?: string | undefined;
  /** Makes an id. */
  readonly newId: () => string;
  /** Whose recording it is, if that is known from the start. */
  readonly owner?: string | undefined;
  /** Decides whether a new tab is recorded. */
  readonly sample: () => boolean | 'buffering';
  /** Whether tabs may wait for a trigger. */
  readonly buffers?: boolean;
}

/**
 * The recording of the tab's previous page, or a new one.
 *
 * A recording without a known user does not continue: the next page may be another user's. Whether a tab is recorded is
 * decided once. A copy that is still live belongs to a duplicated tab, whose sequences this page must not use, or to a
 * page that crashed, whose storage may be older than what it sent. In both cases a new recording starts. Where the copy is
 * of a tab that waits for a trigger, nothing was sent: the new recording goes on with everything but the id, and `adopts`
 * names the one whose buffer it takes over if no page has that any longer.
 *
 * Nothing is stored before `begin`.
 */
export function continueRecording({ storage, recordingId, newId, owner, sample, buffers }: ContinuationOptions) {
  let state = read();
  const isBuffering = state?.mode === 'buffering';
  const isOver =
    (state?.live && !isBuffering) ||
    (isBuffering && !buffers) ||
    (state?.sampled && !state.owner) ||
    (recordingId && recordingId !== state?.recordingId) ||
    (owner && owner !== state?.owner);
  const continued = isOver ? undefined : state;
  if (continued?.live && !recordingId) state = { ...continued, recordingId: newId(), adopts: continued.adopts ?? continued.recordingId };
  else if (!continued) {
    const sampled = state?.sampled ?? sample();
    const mode = buffers && sampled === true ? state?.mode : sampled === 'buffering' ? sampled : undefined;
    state = { recordingId: recordingId ?? newId(), next: 0, lastMs: 0, sampled: !!sampled, mode, owner, created: false, live: true };
  }
  const own = state!;
  let aheadMs = 0;
  /** Where it is written to: nowhere before it begins and after it is forgotten. */
  let written: Storage | undefined;

  function read(): Remembered | undefined {
    const found = Object(readFrom(storage, KEY)) as Remembered;
    return found.recordingId && found.next >= 0 && found.lastMs >= 0 ? found : undefined; // the page may write there too
  }

  function write(): void {
    writeTo(written, KEY, own); // if it fails, the next page starts another recording
  }

  return {
    recordingId: own.recordingId,
    sampled: own.sampled,
    isNew: continued === undefined,
    adopts: (): string | undefined => own.adopts,
    adopted(): void {
      own.adopts = undefined;
      write();
    },
    mode: (): TabMode => own.mode,
    /** The page may use the tab's storage from now on. */
    begin(): void {
      written = storage;
      own.live = true;
      write();
    },
    owner: (): string | undefined => own.owner,
    setOwner(owner: string): void {
      own.owner = owner;
      write();
    },
    created: (): boolean => own.created,
    setCreated(): void {
      own.created = true;
      write();
    },
    /** A sequence that is used once. It is stored before anything is sent under it. */
    takeSequence(): number {
      const found = read();
      // The page before, from which this one has returned by the back button, may have gone only now.
      if (found?.recordingId === own.recordingId) own.next = Math.max(own.next, found.next);
      own.next += 1;
      write();
      return own.next - 1;
    },
    /** The newest sequence that any page of the tab has taken; -1 if none has. */
    lastSequence: (): number => own.next - 1,
    /** The time of an event, which never goes back: if the clock is set back, the difference is added from then on. */
    monotonic(timestamp: number): number {
      const backMs = own.lastMs - (timestamp + aheadMs);
      if (backMs > CLOCK_SET_MS) aheadMs += backMs;
      own.lastMs = Math.max(own.lastMs, timestamp + aheadMs);
      own.firstMs ||= own.lastMs;
      return own.lastMs;
    },
    /** An address that the recording shows. */
    visit(address: string): void {
      if (own.mode === 'buffering') {
        own.visits = (own.visits ?? 0) + 1;
        own.pages = [...(own.pages ?? []), cut(address, 2048)].slice(-MAX_PAGES);
        return write();
      }
      const pages = [...(own.pages ?? []), cut(address, 2048)];
      if (pages.length > MAX_PAGES || pages.join().length > MAX_PAGES_CHARACTERS || own.pages?.includes(address)) return;
      own.pages = pages;
      write();
    },
    counted: (): Counted => (own.counted ??= {}),
    mark: (atMs: number): Mark => ({ atMs, counted: numbersOf(own.counted), visits: own.visits ?? 0 }),
    /** A trigger came: the tab has a recording now, of so many batches. Without a mark it has all of the visit. */
    capture(batches: number, mark?: Mark): void {
      own.mode = 'captured';
      own.next = batches;
      own.firstMs = mark?.atMs ?? own.firstMs;
      for (const [name, count] of Object.entries(mark?.counted ?? {})) (own.counted as Record<string, number>)[name]! -= count;
      const pages = [...new Set(own.pages?.slice((mark?.visits ?? 1) - 1 - (own.visits ?? 0)))];
      while (pages.join().length > MAX_PAGES_CHARACTERS) pages.shift();
      own.pages = pages;
      write();
    },
    /** When a recording that was captured starts. */
    startedAtMs: (): number | undefined => (own.mode === 'captured' ? own.firstMs || undefined : undefined),
    /** What the recording is known to have shown up to now. */
    extent: () => ({ durationMs: own.lastMs - (own.firstMs ?? own.lastMs), pages: own.pages }),
    /** The time of the newest event, by the page's clock. */
    newestMs: (): number => own.lastMs - aheadMs,
    /** How long after the first event something happens, in milliseconds. */
    sinceFirst: (atMs: number): number => Math.max(0, atMs - (own.firstMs ?? atMs)),
    /** This page is being left: the next one may continue. */
    leave(): void {
      own.live = false;
      write();
    },
    /** This page has returned, perhaps after others that used the same recording; false if they started another one. */
    comeBack(): boolean {
      const found = read();
      if (found && found.recordingId !== own.recordingId) return false;
      Object.assign(own, found, { live: true });
      write();
      return true;
    },
    /** The recording ends with this page, which writes nothing more: another recording may have started. */
    forget(): void {
      if (read()?.recordingId === own.recordingId) storage?.removeItem(KEY);
      written = undefined;
    },
  };
}

/** What adds up; of vitals the largest of the visit is kept. */
const numbersOf = (counted: Counted = {}): Numbers =>
  Object.fromEntries(Object.entries(counted).filter((one): one is [string, number] => typeof one[1] === 'number' && !/^(?:lcp|inp|cls)/.test(one[0])));

export type Continuation = ReturnType<typeof continueRecording>;
