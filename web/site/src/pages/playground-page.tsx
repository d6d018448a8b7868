import { useEffect, useRef, useState } from 'react';
import type { Recording } from '@rrweb-store/recorder';
import { LiveView } from '../playground/live-view';
import { startRecording } from '../playground/record';
import { Things } from '../playground/things';
import { Link } from '../routing/link';
import { recordingPath } from '../routing/route';
import { useSite } from '../site-context';
import { ProblemNotice } from '../ui/problem-notice';

/** A page for recording yourself, with the recording beside it while it is made. */
export function PlaygroundPage() {
  const { state, error, start, stop } = useRecorder();
  const isShown = state.name === 'recording' || state.name === 'stopping';
  return (
    <>
      <div className="playground-head">
        <h1>Playground</h1>
        {isShown ? (
          <button type="button" className="recording-now" disabled={state.name === 'stopping'} onClick={() => void stop()}>
            <span className="dot" aria-hidden="true" />
            Stop recording
          </button>
        ) : (
          <button type="button" className="primary" disabled={state.name === 'starting'} onClick={() => void start()}>
            Record this page
          </button>
        )}
      </div>
      <div className="playground">
        <Things />
        {/* Blocked, or the recording would contain itself. */}
        <aside className="live-view rr-block" aria-label="Live view">
          <h2>Live view</h2>
          {isShown ? (
            <LiveView key={state.recording.recordingId} recordingId={state.recording.recordingId} />
          ) : (
            <div className="screen idle">
              <p>
                {state.name === 'idle' && state.lastId ? (
                  <>
                    Recorded. <Link href={recordingPath(undefined, state.lastId)}>Watch it from the beginning</Link>
                  </>
                ) : (
                  'Press “Record this page”, then click, type and draw. What you do appears here about a second later, once it has been through the stack.'
                )}
              </p>
            </div>
          )}
          <p className="small">
            Events go the whole way: from this page to the API, through the stream, and back. What you type is masked.
          </p>
          {error === undefined ? null : <ProblemNotice error={error} />}
        </aside>
      </div>
    </>
  );
}

type RecorderState =
  /** This page is not recorded. `lastId` is the recording before, if there was one. */
  | { readonly name: 'idle'; readonly lastId?: string }
  /** The recorder runs, and its first events are being stored: there is nothing to read yet. */
  | { readonly name: 'starting'; readonly recording: Recording }
  /** Its first events are stored, and the live view reads them. */
  | { readonly name: 'recording'; readonly recording: Recording }
  /** The recorder sends its last events. */
  | { readonly name: 'stopping'; readonly recording: Recording };

/** At most one recording of this page, which ends with it. */
function useRecorder() {
  const { config, session } = useSite();
  const [state, setState] = useState<RecorderState>({ name: 'idle' });
  const [error, setError] = useState<unknown>();
  const current = useRef(state);

  const now = () => current.current;

  function become(next: RecorderState): void {
    current.current = next;
    setState(next);
  }

  async function start(): Promise<void> {
    if (now().name !== 'idle') return;
    setError(undefined);
    const recording = startRecording({ apiUrl: config.apiUrl, getToken: session.getToken, onError: setError });
    become({ name: 'starting', recording });
    await recording.flush();
    if (now().name === 'starting') become({ name: 'recording', recording });
  }

  async function stop(): Promise<void> {
    const running = now();
    if (running.name !== 'recording') return;
    const { recording } = running;
    become({ name: 'stopping', recording });
    await recording.stop();
    become({ name: 'idle', lastId: recording.recordingId });
  }

  useEffect(
    () => () => {
      const last = now();
      if (last.name !== 'idle') void last.recording.stop();
    },
    [],
  );
  return { state, error, start, stop };
}
