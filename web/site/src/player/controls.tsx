import { type ReactNode, useMemo, useRef } from 'react';
import { momentsOf } from '../panels/moments';
import { AgainIcon, FullScreenIcon, PauseIcon, PlayIcon } from '../ui/icons';
import { clock } from '../ui/words';
import { steppedOver } from './bar';
import { Legend } from './marks';
import type { Playback } from './playback';
import { type PlaybackState, isFollowing, isReady, isRunning } from './playback-state';
import { Scrubber } from './scrubber';
import { SPEEDS } from './speed';
import { STEP_MS } from './use-keys';

/** The buttons and fields that operate a playback. Each has a key, too: see `useKeys`. */
export function Controls({
  playback,
  state,
  onFullScreen,
  children,
}: {
  playback: Playback;
  state: PlaybackState;
  onFullScreen: () => void;
  children?: ReactNode;
}) {
  /** Whether the fields are operated by a pointer, which needs no focus in them: the keys are the player's again. */
  const byPointer = useRef(false);
  const letGo = (field: HTMLElement): void => (byPointer.current ? field.blur() : undefined);
  const { timeMs, totalMs, speed, skipIdle, loaded, liveness, wasLive, idle, rows } = state;
  const moments = useMemo(() => momentsOf(rows), [rows]);
  const step = (byMs: number): void => playback.seek(steppedOver(timeMs, timeMs + byMs, idle));
  const [Icon, name] = buttonOf(state);
  const following = isFollowing(state);
  return (
    <div
      className="controls"
      role="group"
      aria-label="Player"
      onPointerDownCapture={() => (byPointer.current = true)}
      onKeyDownCapture={() => (byPointer.current = false)}
    >
      <Scrubber playback={playback} state={state} moments={moments} />
      {isReady(state) ? <Legend moments={moments} playback={playback} /> : null}
      <div className="row">
        <button
          type="button"
          className="round"
          aria-label={name}
          title={`${name} (space)`}
          disabled={!isReady(state)}
          onClick={playback.toggle}
        >
          <Icon />
        </button>
        <button type="button" className="icon-only step" aria-label="10 seconds back" title="10 seconds back (←)" disabled={!isReady(state)} onClick={() => step(-STEP_MS)}>
          −10
        </button>
        <button type="button" className="icon-only step" aria-label="10 seconds forward" title="10 seconds forward (→)" disabled={!isReady(state)} onClick={() => step(STEP_MS)}>
          +10
        </button>
        <span className="time">
          {clock(timeMs)} <span className="of">/ {clock(totalMs)}</span>
          {loaded === 'partly' ? <span className="of"> …</span> : null}
        </span>
        {isReady(state) && (loaded === 'live' || following) ? (
          <button
            type="button"
            className={loaded === 'live' ? 'live' : 'live silent'}
            aria-pressed={following}
            title="Follow the newest moment (L)"
            onClick={() => (following ? playback.pause() : playback.goLive())}
          >
            <span className="dot" aria-hidden="true" />
            Live
          </button>
        ) : null}
        <span role="status" className="ending">
          {isReady(state) && wasLive && loaded === 'fully' ? ENDINGS[liveness] : ''}
        </span>
        <span className="grow" aria-live="off">
          {state.name === 'skipping' ? <span className="skipping">Skipping idle time</span> : null}
        </span>
        <label className="check" title="Fast-forward through idle time (S)">
          <input
            type="checkbox"
            checked={skipIdle}
            onChange={({ target }) => {
              playback.setSkipIdle(target.checked);
              letGo(target);
            }}
          />
          Skip idle
        </label>
        <select
          aria-label="Speed"
          title="Speed (< and >)"
          value={speed}
          onChange={({ target }) => {
            playback.setSpeed(Number(target.value));
            letGo(target);
          }}
        >
          {SPEEDS.map((one) => (
            <option key={one} value={one}>
              {one}×
            </option>
          ))}
        </select>
        {children}
        <button type="button" className="icon-only" aria-label="Full screen" title="Full screen (F)" onClick={onFullScreen}>
          <FullScreenIcon />
        </button>
      </div>
    </div>
  );
}

/** Of a recording that was live a moment ago. */
const ENDINGS = { live: '', ended: 'Ended', lost: 'No signal' } as const;

function buttonOf(state: PlaybackState): [typeof PlayIcon, string] {
  if (isRunning(state)) return [PauseIcon, 'Pause'];
  return state.name === 'ended' ? [AgainIcon, 'Play again'] : [PlayIcon, 'Play'];
}
