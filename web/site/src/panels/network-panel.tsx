import { useMemo, useState } from 'react';
import { bytes, milliseconds } from '../ui/words';
import { ABORTED, type NetworkRow } from './network-rows';
import { NoRows, PanelTools } from './panel-tools';
import type { PanelProps } from './panels';
import { RowList, Values } from './row-list';
import { useRowSearch } from './row-search';

/** The waterfall shows this much of the recording, at the least. */
const LEAST_SPAN_MS = 1_000;

/** The requests of the page. */
export function NetworkPanel({ state, onJump }: PanelProps) {
  const { rows, timeMs } = state;
  const all = rows.network;
  const { search, onSearch, wanted } = useRowSearch();
  const [onlyFailed, setOnlyFailed] = useState(false);
  const [type, setType] = useState('');
  const types = useMemo(() => [...new Set(all.map(({ initiator }) => initiator).filter(Boolean))].sort().slice(0, 30), [all]);
  const failed = useMemo(() => all.filter((row) => row.failed).length, [all]);
  const shown = useMemo(
    () => all.filter((row) => (!onlyFailed || row.failed) && (!type || row.initiator === type) && (!wanted || has(row, wanted))),
    [all, onlyFailed, type, wanted],
  );
  const span = useMemo(() => spanOf(all), [all]);
  return (
    <>
      <PanelTools what="requests" search={search} onSearch={onSearch}>
        {types.length > 1 ? (
          <select aria-label="Types of requests" value={type} onChange={({ target }) => setType(target.value)}>
            <option value="">All types</option>
            {types.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        ) : null}
        {failed > 0 ? (
          <button type="button" className="toggle" aria-pressed={onlyFailed} onClick={() => setOnlyFailed(!onlyFailed)}>
            Failed {failed.toLocaleString('en')}
          </button>
        ) : null}
      </PanelTools>
      {shown.length === 0 ? (
        <NoRows hasAny={all.length > 0} state={state}>
          This recording has no requests. They are recorded where the recorder's option <code>network</code> is <code>true</code>.
        </NoRows>
      ) : (
        <RowList
          rows={shown}
          startMs={rows.startMs}
          timeMs={timeMs}
          name={`Requests, ${shown.length.toLocaleString('en')}`}
          classOf={(row) => (row.failed ? 'request failed' : 'request')}
          render={(row) => <Request row={row} span={span} />}
          detail={(row) => <RequestDetail row={row} />}
          onJump={onJump}
        />
      )}
    </>
  );
}

interface SpanOf {
  readonly fromMs: number;
  readonly lengthMs: number;
}

function Request({ row, span }: { row: NetworkRow; span: SpanOf }) {
  const { method, text, url, status, size, durationMs, initiator, timestamp } = row;
  return (
    <>
      <span className="method">{method}</span>
      <bdi className="text" title={url}>
        {text}
      </bdi>
      <span className="status">{statusText(row)}</span>
      <span className="wide initiator">{initiator}</span>
      <span className="wide number">{size === undefined ? '' : bytes(size)}</span>
      <span className="number" aria-label={status === undefined ? undefined : `took ${milliseconds(durationMs)}`}>
        {milliseconds(durationMs)}
      </span>
      <span className="waterfall" aria-hidden="true">
        <span style={{ left: `${(100 * (timestamp - span.fromMs)) / span.lengthMs}%`, width: `${(100 * durationMs) / span.lengthMs}%` }} />
      </span>
    </>
  );
}

function RequestDetail({ row }: { row: NetworkRow }) {
  const { method, url, size, durationMs, initiator, contentType, traceparent, error } = row;
  return (
    <>
      <p className="full">
        {method} <bdi>{url}</bdi>
      </p>
      <Values
        of={[
          ['Status', statusText(row)],
          ['Error', error],
          ['Duration', milliseconds(durationMs)],
          ['Size', size === undefined ? '' : bytes(size)],
          ['Asked by', initiator],
          ['Content', contentType],
          ['Trace', traceparent],
        ]}
      />
      <Headers title="Headers sent" lines={row.requestHeaders} />
      <Headers title="Headers received" lines={row.responseHeaders} />
    </>
  );
}

function Headers({ title, lines }: { title: string; lines: string }) {
  if (!lines) return null;
  return (
    <>
      <h2>{title}</h2>
      <pre>{lines}</pre>
    </>
  );
}

function statusText({ status, error }: NetworkRow): string {
  if (status) return String(status);
  if (error === ABORTED) return 'given up';
  return error ? 'failed' : '–';
}

function has({ url, method, status, contentType, error, traceparent, requestHeaders, responseHeaders }: NetworkRow, wanted: string): boolean {
  return `${method} ${url} ${status || ''} ${contentType} ${error} ${traceparent} ${requestHeaders} ${responseHeaders}`.toLowerCase().includes(wanted);
}

/** The time that the waterfall shows: of all requests. */
function spanOf(rows: readonly NetworkRow[]): SpanOf {
  const fromMs = rows[0]?.timestamp ?? 0;
  const toMs = rows.reduce((latest, { timestamp, durationMs }) => Math.max(latest, timestamp + durationMs), fromMs + LEAST_SPAN_MS);
  return { fromMs, lengthMs: toMs - fromMs };
}
