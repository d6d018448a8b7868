import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { FilterBar } from '../list/filter-bar';
import { ListHead } from '../list/list-head';
import { LIST_KEYS, useListKeys } from '../list/list-keys';
import { NoRecordings, NoneFits } from '../list/no-recordings';
import { inOrder } from '../list/order';
import { RecordingCard } from '../list/recording-card';
import { RecordingRow, RowsHead } from '../list/recording-row';
import { SearchStateNote } from '../list/search-state';
import { Skeletons } from '../list/skeletons';
import { useDensity } from '../list/use-density';
import { useKeptPlace, usePlace } from '../list/use-kept-place';
import { useMinute } from '../list/use-minute';
import { useSearch } from '../list/use-search';
import { ViewsBar } from '../list/views-bar';
import { watchedIds } from '../list/watched';
import { isFiltered } from '../routing/filters';
import { rememberList } from '../routing/last-list';
import { type ListView, askedOf, searchOfView } from '../routing/list-view';
import { goTo } from '../routing/location';
import { recordingsPath } from '../routing/route';
import { useLibrary } from '../site-context';
import { KeysHelp } from '../ui/keys-help';
import { timeOfDay } from '../ui/words';
import { NotAWatcher, isNotAWatcher } from './not-a-watcher';

/** The recordings of the library that the address asks for. More of them load when the list's end comes into view. */
export function RecordingsPage({ view }: { view: ListView }) {
  const { siteId } = useLibrary();
  const nowMs = useMinute();
  const listPath = recordingsPath(siteId) + searchOfView({ ...view, density: undefined });
  const kept = useKeptPlace(listPath);
  const asked = askedOf(view, nowMs);
  const search = useSearch(asked, kept?.count);
  const { recordings, state, error, isPending, hasNextPage, lookedThrough, notUpdatedSinceMs, stop, findMore, refresh } = search;
  const density = useDensity(view.density);
  const [watched] = useState(watchedIds);
  const [helps, setHelps] = useState(false);
  const onHelp = useCallback(() => setHelps((shown) => !shown), []);
  useListKeys(onHelp);
  const shown = useMemo(() => inOrder(recordings, view.sort), [recordings, view.sort]);
  useEffect(() => rememberList(siteId, shown.map(({ recordingId }) => recordingId)), [siteId, shown]);
  const items = useRef<HTMLUListElement>(null);
  usePlace(listPath, items, shown.length, kept);
  const loadsOnSight = view.sort === 'newest'; // in another order the new ones would come in between
  const end = useOnSight(() => loadsOnSight && state === 'full' && findMore(), [loadsOnSight, state, shown.length]);
  if (siteId !== undefined && isNotAWatcher(error)) return <NotAWatcher siteId={siteId} />;

  const change = (next: ListView) => goTo(recordingsPath(siteId) + searchOfView(next), { replace: next.density !== view.density });
  const isNarrowed = isFiltered(asked);
  const isNothing = state === 'over' && recordings.length === 0;
  const Listed = density === 'cards' ? RecordingCard : RecordingRow;
  return (
    <>
      <h1 className="list-title">{siteId === undefined ? 'Recordings' : `Recordings of ${siteId}`}</h1>
      {isNarrowed || (!isNothing && state !== 'failed') || recordings.length > 0 ? (
        <>
          <ViewsBar key={siteId} view={view} />
          <FilterBar view={view} onChange={change} />
        </>
      ) : null}
      {recordings.length > 0 ? <ListHead {...{ view, density, onHelp }} recordings={recordings} hasMore={hasNextPage} onChange={change} /> : null}
      <p role="status" className="not-updated">
        {notUpdatedSinceMs === undefined ? null : (
          <>
            Not updated since {timeOfDay(notUpdatedSinceMs, nowMs)}: the API could not be reached or did not answer as it should.{' '}
            <button type="button" onClick={refresh}>
              Try again
            </button>
          </>
        )}
      </p>
      {isPending ? <Skeletons density={density} /> : null}
      {isNothing ? isNarrowed ? <NoneFits lookedThrough={lookedThrough} clear={() => change({ ...view, since: undefined, filters: {} })} /> : <NoRecordings siteId={siteId} /> : null}
      {density === 'rows' && shown.length > 0 ? <RowsHead /> : null}
      <ul className={`listed ${density}`} aria-label="Recordings" ref={items}>
        {shown.map((recording) => (
          <li key={recording.recordingId} data-id={recording.recordingId}>
            <Listed recording={recording} isWatched={watched.has(recording.recordingId)} nowMs={nowMs} />
          </li>
        ))}
      </ul>
      <div ref={end} className="more">
        <SearchStateNote {...{ state, loadsOnSight, lookedThrough, error, stop, findMore }} isFiltered={isNarrowed} found={recordings.length} />
      </div>
      {helps ? <KeysHelp keys={LIST_KEYS} onClose={() => setHelps(false)} /> : null}
    </>
  );
}

/** Calls back when the element is on the screen or near it: at once, and again after each of the `changes`. */
function useOnSight(callback: () => void, changes: readonly unknown[]) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!element.current) return undefined;
    const observer = new IntersectionObserver((entries) => entries.at(-1)?.isIntersecting && callback(), {
      rootMargin: '400px',
    });
    observer.observe(element.current);
    return () => observer.disconnect();
    // `callback` is new on each render; `changes` holds what it depends on.
  }, changes);
  return element;
}
