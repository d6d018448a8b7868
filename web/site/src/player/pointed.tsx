import { type CSSProperties, useRef } from 'react';
import type { Moment } from '../panels/moments';
import { clock } from '../ui/words';
import type { Bar } from './bar';
import type { Playback } from './playback';
import { Still } from './still';

/** The pointer is near a moment within this share of the timeline; so many are named. */
const NEAR = 1 / 150;
const MAX_NEAR = 4;

/** What is at a place of the timeline: its time, what is marked there, and a still of the page. */
export function Pointed({
  at,
  focused,
  bar,
  moments,
  playback,
}: {
  /** Where the pointer is, from 0 to 1. */
  at: number | undefined;
  /** Where the keyboard is, if the pointer is elsewhere. */
  focused: Moment | undefined;
  bar: Bar;
  moments: readonly Moment[];
  playback: Playback;
}) {
  const place = at ?? (focused && bar.positionOf(focused.atMs) / bar.length);
  /** Once shown, it stays as it was while nothing is pointed at: the still keeps its page for the next place. */
  const last = useRef<{ place: number; focused: Moment | undefined }>(undefined);
  if (place !== undefined) last.current = { place, focused: at === undefined ? focused : undefined };
  if (!last.current) return null;
  const { place: shown, focused: moment } = last.current;
  const position = shown * bar.length;
  const beside = moments.filter((one) => one !== moment && Math.abs(bar.positionOf(one.atMs) - position) <= bar.length * NEAR);
  const near = [...(moment ? [moment] : []), ...beside].slice(0, MAX_NEAR);
  const timeMs = moment?.atMs ?? bar.timeAt(position);
  return (
    <div className={place === undefined ? 'pointed gone' : 'pointed'} aria-hidden="true" style={{ '--at': `${100 * shown}%` } as CSSProperties}>
      <Still playback={playback} atMs={place === undefined ? undefined : (near[0]?.atMs ?? timeMs)} />
      <strong>{clock(timeMs)}</strong>
      {near.map(({ kind, text }, index) => (
        <span key={index} className="near">
          <span className={`shape mark-${kind}`} /> <bdi>{text}</bdi>
        </span>
      ))}
    </div>
  );
}
