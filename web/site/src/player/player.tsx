import { type ReactNode, useCallback, useRef, useState } from 'react';
import { FilmIcon } from '../ui/icons';
import { KeysHelp } from '../ui/keys-help';
import { Loading } from '../ui/loading';
import { ProblemNotice } from '../ui/problem-notice';
import { readableUrl } from '../ui/words';
import { Controls } from './controls';
import type { Playback } from './playback';
import { type PlaybackState, isBeforeFirstFrame, isReady } from './playback-state';
import { Screen } from './screen';
import { KEYS, useKeys } from './use-keys';

/** The whole player: screen, controls, and a notice when there is nothing to play. */
export function Player({
  pageUrl,
  poster,
  playback,
  state,
  setRoot,
  keys = [],
  children,
}: {
  pageUrl: string;
  /** Shown until the first frame is drawn. */
  poster: string | undefined;
  playback: Playback;
  state: PlaybackState;
  setRoot: (element: HTMLElement | null) => void;
  /** What other keys do on its page. @default nothing */
  keys?: typeof KEYS;
  /** More buttons, before those of the keys and the full screen. */
  children?: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const onFullScreen = useCallback(() => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void box.current?.requestFullscreen().catch(() => {});
  }, []);
  const [helps, setHelps] = useState(false);
  const onHelp = useCallback(() => setHelps((shown) => !shown), []);
  useKeys(playback, onFullScreen, onHelp, box);
  const { name, error, view, loaded, faults } = state;
  const address = state.marks.findLast(({ kind, atMs }) => kind === 'page' && atMs <= state.timeMs)?.text ?? pageUrl;
  return (
    <div className="player" ref={box}>
      <div className="address" title={address}>
        <span className="lights" aria-hidden="true" />
        <span className="url">{readableUrl(address) || 'no address'}</span>
      </div>
      <Screen view={view} setRoot={setRoot} label={`Replay of ${readableUrl(pageUrl) || 'a page'}`}>
        {poster && isBeforeFirstFrame(state) ? <img className="poster" src={poster} alt="" /> : null}
        {name === 'loading' || name === 'starting' ? (
          <div className="over">
            <Loading what="the recording" />
          </div>
        ) : null}
        {name === 'waiting' ? (
          <div className="over">
            <Loading what="the first events: this recording has just started" />
          </div>
        ) : null}
        {name === 'buffering' && error === undefined ? (
          <div className="over light">
            <Loading what="more events" />
          </div>
        ) : null}
        {name === 'empty' ? (
          <div className="over solid">
            <div className="notice">
              <FilmIcon />
              {faults > 0 ? (
                <>
                  <h2>This recording cannot be shown</h2>
                  <p>
                    {faults === 1 ? '1 event is' : `${faults} events are`} damaged or too large, and no other snapshot of the
                    page is left. A script of the recorded page may have caused the damage, with an older recorder.
                  </p>
                </>
              ) : (
                <>
                  <h2>There is nothing to play</h2>
                  <p>
                    No snapshot of the page has arrived, so its events cannot be shown. The recorder may have been stopped
                    before it sent anything, or its first batch was lost.
                  </p>
                </>
              )}
              <button type="button" onClick={playback.retry}>
                Check again
              </button>
            </div>
          </div>
        ) : null}
        {name === 'failed' ? (
          <div className="over solid">
            <ProblemNotice error={error} retry={playback.retry} />
          </div>
        ) : null}
      </Screen>
      {name === 'empty' || name === 'failed' ? null : (
        <Controls playback={playback} state={state} onFullScreen={onFullScreen}>
          {children}
          <button type="button" className="icon-only keys-button" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={onHelp}>
            ?
          </button>
        </Controls>
      )}
      {isReady(state) && error !== undefined ? (
        <div className="stalled">
          <ProblemNotice error={error} retry={playback.retry} />
        </div>
      ) : null}
      {helps ? <KeysHelp keys={[...KEYS, ...keys]} onClose={() => setHelps(false)} /> : null}
      <progress className={isReady(state) && loaded === 'partly' ? '' : 'hidden'} aria-label="Loading the rest" />
    </div>
  );
}
