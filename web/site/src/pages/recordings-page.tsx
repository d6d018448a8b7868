import { useEffect, useMemo, useRef, useState } from 'react';
import type { Filters } from '../api/find-recordings';
import { useRecordings, useSites } from '../api/queries';
import { searchOf } from '../routing/filters';
import { rememberList } from '../routing/last-list';
import { Link } from '../routing/link';
import { goTo } from '../routing/location';
import { recordingsPath } from '../routing/route';
import { useLibrary } from '../site-context';
import { FilmIcon, SearchIcon } from '../ui/icons';
import { Loading } from '../ui/loading';
import { ProblemNotice } from '../ui/problem-notice';
import { FilterBar } from './filter-bar';
import { NotAWatcher, isNotAWatcher } from './not-a-watcher';
import { RecordingCard } from './recording-card';
import { hasText } from './visitor-facts';

/** All recordings of the library, newest first. The next page of the list loads when its end comes into view. */
export function RecordingsPage({ filters }: { filters: Filters }) {
  const { recordings, lookedThrough, error, isPending, isFetchNextPageError, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useRecordings(filters);
  const { siteId } = useLibrary();
  const isFiltered = searchOf(filters) !== '';
  const change = (next: Filters) => goTo(recordingsPath(siteId) + searchOf(next));
  const [filter, setFilter] = useState('');
  const filterName = siteId === undefined ? 'Filter by page' : 'Filter by page or visitor';
  const shown = useMemo(() => recordings.filter((recording) => hasText(recording, filter)), [recordings, filter]);
  useEffect(() => rememberList(siteId, shown.map(({ recordingId }) => recordingId)), [siteId, shown]);
  const more = useOnSight(() => hasNextPage && !isFetchingNextPage && !isFetchNextPageError && void fetchNextPage(), [
    shown.length,
    recordings.length,
    hasNextPage,
    isFetchingNextPage,
  ]);
  if (siteId !== undefined && isNotAWatcher(error)) return <NotAWatcher siteId={siteId} />;
  return (
    <>
      <div className="list-head">
        <h1>{siteId === undefined ? 'Recordings' : `Recordings of ${siteId}`}</h1>
        {recordings.length > 0 || isPending || isFiltered ? (
          <label className="search">
            <SearchIcon />
            <input
              type="search"
              placeholder={filterName}
              aria-label={filterName}
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          </label>
        ) : null}
      </div>
      {recordings.length > 0 || isPending || isFiltered ? <FilterBar filters={filters} onChange={change} /> : null}
      {isPending ? <Skeletons /> : null}
      {error && recordings.length === 0 ? <ProblemNotice error={error} retry={() => void refetch()} /> : null}
      {!isPending && !error && recordings.length === 0 && isFiltered ? <NoneFits lookedThrough={lookedThrough} clear={() => change({})} /> : null}
      {!isPending && !error && recordings.length === 0 && !isFiltered ? siteId === undefined ? <NoneOfMine /> : <NoneOf siteId={siteId} /> : null}
      <ul className="cards" aria-label="Recordings">
        {shown.map((recording) => (
          <li key={recording.recordingId}>
            <RecordingCard recording={recording} />
          </li>
        ))}
      </ul>
      <p role="status" className="small centred">
        {filter && !hasNextPage && shown.length === 0 && recordings.length > 0 ? `Nothing matches “${filter}”.` : ''}
        {filter && hasNextPage ? `Searched ${recordings.length} recordings so far …` : ''}
        {isFiltered && !filter && recordings.length > 0 ? `Looked through ${lookedThrough} ${lookedThrough === 1 ? 'recording' : 'recordings'}.` : ''}
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

/** Calls back when the element is on the screen or near it: at once, and again after each of the `changes`. */
function useOnSight(callback: () => void, changes: readonly unknown[]) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && callback(), {
      rootMargin: '400px',
    });
    observer.observe(element.current!);
    return () => observer.disconnect();
    // `callback` is new on each render; `changes` holds what it depends on.
  }, changes);
  return element;
}

/** Both ways to a recording: by a signed-in user, and by being a watcher of a site. */
function NoneOfMine() {
  const { data: sites = [] } = useSites();
  return (
    <div className="notice">
      <FilmIcon />
      <h2>Nothing has been recorded yet</h2>
      <p>
        <strong>Record yourself.</strong> Use the playground, or add the recorder to a page where you sign in. The recording
        appears here within seconds.
      </p>
      <p>
        <strong>Watch the visitors of a site.</strong>{' '}
        {sites.length > 0
          ? 'You watch these sites; the switch in the header leads to them, too:'
          : 'Ask whoever runs this stack to add you to the group of the site, such as site-shop, and sign in again. A switch in the header then leads to its recordings.'}
      </p>
      {sites.length > 0 ? (
        <p className="actions">
          {sites.map(({ siteId }) => (
            <Link key={siteId} href={recordingsPath(siteId)}>
              {siteId}
            </Link>
          ))}
        </p>
      ) : null}
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

function NoneOf({ siteId }: { siteId: string }) {
  return (
    <div className="notice">
      <FilmIcon />
      <h2>No visitor of {siteId} has been recorded yet</h2>
      <p>Put the script tag of the site on its pages. A visit appears here within a minute.</p>
      <p className="actions">
        <Link href="/set-up" className="button primary">
          Get the script tag
        </Link>
      </p>
    </div>
  );
}

function NoneFits({ lookedThrough, clear }: { lookedThrough: number; clear: () => void }) {
  return (
    <div className="notice">
      <SearchIcon />
      <h2>No recording fits these filters</h2>
      <p>
        {lookedThrough === 1 ? '1 recording was' : `${lookedThrough} recordings were`} looked through. Upper and lower case count in texts, and a recording without a fact is not
        found by it.
      </p>
      <button type="button" className="primary" onClick={clear}>
        Clear all filters
      </button>
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
