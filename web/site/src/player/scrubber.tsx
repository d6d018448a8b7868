import { useMemo } from 'react';
import { clock, spoken } from '../ui/words';
import type { Playback } from './playback';
import { type PlaybackState, isReady } from './playback-state';

const percent = (ms: number, totalMs: number) => `${totalMs > 0 ? (100 * ms) / totalMs : 0}%`;

/** Protects the player: idle spans narrower than this share of the timeline are not drawn. */
const NARROWEST = 1 / 1000;

/** The timeline: the current moment, the user's activity, and what is missing. */
export function Scrubber({ playback, state }: { playback: Playback; state: PlaybackState }) {
  const { timeMs, totalMs, marks, idle, activity, loaded } = state;
  const drawn = useMemo(() => idle.filter(({ fromMs, toMs }) => toMs - fromMs >= totalMs * NARROWEST), [idle, totalMs]);
  const path = useMemo(() => activityPath(activity), [activity]);
  return (
    <div className="scrubber">
      <svg className="activity" viewBox="0 0 160 20" preserveAspectRatio="none" aria-hidden="true">
        <path d={path} />
      </svg>
      <div className="track" aria-hidden="true">
        {drawn.map(({ fromMs, toMs }) => (
          <span
            key={fromMs}
            className="idle"
            style={{ left: percent(fromMs, totalMs), width: percent(toMs - fromMs, totalMs) }}
          />
        ))}
        <span className="played" style={{ width: percent(timeMs, totalMs) }} />
        {marks.map(({ atMs, kind, text }) => kind === 'page' && atMs === 0 ? null : (
          <span
            key={`${kind} ${atMs} ${text}`}
            className={`mark-${kind}`}
            style={{ left: percent(atMs, totalMs) }}
            title={`${clock(atMs)}: ${text}`}
          />
        ))}
        {loaded === 'partly' ? <span className="to-come" /> : null}
      </div>
      <input
        type="range"
        aria-label="Playback position"
        aria-valuetext={`${spoken(timeMs)} of ${spoken(totalMs)}`}
        min={0}
        max={Math.max(1, totalMs)}
        step={1}
        value={Math.min(timeMs, totalMs)}
        disabled={!isReady(state)}
        onChange={(event) => playback.seek(Number(event.target.value))}
      />
    </div>
  );
}

/** An SVG path of hills, 160 by 20. */
function activityPath(activity: readonly number[]): string {
  if (activity.length === 0) return '';
  const points = activity.map((part, index) => `L${index + 0.5} ${(20 - part * 18).toFixed(1)}`);
  return `M0 20${points.join('')}L160 20Z`;
}
