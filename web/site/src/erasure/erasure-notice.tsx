import type { Erasure } from 'contract';
import { useEffect, useRef } from 'react';
import type { Target } from '../api/erasures';
import { Link } from '../routing/link';
import { lastListPath } from '../routing/location';
import { useLibrary } from '../site-context';
import { AlertIcon, CheckIcon } from '../ui/icons';
import { COPY_OUTCOMES } from '../ui/copy-words';
import { wordsFor } from '../ui/problem-notice';
import { useCopy } from '../ui/use-copy';
import { bytes, dateAndTime } from '../ui/words';
import { type ErasureState, isRunning } from './erasure-state';
import { certificateText, erasureWords, refusalWords, removedRows } from './erasure-words';
import { useStartErasure } from './use-erasure';

/** How far an erasure is, in place of the recording: from the request to its certificate. */
export function ErasureNotice({
  state,
  target,
  error,
}: {
  state: Exclude<ErasureState, { name: 'none' }>;
  target: Target;
  /** Why the state could not be read; the page looks again. */
  error: unknown;
}) {
  const { siteId } = useLibrary();
  const again = useStartErasure(target);
  const heading = useRef<HTMLHeadingElement>(null);
  const isNew = state.name === 'asked';
  useEffect(() => {
    if (isNew) heading.current!.focus(); // the button that had the focus is gone
  }, [isNew]);
  const { title, detail } = erasureWords(state.name, target);
  const hasFailed = state.name === 'failed';
  const refusal = again.error ? refusalWords(again.error, siteId) : undefined;
  const isUnknown = error !== null && isRunning(state);
  return (
    <div className={hasFailed ? 'notice erasure failed' : 'notice erasure'}>
      {isRunning(state) ? <span className="spinner" aria-hidden="true" /> : hasFailed ? <AlertIcon /> : <CheckIcon />}
      <div className="says" role={hasFailed ? 'alert' : 'status'}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p>{detail}</p>
        {isUnknown ? <p>Its state cannot be read right now: {wordsFor(error).title}. The erasure goes on.</p> : null}
      </div>
      {refusal ? (
        <p role="alert">
          {refusal.title}. {refusal.detail}
        </p>
      ) : null}
      <p className="actions">
        {hasFailed ? (
          <button type="button" className="primary" disabled={again.isPending} onClick={() => again.mutate()}>
            Try again
          </button>
        ) : null}
        <Link href={lastListPath(siteId)} className={hasFailed ? 'button' : 'button primary'}>
          {siteId === undefined ? 'Go to my recordings' : `Go to the recordings of ${siteId}`}
        </Link>
      </p>
      {'erasure' in state ? <Certificate target={target} erasure={state.erasure} /> : null}
    </div>
  );
}

/** What proves an erasure: who can look it up by what id, its times, and what was removed. */
function Certificate({ target, erasure }: { target: Target; erasure: Erasure }) {
  const { siteId } = useLibrary();
  const { outcome, copy } = useCopy();
  const { executionId, state, askedAtMs, finishedAtMs, removed } = erasure;
  const counts = removed && removedRows(removed);
  return (
    <section className="certificate" aria-label={state === 'done' ? 'Certificate' : 'Erasure'}>
      <dl className="fact-list">
        {'visitorId' in target ? <Fact name="Visitor">{target.visitorId}</Fact> : <Fact name="Recording">{target.recordingId}</Fact>}
        <Fact name="Execution ID">
          <code>{executionId}</code>
        </Fact>
        <Fact name="Requested">
          <Time atMs={askedAtMs} />
        </Fact>
        {finishedAtMs === undefined ? null : (
          <Fact name="Finished">
            <Time atMs={finishedAtMs} />
          </Fact>
        )}
      </dl>
      {counts ? (
        <table>
          <caption className="unseen">What was removed</caption>
          <thead>
            <tr>
              <th scope="col">Removed</th>
              <th scope="col">Objects</th>
              <th scope="col">Size</th>
            </tr>
          </thead>
          <tbody>
            {counts.rows.map((row) => (
              <Counts key={row.kind} {...row} />
            ))}
          </tbody>
          <tfoot>
            <Counts {...counts.total} />
          </tfoot>
        </table>
      ) : null}
      {state === 'done' ? (
        <p className="actions">
          <button type="button" onClick={() => void copy(certificateText(siteId, target, erasure))}>
            Copy certificate as JSON
          </button>
          <span role="status" className="small">
            {outcome ? COPY_OUTCOMES[outcome] : ''}
          </span>
        </p>
      ) : null}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Time({ atMs }: { atMs: number }) {
  return <time dateTime={new Date(atMs).toISOString()}>{dateAndTime(atMs)}</time>;
}

function Counts({ kind, objects, bytes: size }: { kind: string; objects: number; bytes: number }) {
  return (
    <tr>
      <th scope="row">{kind}</th>
      <td>{objects.toLocaleString('en')}</td>
      <td>{bytes(size)}</td>
    </tr>
  );
}
