import { getEvents } from '../api/events';
import { isBeforeFirstFrame } from '../player/playback-state';
import { Screen } from '../player/screen';
import { usePlayback } from '../player/use-playback';
import { useLibrary } from '../site-context';
import { Loading } from '../ui/loading';
import { ProblemNotice } from '../ui/problem-notice';

/** A recording while it is being made, without controls. */
export function LiveView({ recordingId }: { recordingId: string }) {
  const { api, readAsset } = useLibrary();
  const { playback, state, setRoot } = usePlayback({
    readPage: (cursor, signal) => getEvents(api, recordingId, { cursor, signal }),
    readAsset,
    createdAtMs: Date.now(),
    follow: true,
  });
  return (
    <Screen view={state.view} setRoot={setRoot} label="This page, as it is being recorded">
      {isBeforeFirstFrame(state) && state.name !== 'failed' ? (
        <div className="over">
          <Loading what="the first events" />
        </div>
      ) : null}
      {state.name === 'failed' ? (
        <div className="over solid">
          <ProblemNotice error={state.error} retry={playback.retry} />
        </div>
      ) : null}
    </Screen>
  );
}
