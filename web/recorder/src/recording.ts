import type { Properties } from './facts';
import type { RecorderOptions } from './options';
import { type RecordingEvent, type RecordingState, nextRecordingState } from './recording-state';
import type { Session, openSession } from './session';

export interface Recording {
  /** Empty while the page is prerendered, and before the trigger of a tab that buffers. Changes when another user signs in, who gets a recording of their own. */
  readonly recordingId: string;
  /** Resolves when the recorded events are stored, or kept for the next page. Nothing runs after that. */
  stop(): Promise<void>;
  /** Resolves when all events up to now are stored, or when a try has failed; the recorder keeps trying. */
  flush(): Promise<void>;
  /** Record nothing until `resume`. Before the recording has started, not even its existence is stored. */
  pause(): void;
  resume(): void;
  /** Name the user whose visit this is, in the recording and in the facts by which it is found. Before the start it waits. */
  identify(user: string, traits?: Properties): void;
  /** Mark the recording; a later value of the name takes the place of an earlier one. */
  tag(name: string, value: string): void;
  /** Note that something happened now, with up to 8,192 characters of JSON. */
  track(event: string, properties?: Properties): void;
  /**
   * Of a tab that buffers: send what is kept, and record from now on; also while it is paused, when nothing new is recorded.
   * Before the start it waits. Returns what `getReplayUrl()` does then.
   */
  capture(): string;
  /** Where this moment can be watched, by epoch milliseconds; empty while there is no recording. @default now */
  getReplayUrl(atMs?: number): string;
}

/** The page may tell so much before the recording starts. */
const MAX_WAITING = 100;

/**
 * A recording of one page, with one session for each of its users in turn.
 *
 * @param onEnd called when nothing runs any longer
 * @returns the recording, and the function to call once the page is shown
 */
export function createRecording(
  options: RecorderOptions,
  openOne: typeof openSession,
  onError: (error: unknown) => void,
  onEnd: () => void,
): [recording: Recording, show: () => void] {
  let state: RecordingState = 'waiting';
  let session: Session | undefined;
  let stored: Promise<void> | undefined;
  /** What the page has told before the start. */
  let waiting: ((facts: Session['facts']) => void)[] = [];

  function tell(what: (facts: Session['facts']) => void): void {
    if (state === 'recording') tellNow(what);
    else if (/^(?:waiting|held)/.test(state) && waiting.length < MAX_WAITING) waiting.push(what);
  }

  function tellNow(what: (facts: Session['facts']) => void): void {
    try {
      what(session!.facts);
    } catch (error) {
      onError(error); // it is no reason to stop
    }
  }

  /** A guest never throws: a recording that cannot do its work stops. */
  function guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      onError(error);
      dispatch('stop');
    }
  }

  function dispatch(event: RecordingEvent): void {
    const before = state;
    state = nextRecordingState(before, event);
    if (state !== before) guard(() => enter(before, event));
  }

  function enter(before: RecordingState, event: RecordingEvent): void {
    if (event === 'replaced') {
      session?.close();
      // An id is one user's. The tab is in the sample; of one that waits for a trigger each user is decided anew.
      open({ ...options, recordingId: undefined, ...(options.mode !== 'buffer' && { sampleShare: 1 }) });
    } else if (state === 'stopping') stored = session?.stop().catch(onError).then(() => dispatch('finished'));
    else if (state === 'stopped') {
      session?.close();
      onEnd();
    } else if (state === 'recording' && before !== 'paused') {
      session?.start();
      waiting.forEach(tellNow);
      waiting = [];
    } else session?.apply();
  }

  function open(given: RecorderOptions): void {
    session = openOne(given, () => state !== 'recording', dispatch, onError);
    if (!given.consent) consented();
    else {
      given.consent.then(
        consented,
        (error: unknown) => {
          onError(error);
          dispatch('denied');
        },
      );
    }
  }

  function consented(): void {
    if (state !== 'stopped') guard(() => session!.begin());
    dispatch(session!.sampled ? 'consented' : 'denied');
  }

  const getReplayUrl = (atMs = Date.now()): string => session?.replayUrl(atMs) ?? '';

  return [
    {
      get recordingId() {
        return session?.recordingId ?? '';
      },
      async stop() {
        dispatch('stop');
        await stored;
      },
      async flush() {
        let flushed;
        while (flushed !== session) await (flushed = session)?.flush(); // the user may change meanwhile
      },
      pause: () => dispatch('pause'),
      resume: () => dispatch('resume'),
      identify: (user, traits) => tell((facts) => facts.identify(user, traits)),
      tag: (name, value) => tell((facts) => facts.tag(name, value)),
      track: (event, properties) => tell((facts) => facts.track(event, properties)),
      capture() {
        if (state === 'paused') tellNow((facts) => facts.capture());
        else tell((facts) => facts.capture());
        return getReplayUrl();
      },
      getReplayUrl,
    },
    () => guard(() => open(options)),
  ];
}
