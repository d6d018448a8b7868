import { useEffect, useMemo, useRef, useState } from 'react';
import { useRecordings } from '../api/queries';
import type { Recording } from 'contract';
import { Link } from '../routing/link';
import { FilmIcon, SearchIcon } from '../ui/icons';
import { Loading } from '../ui/loading';
import { ProblemNotice } from '../ui/problem-notice';
import { RecordingCard } from './recording-card';

/** All recordings of the user, newest first; the list goes on where it ends on the screen. */
export function RecordingsPage() {
  const { recordings, error, isPending, isFetchNextPageError, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useRecordings();
  const [filter, setFilter] = useState('');
  const shown = useMemo(() => recordings.filter((recording) => matches(recording, filter)), [recordings, filter]);
  const more = useOnSight(() => hasNextPage && !isFetchingNextPage && !isFetchNextPageError && void fetchNextPage(), [
    shown.length,
    recordings.length,
    hasNextPage,
    isFetchingNextPage,
  ]);
  return (
    <>
      <div className="list-head">
        <h1>Recordings</h1>
        {recordings.length > 0 || isPending ? (
          <label className="search">
            <SearchIcon />
            <input
              type="search"
              placeholder="Filter by page"
              aria-label="Filter by page"
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          </label>
        ) : null}
      </div>
      {isPending ? <Skeletons /> : null}
      {error && recordings.length === 0 ? <ProblemNotice error={error} retry={() => void refetch()} /> : null}
      {!isPending && !error && recordings.length === 0 ? <Empty /> : null}
      <ul className="cards" aria-label="Recordings">
        {shown.map((recording) => (
          <li key={recording.recordingId}>
            <RecordingCard recording={recording} />
          </li>
        ))}
      </ul>
      <p role="status" className="small centred">
        {filter && !hasNextPage && shown.length === 0 && recordings.length > 0 ? `No page has “${filter}” in it.` : ''}
        {filter && hasNextPage ? `Looked through ${recordings.length} recordings …` : ''}
      </p>
      <div ref={more} className="more">
        {isFetchingNextPage ? <Loading what="older recordings" /> : null}
        {error && recordings.length > 0 ? (
          <ProblemNotice error={error} retry={() => void (isFetchNextPageError ? fetchNextPage() : refetch())} />
        ) : null}
      </div>
    </>
  );
}

function matches({ pageUrl = '', pageTitle = '' }: Recording, filter: string): boolean {
  return `${pageTitle} ${pageUrl}`.toLowerCase().includes(filter.trim().toLowerCase());
}

/** Calls back whenever the element is on the screen, or near: at once, and again when `changes` did. */
function useOnSight(callback: () => void, changes: readonly unknown[]) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && callback(), {
      rootMargin: '400px',
    });
    observer.observe(element.current!);
    return () => observer.disconnect();
    // `callback` is new each time; what it depends on are the changes.
  }, changes);
  return element;
}

function Empty() {
  return (
    <div className="notice">
      <FilmIcon />
      <h2>Nothing has been recorded yet</h2>
      <p>Put the recorder on a page of yours, or record yourself on the playground: it appears here within seconds.</p>
      <p className="actions">
        <Link href="/playground" className="button primary">
          Open the playground
        </Link>
        <Link href="/set-up" className="button">
          Set up a page
        </Link>
      </p>
    </div>
  );
}

function Skeletons() {
  return (
    <>
      <p role="status" className="unseen">
        Loading the recordings …
      </p>
      <div className="cards" aria-hidden="true">
        {Array.from({ length: 8 }, (_, index) => (
          <div key={index} className="card skeleton">
            <div className="thumbnail" />
            <div className="line" />
            <div className="line short" />
          </div>
        ))}
      </div>
    </>
  );
}
