import { type KeyboardEvent, memo, useId, useMemo, useState } from 'react';
import { MOMENT_KINDS, type Moment, type MomentKind, momentBeside, thinned } from '../panels/moments';
import { shortened, spoken } from '../ui/words';
import type { Bar } from './bar';
import type { Playback } from './playback';

/** Protects the player: of each kind, the timeline has no more marks. */
const PARTS = 200;

const NAMES: Readonly<Record<MomentKind, readonly [one: string, several: string]>> = {
  error: ['error', 'errors'],
  request: ['failed request', 'failed requests'],
  rage: ['rage or dead click', 'rage and dead clicks'],
  event: ['custom event', 'custom events'],
  click: ['click', 'clicks'],
};

/** Their texts say of which kind they are. */
const TOLD_BY_TEXT: readonly MomentKind[] = ['request', 'rage', 'click'];

/** A shape below the timeline for each moment. By keyboard, arrow keys go through them, and Enter leads there. */
export const Marks = memo(function Marks({
  moments,
  bar,
  playback,
  onPoint,
}: {
  moments: readonly Moment[];
  bar: Bar;
  playback: Playback;
  /** The keyboard is at this moment, or at none. */
  onPoint: (moment: Moment | undefined) => void;
}) {
  const id = useId();
  const length = Math.max(1, bar.length);
  const drawn = useMemo(() => thinned(moments, (atMs) => Math.floor((PARTS * bar.positionOf(atMs)) / length)), [moments, bar, length]);
  const [active, setActive] = useState<Moment>();
  const index = active ? drawn.indexOf(active) : -1;
  function point(moment: Moment | undefined): void {
    setActive(moment);
    onPoint(moment);
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const steps: Record<string, number> = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: drawn.length - 1 };
    if (event.key === 'Enter' || event.key === ' ') {
      if (active) playback.seek(active.atMs);
    } else if (Object.hasOwn(steps, event.key)) point(drawn[Math.min(drawn.length - 1, Math.max(0, steps[event.key]!))]);
    else if (event.key === 'Escape') onPoint(undefined);
    else return;
    event.preventDefault(); // the key is not the player's here
  }
  if (drawn.length === 0) return null;
  return (
    <div
      className="marks"
      role="listbox"
      aria-label="Moments on the timeline"
      aria-orientation="horizontal"
      aria-activedescendant={index >= 0 ? `${id}-${index}` : undefined}
      tabIndex={0}
      onFocus={() => point(drawn.find(({ atMs }) => atMs >= playback.state().timeMs) ?? drawn.at(-1))}
      onBlur={() => point(undefined)}
      onKeyDown={onKeyDown}
    >
      {drawn.map((moment, at) => (
        <span
          key={`${moment.kind} ${moment.atMs}`}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === index}
          aria-label={`${spoken(moment.atMs)}: ${TOLD_BY_TEXT.includes(moment.kind) ? '' : `${NAMES[moment.kind][0]}, `}${shortened(moment.text)}`}
          className={`shape mark-${moment.kind}`}
          style={{ left: `${(100 * bar.positionOf(moment.atMs)) / length}%` }}
        />
      ))}
    </div>
  );
});

/** What the shapes mean; a press goes to the next moment of the kind, from the last to the first. */
export function Legend({ moments, playback }: { moments: readonly Moment[]; playback: Playback }) {
  const counts = useMemo(() => MOMENT_KINDS.map((kind) => [kind, moments.filter((moment) => moment.kind === kind).length] as const).filter(([, count]) => count > 0), [moments]);
  if (counts.length === 0) return null;
  const goTo = (kind: MomentKind): void => {
    const next = momentBeside(moments, [kind], playback.state().timeMs, false) ?? momentBeside(moments, [kind], -1, false);
    if (next) playback.seek(next.atMs);
  };
  return (
    <div className="legend" role="group" aria-label="Marks on the timeline">
      {counts.map(([kind, count]) => (
        <button key={kind} type="button" title={`Go to the next ${NAMES[kind][0]}`} onClick={() => goTo(kind)}>
          <span className={`shape mark-${kind}`} aria-hidden="true" />
          {count.toLocaleString('en')} {NAMES[kind][count === 1 ? 0 : 1]}
        </button>
      ))}
    </div>
  );
}
