import { memo, useMemo } from 'react';
import { MOMENT_KINDS, type Moment, type MomentKind, momentBeside, thinned } from '../panels/moments';
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

/** A shape below the timeline for each moment. */
export const Marks = memo(function Marks({ moments, bar }: { moments: readonly Moment[]; bar: Bar }) {
  const length = Math.max(1, bar.length);
  const drawn = useMemo(() => thinned(moments, (atMs) => Math.floor((PARTS * bar.positionOf(atMs)) / length)), [moments, bar, length]);
  return (
    <div className="marks" aria-hidden="true">
      {[...MOMENT_KINDS].reverse().map((kind) =>
        drawn.map((moment) =>
          moment.kind === kind ? <span key={moment.atMs} className={`shape mark-${kind}`} style={{ left: `${(100 * bar.positionOf(moment.atMs)) / length}%` }} /> : null,
        ),
      )}
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
