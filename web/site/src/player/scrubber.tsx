import { type CSSProperties, type PointerEvent, useMemo, useRef, useState } from 'react';
import type { Moment } from '../panels/moments';
import { clock, roundSpan, spoken } from '../ui/words';
import { type Bar, createBar } from './bar';
import { Marks } from './marks';
import type { Playback } from './playback';
import { type PlaybackState, isReady } from './playback-state';
import { Pointed } from './pointed';
import type { Span } from './timeline';

/** With more gaps than this, their names would cover each other. */
const MAX_NAMED = 4;

/** Protects the player: idle spans narrower than this share of the timeline are not drawn. */
const NARROWEST = 1 / 1000;

/** The timeline: the current moment, the user's activity, and what is missing. */
export function Scrubber({ playback, state, moments }: { playback: Playback; state: PlaybackState; moments: readonly Moment[] }) {
  const { timeMs, totalMs, marks, idle, activity, loaded } = state;
  const bar = useMemo(() => createBar(totalMs, idle), [idle, totalMs]);
  const drawn = useMemo(
    () => idle.filter((span) => !bar.gaps.includes(span) && bar.positionOf(span.toMs) - bar.positionOf(span.fromMs) >= bar.length * NARROWEST),
    [idle, bar],
  );
  const percent = (position: number) => `${bar.length > 0 ? (100 * position) / bar.length : 0}%`;
  const left = (ms: number) => percent(bar.positionOf(ms));
  const place = ({ fromMs, toMs }: Span) => ({ left: left(fromMs), width: percent(bar.positionOf(toMs) - bar.positionOf(fromMs)) });
  const inGap = bar.gaps.find(({ fromMs, toMs }) => fromMs < timeMs && timeMs < toMs);
  const path = useMemo(() => activityPath(activity), [activity]);
  const [pointed, setPointed] = useState<number>();
  const [focused, setFocused] = useState<Moment>();
  const track = useRef<HTMLDivElement>(null);
  function point({ clientX, pointerType }: PointerEvent): void {
    const { left: from, width } = track.current!.getBoundingClientRect();
    if (pointerType === 'mouse' && width > 0) setPointed(Math.min(1, Math.max(0, (clientX - from) / width)));
  }
  return (
    <div className="scrubber" onPointerMove={point} onPointerLeave={() => setPointed(undefined)}>
      <svg className="activity" viewBox="0 0 160 20" preserveAspectRatio="none" aria-hidden="true">
        <path d={path} />
      </svg>
      <div className="track" aria-hidden="true" ref={track}>
        {drawn.map((span) => (
          <span key={span.fromMs} className="idle" style={place(span)} />
        ))}
        <span className="played" style={{ width: left(timeMs) }} />
        {bar.gaps.map((gap) => (
          <span key={gap.fromMs} className="gap" style={place(gap)} />
        ))}
        {marks.map(({ atMs, kind, text }) => kind === 'page' && atMs === 0 ? null : (
          <span
            key={`${kind} ${atMs} ${text}`}
            className={`mark-${kind}`}
            style={{ left: left(atMs) }}
            title={`${clock(atMs)}: ${text}`}
          />
        ))}
        {loaded === 'partly' ? <span className="to-come" /> : null}
      </div>
      <Pointed at={totalMs > 0 ? pointed : undefined} focused={focused} bar={bar} moments={moments} playback={playback} />
      {bar.gaps.length > MAX_NAMED
        ? null
        : bar.gaps.map((gap) => (
            <span key={gap.fromMs} className="gap-name" style={{ '--at': percent((bar.positionOf(gap.fromMs) + bar.positionOf(gap.toMs)) / 2) } as CSSProperties}>
              {roundSpan(gap.toMs - gap.fromMs)}
              {bar.gaps.length === 1 ? ' without activity' : ''}
            </span>
          ))}
      <input
        type="range"
        aria-label="Playback position"
        aria-valuetext={`${spoken(timeMs)} of ${spoken(totalMs)}${inGap ? `, in ${spoken(inGap.toMs - inGap.fromMs)} without activity` : ''}`}
        title={inGap && `${roundSpan(inGap.toMs - inGap.fromMs)} without activity`}
        min={0}
        max={Math.max(1, bar.length)}
        step={1}
        value={bar.positionOf(Math.min(timeMs, totalMs))}
        disabled={!isReady(state)}
        onChange={(event) => playback.seek(bar.timeAt(Number(event.target.value)))}
      />
      <Marks moments={moments} bar={bar} playback={playback} onPoint={setFocused} />
    </div>
  );
}

/** An SVG path of hills, 160 by 20. */
function activityPath(activity: readonly number[]): string {
  if (activity.length === 0) return '';
  const points = activity.map((part, index) => `L${index + 0.5} ${(20 - part * 18).toFixed(1)}`);
  return `M0 20${points.join('')}L160 20Z`;
}
