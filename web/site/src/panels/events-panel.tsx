import { useMemo, useState } from 'react';
import type { Mark } from '../player/timeline';
import type { EventKind, EventRow } from './event-rows';
import { NoRows, PanelTools } from './panel-tools';
import { RowList } from './row-list';
import { says, useRowSearch } from './row-search';
import type { PanelProps } from './panels';

/** The choices of the filter, with the kinds of rows that each shows. */
const CHOICES: readonly (readonly [string, readonly EventKind[]])[] = [
  ['All kinds', []],
  ['Pages', ['page', 'end']],
  ['Clicks', ['click', 'rage', 'dead']],
  ['Inputs', ['input']],
  ['Custom events', ['event', 'user']],
  ['Trouble', ['error', 'rage', 'dead']],
  ['Web vitals', ['vital']],
  ['What is missing', ['missing']],
];
const KIND_NAMES: Readonly<Record<EventKind, string>> = {
  page: 'Page', click: 'Click', input: 'Input', rage: 'Rage', dead: 'Dead', event: 'Event', user: 'User', error: 'Error', vital: 'Vital', missing: 'Missing', end: 'End',
};

/** A row shows a text of fewer characters as a whole. */
const ALL_IN_ROW = 30;

/** What happened in a visit, in order of time. */
export function EventsPanel({ state, onJump }: PanelProps) {
  const { rows, marks, timeMs } = state;
  const { search, onSearch, wanted } = useRowSearch();
  const [choice, setChoice] = useState(0);
  const all = useMemo(() => withMissing(rows.events, marks, rows.startMs), [rows, marks]);
  const shown = useMemo(() => {
    const kinds = CHOICES[choice]?.[1] ?? [];
    return all.filter((row) => (kinds.length === 0 || kinds.includes(row.kind)) && (!wanted || says(row, wanted)));
  }, [all, choice, wanted]);
  return (
    <>
      <PanelTools what="events" search={search} onSearch={onSearch}>
        <select aria-label="Kinds of events" value={choice} onChange={({ target }) => setChoice(Number(target.value))}>
          {CHOICES.map(([name], index) => (
            <option key={name} value={index}>
              {name}
            </option>
          ))}
        </select>
      </PanelTools>
      {shown.length === 0 ? (
        <NoRows hasAny={all.length > 0} state={state}>
          Nothing has happened in this recording.
        </NoRows>
      ) : (
        <RowList
          rows={shown}
          startMs={rows.startMs}
          timeMs={timeMs}
          name={`Events, ${shown.length.toLocaleString('en')}`}
          classOf={({ kind }) => `kind-${kind}`}
          render={({ kind, text }) => (
            <>
              <span className="kind">{KIND_NAMES[kind]}</span>
              <bdi className="text" title={text}>
                {text}
              </bdi>
            </>
          )}
          detail={({ text, detail }) =>
            detail ? (
              <>
                <p className="full">
                  <bdi>{text}</bdi>
                </p>
                <pre>{detail}</pre>
              </>
            ) : text.length < ALL_IN_ROW ? null : (
              <p className="full">
                <bdi>{text}</bdi>
              </p>
            )
          }
          onJump={onJump}
        />
      )}
    </>
  );
}

/** The rows with those of what is missing, which the timeline knows. */
export function withMissing(events: readonly EventRow[], marks: readonly Mark[], startMs: number): readonly EventRow[] {
  const missing = marks.flatMap(({ atMs, kind, text }): EventRow[] =>
    kind === 'gap' || kind === 'skipped' ? [{ timestamp: startMs + atMs, kind: 'missing', text: `Around here, ${text}`, detail: '' }] : [],
  );
  return missing.length === 0 ? events : [...events, ...missing].sort((a, b) => a.timestamp - b.timestamp);
}
