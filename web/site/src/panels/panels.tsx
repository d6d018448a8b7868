import type { SiteRecording } from 'contract';
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import type { Playback } from '../player/playback';
import type { PlaybackState } from '../player/playback-state';
import { clock, counted } from '../ui/words';
import { ConsolePanel } from './console-panel';
import { DetailsPanel } from './details-panel';
import { EventsPanel } from './events-panel';
import type { Match, Panel } from './matching-moment';
import { NetworkPanel } from './network-panel';

export interface PanelProps {
  readonly recording: SiteRecording;
  readonly state: PlaybackState;
  readonly onJump: (atMs: number) => void;
  readonly onVisitorErased: (visitorId: string) => void;
}

const PANELS: readonly (readonly [Panel, string, (props: PanelProps) => ReactNode])[] = [
  ['events', 'Events', EventsPanel],
  ['console', 'Console', ConsolePanel],
  ['network', 'Network', NetworkPanel],
  ['details', 'Details', DetailsPanel],
];

/** What happened, beside the player: each row leads to its moment, and the rows follow the player. */
export function Panels({
  recording,
  playback,
  state,
  match,
  onVisitorErased,
  children,
}: {
  recording: SiteRecording;
  playback: Playback;
  state: PlaybackState;
  /** The moment for which the recording was in a filtered list. */
  match: Match | undefined;
  /** The API has accepted the erasure of all recordings of this visitor. */
  onVisitorErased: (visitorId: string) => void;
  /** What is missing from the whole recording. */
  children?: ReactNode;
}) {
  const id = useId();
  const [chosen, setChosen] = useState<Panel>();
  const open = chosen ?? match?.panel ?? 'events';
  const tabs = useRef<HTMLDivElement>(null);
  const { faults, tail, rows } = state;
  function onKeyDown(event: KeyboardEvent): void {
    const at = PANELS.findIndex(([panel]) => panel === open);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: PANELS.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault(); // else the player jumps
    const index = (to + PANELS.length) % PANELS.length;
    setChosen(PANELS[index]![0]);
    tabs.current?.querySelectorAll<HTMLElement>('[role=tab]')[index]?.focus();
  }
  return (
    <>
      <section className="panels" aria-label="What happened">
        <div ref={tabs} className="tabs" role="tablist" aria-label="What happened" onKeyDown={onKeyDown}>
          {PANELS.map(([panel, name]) => (
            <button
              key={panel}
              type="button"
              role="tab"
              id={`${id}-${panel}-tab`}
              aria-selected={panel === open}
              aria-controls={panel === open ? `${id}-${panel}` : undefined}
              tabIndex={panel === open ? 0 : -1}
              onClick={() => setChosen(panel)}
            >
              {name}
            </button>
          ))}
        </div>
        {match ? (
          <p className="match small">
            <bdi>In the list because of {match.what}</bdi>
            <button type="button" className="moment" onClick={() => playback.seek(match.atMs)}>
              {clock(match.atMs)}
            </button>
          </p>
        ) : null}
        {PANELS.map(([panel, , Content]) =>
          panel === open ? (
            <div key={panel} className="panel" role="tabpanel" id={`${id}-${panel}`} aria-labelledby={`${id}-${panel}-tab`}>
              <Content recording={recording} state={state} onJump={playback.seek} onVisitorErased={onVisitorErased} />
            </div>
          ) : null,
        )}
      </section>
      <div className="notes">
        {tail === 'unavailable' ? <p className="small">The newest events cannot be read right now. They will appear within two minutes.</p> : null}
        {faults > 0 ? <p className="small">{counted(faults, 'event')} could not be shown.</p> : null}
        {rows.leftOut > 0 ? <p className="small">{rows.leftOut.toLocaleString('en')} later rows are not listed: there are too many.</p> : null}
        {children}
      </div>
    </>
  );
}
