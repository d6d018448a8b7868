import { useEffect, useRef, useState } from 'react';
import type { Recording } from 'recorder';
import { LiveView } from '../playground/live-view';
import { startRecording } from '../playground/record';
import { Things } from '../playground/things';
import { Link } from '../routing/link';
import { recordingPath } from '../routing/route';
import { useSite } from '../site-context';
import { ProblemNotice } from '../ui/problem-notice';

/** A page to record oneself on, with the recording beside it as it is made. */
export function PlaygroundPage() {
  const { recorder, error, start, stop, last } = useRecorder();
  return (
    <>
      <div className="list-head">
        <h1>Playground</h1>
        {recorder ? (
          <button type="button" className="recording-now" onClick={() => void stop()}>
            <span className="dot" aria-hidden="true" />
            Stop recording
          </button>
        ) : (
          <button type="button" className="primary" onClick={() => void start()}>
            Record this page
          </button>
        )}
      </div>
      <div className="playground">
        <Things />
        {/* Else the recording would hold itself. */}
        <aside className="live-view rr-block" aria-label="Live view">
          <h2>Live view</h2>
          {recorder ? (
            <LiveView key={recorder.recordingId} recordingId={recorder.recordingId} />
          ) : (
            <div className="screen idle">
              <p>
                {last ? (
                  <>
                    Recorded. <Link href={recordingPath(last)}>Watch it from the beginning</Link>
                  </>
                ) : (
                  'Press “Record this page”, then click, type and draw: what you do comes here over the stack, about a second later.'
                )}
              </p>
            </div>
          )}
          <p className="small">
            It goes the whole way: from this page to the API, the stream, and back. What you type is masked.
          </p>
          {error === undefined ? null : <ProblemNotice error={error} />}
        </aside>
      </div>
    </>
  );
}

/** At most one recording of this page, which ends with it. */
function useRecorder() {
  const { config, session } = useSite();
  const [recorder, setRecorder] = useState<Recording>();
  const [last, setLast] = useState<string>();
  const [error, setError] = useState<unknown>();
  const running = useRef<Recording>(undefined);

  async function start(): Promise<void> {
    setError(undefined);
    const started = startRecording({ apiUrl: config.apiUrl, getToken: session.getToken, onError: setError });
    running.current = started;
    await started.flush(); // there is nothing to read before it is stored
    if (running.current === started) setRecorder(started);
  }

  async function stop(): Promise<void> {
    const ended = running.current;
    running.current = undefined;
    await ended?.stop();
    setLast(ended?.recordingId);
    setRecorder(undefined);
  }

  useEffect(() => () => void running.current?.stop(), []);
  return { recorder, error, last, start, stop };
}
