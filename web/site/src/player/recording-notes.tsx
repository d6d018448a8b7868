import { clock, readableUrl } from '../ui/words';
import type { Playback } from './playback';
import type { PlaybackState } from './playback-state';
import type { ReactNode } from 'react';
import { MAX_PAGES } from './timeline';

/** Facts about a recording, what is missing from it, and the pages that were visited. */
export function RecordingNotes({
  facts,
  playback,
  state,
  children,
}: {
  /** Names and values. */
  facts: readonly (readonly [string, string])[];
  playback: Playback;
  state: PlaybackState;
  /** What else is missing. */
  children?: ReactNode;
}) {
  const { marks, faults, tail } = state;
  const lost = marks.filter(({ kind }) => kind !== 'page');
  const pages = marks.filter(({ kind }) => kind === 'page');
  return (
    <aside className="notes" aria-label="About this recording">
      <dl className="facts">
        {facts.map(([name, fact]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
      {tail === 'unavailable' ? (
        <p className="small">The newest events cannot be read right now. They will appear within two minutes.</p>
      ) : null}
      {lost.length > 0 || faults > 0 ? (
        <section>
          <h2>What is missing</h2>
          <ul className="moments">
            {lost.map(({ atMs, text, kind }) => (
              <li key={`${atMs} ${text}`}>
                <button type="button" className={`moment mark-${kind}`} onClick={() => playback.seek(atMs)}>
                  {clock(atMs)}
                </button>
                <span>Around here, {text}</span>
              </li>
            ))}
            {faults > 0 ? <li>{faults} {faults === 1 ? 'event' : 'events'} could not be shown</li> : null}
          </ul>
        </section>
      ) : null}
      {children}
      {pages.length > 0 ? (
        <section>
          <h2>Pages</h2>
          <ul className="moments">
            {pages.map(({ atMs, text }) => (
              <li key={`${atMs} ${text}`}>
                <button type="button" className="moment" onClick={() => playback.seek(atMs)}>
                  {clock(atMs)}
                </button>
                <span className="url" title={text}>
                  {readableUrl(text)}
                </span>
              </li>
            ))}
            {pages.length === MAX_PAGES ? <li>Later pages are not listed</li> : null}
          </ul>
        </section>
      ) : null}
    </aside>
  );
}
