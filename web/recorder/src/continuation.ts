import { readFrom, writeTo } from './tab-storage';
import { uuidv7 } from './uuidv7';

const KEY = 'rrweb-recorder';
/** A smaller difference does not mean that the clock was set. */
const CLOCK_SET_MS = 1_000;

/** The state that a tab keeps from page to page. */
interface Remembered {
  recordingId: string;
  /** The next free sequence. */
  next: number;
  /** The newest timestamp of an event. */
  lastMs: number;
  sampled: boolean;
  /** The recorded user, as named by the token; unknown before the first token. */
  owner?: string | undefined;
  created: boolean;
  /** A page records under this id now. In the copy of a new page: the tab was duplicated, or its page crashed. */
  live: boolean;
}

export interface ContinuationOptions {
  readonly storage: Storage | undefined;
  readonly recordingId?: string | undefined;
  /** Decides whether a new tab is recorded. */
  readonly sample: () => boolean;
}

/**
 * The recording of the tab's previous page, or a new one.
 *
 * A recording without a known user does not continue: the next page may be another user's. Whether a tab is recorded is
 * decided once. A copy that is still live belongs to a duplicated tab, whose sequences this page must not use, or to a
 * page that crashed, whose storage may be older than what it sent. In both cases a new recording starts.
 */
export function continueRecording({ storage, recordingId, sample }: ContinuationOptions) {
  let state = read();
  const isOver = state?.live || (state?.sampled && !state.owner) || (recordingId && recordingId !== state?.recordingId);
  const continued = isOver ? undefined : state;
  state = continued ?? {
    recordingId: recordingId ?? uuidv7(),
    next: 0,
    lastMs: 0,
    sampled: state?.sampled ?? sample(),
    created: false,
    live: true,
  };
  const own = state;
  let aheadMs = 0;
  own.live = true;
  write();

  function read(): Remembered | undefined {
    const found = Object(readFrom(storage, KEY)) as Remembered;
    return found.recordingId && found.next >= 0 && found.lastMs >= 0 ? found : undefined; // the page may write there too
  }

  function write(): void {
    writeTo(storage, KEY, own); // if it fails, the next page starts another recording
  }

  return {
    recordingId: own.recordingId,
    sampled: own.sampled,
    isNew: continued === undefined,
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
      return own.lastMs;
    },
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
      storage = undefined;
    },
  };
}

export type Continuation = ReturnType<typeof continueRecording>;
