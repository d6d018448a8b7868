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
  /** The user who is recorded, as the token named them; unknown until there was one. */
  owner?: string | undefined;
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
 * One whose user is unknown does not go on: the next page may be another user's. Whether a tab is recorded is decided once.
 * A copy that is still live is of a duplicated tab, whose sequences are not ours to use; or of a page that crashed,
 * whose storage may be older than what it sent. Both begin anew.
 */
export function continueRecording({ storage, recordingId, sample }: ContinuationOptions) {
  let state = read();
  const isOver = state?.live || (state?.sampled && !state.owner) || (recordingId && recordingId !== state?.recordingId);
  const goesOn = isOver ? undefined : state;
  state = goesOn ?? {
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
    return found.recordingId && found.next >= 0 && found.lastMs >= 0 ? found : undefined; // a page may write there, too
  }

  function write(): void {
    writeTo(storage, KEY, own); // where it cannot, the next page begins another recording
  }

  return {
    recordingId: own.recordingId,
    sampled: own.sampled,
    isNew: goesOn === undefined,
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
    /** It ends with this page, which writes nothing any more: another recording may have begun. */
    forget(): void {
      if (read()?.recordingId === own.recordingId) storage?.removeItem(KEY);
      storage = undefined;
    },
  };
}

export type Continuation = ReturnType<typeof continueRecording>;
