import { readFrom, writeTo } from './tab-storage';
import { uuidv7 } from './uuidv7';

const KEY = 'rrweb-recorder';
/** Less than this is no clock that was set. */
const CLOCK_SET_MS = 1_000;

/** What a tab remembers from page to page. */
interface Remembered {
  recordingId: string;
  /** The sequence that no batch has yet. */
  next: number;
  /** The newest timestamp of an event. */
  lastMs: number;
  sampled: boolean;
  created: boolean;
  /** A page records under it now. In a new page's copy: the tab was duplicated, or its page crashed. */
  live: boolean;
}

export interface ContinuationOptions {
  readonly storage: Storage | undefined;
  readonly recordingId?: string | undefined;
  /** Whether a new recording is to be made at all. */
  readonly sample: () => boolean;
}

/**
 * The recording that this tab is in the middle of, or a new one.
 *
 * A copy that is still live is of a duplicated tab, whose sequences are not ours to use; or of a page that crashed,
 * whose storage may be older than what it sent. Both begin anew.
 */
export function continueRecording({ storage, recordingId, sample }: ContinuationOptions) {
  let state = read();
  const goesOn = state && !state.live && (!recordingId || recordingId === state.recordingId) ? state : undefined;
  state = goesOn ?? {
    recordingId: recordingId ?? uuidv7(),
    next: 0,
    lastMs: 0,
    sampled: sample(),
    created: false,
    live: true,
  };
  const own = state;
  let aheadMs = 0;
  own.live = true;
  write();

  function read(): Remembered | undefined {
    const found = readFrom(storage, KEY);
    return isRemembered(found) ? found : undefined;
  }

  function write(): void {
    writeTo(storage, KEY, own); // where it cannot, the next page begins another recording
  }

  return {
    recordingId: own.recordingId,
    sampled: own.sampled,
    isNew: goesOn === undefined,
    created: (): boolean => own.created,
    setCreated(): void {
      own.created = true;
      write();
    },
    /** A sequence that nobody else gets. It is written down before anything is sent under it. */
    takeSequence(): number {
      own.next += 1;
      write();
      return own.next - 1;
    },
    /** The newest sequence that was taken, whichever page of the tab did; -1 if none was. */
    lastSequence: (): number => own.next - 1,
    /** The time of an event, which never goes back though the clock is set: from then on it runs beside it. */
    notBefore(timestamp: number): number {
      const behindMs = own.lastMs - (timestamp + aheadMs);
      if (behindMs > CLOCK_SET_MS) aheadMs += behindMs;
      own.lastMs = Math.max(own.lastMs, timestamp + aheadMs);
      return own.lastMs;
    },
    /** This page is being left: the next one may go on. */
    leave(): void {
      own.live = false;
      write();
    },
    /** This page is back, perhaps after others that used the same recording; false if they began another. */
    comeBack(): boolean {
      const found = read();
      if (found && found.recordingId !== own.recordingId) return false;
      Object.assign(own, found, { live: true });
      write();
      return true;
    },
    forget(): void {
      storage?.removeItem(KEY);
    },
  };
}

export type Continuation = ReturnType<typeof continueRecording>;

function isRemembered(value: unknown): value is Remembered {
  const { recordingId, next, lastMs } = Object(value) as Partial<Remembered>;
  return typeof recordingId === 'string' && Number.isInteger(next) && typeof lastMs === 'number';
}
