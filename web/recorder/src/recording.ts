import type { RecorderOptions } from './options';
import { type RecordingEvent, type RecordingState, nextRecordingState } from './recording-state';
import type { Session, openSession } from './session';

export interface Recording {
  /** Empty while the page is prerendered. Changes when another user signs in, who gets a recording of their own. */
  readonly recordingId: string;
  /** Resolves when the recorded events are stored, or kept for the next page. Nothing runs after that. */
  stop(): Promise<void>;
  /** Resolves when all events up to now are stored, or when a try has failed; the recorder keeps trying. */
  flush(): Promise<void>;
  /** Record nothing until `resume`. Before the recording has started, not even its existence is stored. */
  pause(): void;
  resume(): void;
}

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
      open({ ...options, recordingId: undefined, sampleShare: 1 }); // an id is one user's; the tab is in the sample
    } else if (state === 'stopping') stored = session?.stop().catch(onError).then(() => dispatch('finished'));
    else if (state === 'stopped') {
      session?.close();
      onEnd();
    } else if (state === 'recording' && before !== 'paused') session?.start();
    else session?.apply();
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
    },
    () => guard(() => open(options)),
  ];
}
