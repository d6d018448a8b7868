import { useCallback, useRef } from 'react';
import { FilmIcon } from '../ui/icons';
import { Loading } from '../ui/loading';
import { ProblemNotice } from '../ui/problem-notice';
import { readableUrl } from '../ui/words';
import { Controls } from './controls';
import type { Playback } from './playback';
import type { PlaybackState } from './playback-state';
import { Screen } from './screen';
import { ShareButton } from './share-button';
import { useKeys } from './use-keys';

/** The whole player: screen and controls, and what to say when there is nothing to see. */
export function Player({
  recordingId,
  pageUrl,
  poster,
  playback,
  state,
  setRoot,
}: {
  recordingId: string;
  pageUrl: string;
  /** Shown until the first frame stands. */
  poster: string | undefined;
  playback: Playback;
  state: PlaybackState;
  setRoot: (element: HTMLElement | null) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const onFullScreen = useCallback(() => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void box.current?.requestFullscreen().catch(() => {});
  }, []);
  useKeys(playback, onFullScreen);
  const { phase, hasFrame, buffering, error, size, loadedAll } = state;
  const address = state.marks.findLast(({ kind, atMs }) => kind === 'page' && atMs <= state.timeMs)?.text ?? pageUrl;
  return (
    <div className="player" ref={box}>
      <div className="address" title={address}>
        <span className="lights" aria-hidden="true" />
        <span className="url">{readableUrl(address) || 'no address'}</span>
      </div>
      <Screen size={size} setRoot={setRoot} label={`Replay of ${readableUrl(pageUrl) || 'a page'}`}>
        {!hasFrame && poster ? <img className="poster" src={poster} alt="" /> : null}
        {phase === 'loading' || (phase === 'ready' && !hasFrame) ? (
          <div className="over">
            <Loading what="the recording" />
          </div>
        ) : null}
        {phase === 'waiting' ? (
          <div className="over">
            <Loading what="the first events: this recording has only begun" />
          </div>
        ) : null}
        {buffering && error === undefined ? (
          <div className="over light">
            <Loading what="what comes next" />
          </div>
        ) : null}
        {phase === 'nothing' ? (
          <div className="over solid">
            <div className="notice">
              <FilmIcon />
              <h2>There is nothing to play</h2>
              <p>
                No picture of the page has arrived, so its events cannot be shown. The recorder may have been stopped
                before it could send anything, or its first batch was lost.
              </p>
              <button type="button" onClick={playback.retry}>
                Look again
              </button>
            </div>
          </div>
        ) : null}
        {phase === 'failed' ? (
          <div className="over solid">
            <ProblemNotice error={error} retry={playback.retry} />
          </div>
        ) : null}
      </Screen>
      {phase === 'nothing' || phase === 'failed' ? null : (
        <Controls playback={playback} state={state} onFullScreen={onFullScreen}>
          <ShareButton recordingId={recordingId} timeMs={state.timeMs} />
        </Controls>
      )}
      {phase === 'ready' && error !== undefined ? (
        <div className="stalled">
          <ProblemNotice error={error} retry={playback.retry} />
        </div>
      ) : null}
      <progress className={loadedAll || phase !== 'ready' ? 'hidden' : ''} aria-label="Loading the rest" />
    </div>
  );
}
