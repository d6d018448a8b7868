import { useMemo, useState } from 'react';
import { type ConsoleRow, LEVELS, type Level } from './console-rows';
import { NoRows, PanelTools } from './panel-tools';
import type { PanelProps } from './panels';
import { RowList } from './row-list';
import { says, useRowSearch } from './row-search';

const LEVEL_NAMES: Readonly<Record<Level, string>> = { error: 'Errors', warn: 'Warnings', info: 'Info', log: 'Log', debug: 'Debug' };

/** What the page wrote to its console. */
export function ConsolePanel({ state, onJump }: PanelProps) {
  const { rows, timeMs } = state;
  const all = rows.console;
  const { search, onSearch, wanted } = useRowSearch();
  const [hidden, setHidden] = useState<ReadonlySet<Level>>(new Set());
  const counts = useMemo(() => countByLevel(all), [all]);
  const shown = useMemo(() => all.filter((row) => !hidden.has(row.level) && (!wanted || says(row, wanted))), [all, hidden, wanted]);
  const toggle = (level: Level): void =>
    setHidden((before) => {
      const next = new Set(before);
      if (!next.delete(level)) next.add(level);
      return next;
    });
  return (
    <>
      <PanelTools what="the console" search={search} onSearch={onSearch}>
        {LEVELS.filter((level) => counts[level] > 0).map((level) => (
          <button key={level} type="button" className={`toggle level-${level}`} aria-pressed={!hidden.has(level)} onClick={() => toggle(level)}>
            {LEVEL_NAMES[level]} {counts[level].toLocaleString('en')}
          </button>
        ))}
      </PanelTools>
      {shown.length === 0 ? (
        <NoRows hasAny={all.length > 0} state={state}>
          This recording has no messages of the console. They are recorded where the recorder's option <code>console</code> is{' '}
          <code>true</code>.
        </NoRows>
      ) : (
        <RowList
          rows={shown}
          startMs={rows.startMs}
          timeMs={timeMs}
          name={`Console, ${shown.length.toLocaleString('en')}`}
          classOf={({ level }) => `level-${level}`}
          render={({ level, text }) => (
            <>
              <span className="kind">{level}</span>
              <bdi className="text mono" title={text}>
                {text}
              </bdi>
            </>
          )}
          detail={({ detail, text, trace }) => (
            <>
              <pre>{detail || text}</pre>
              {trace ? (
                <>
                  <h2>Where</h2>
                  <pre>{trace}</pre>
                </>
              ) : null}
            </>
          )}
          onJump={onJump}
        />
      )}
    </>
  );
}

function countByLevel(rows: readonly ConsoleRow[]): Record<Level, number> {
  const counts = { error: 0, warn: 0, info: 0, log: 0, debug: 0 };
  for (const { level } of rows) counts[level] += 1;
  return counts;
}
