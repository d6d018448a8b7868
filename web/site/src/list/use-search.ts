import { useEffect, useState } from 'react';
import { PAGE_SIZE, useRecordings } from '../api/queries';
import type { Filters } from '../api/recordings';
import { searchOf } from '../routing/filters';
import { useLibrary } from '../site-context';

interface Aim {
  /** Which list it is for. */
  readonly list: string;
  /** How many recordings are to be found. */
  readonly wanted: number;
  readonly isStopped: boolean;
}

/** The state of a search: `full` has as many as are wanted and can find more, `over` has looked through everything. */
export type SearchState = 'searching' | 'stopped' | 'failed' | 'full' | 'over';

/**
 * The recordings that fit the filters, as far as they are loaded. An answer of the API may hold few of them, or none,
 * although there are more: the search goes on until as many are found as are wanted, it has looked through everything, or
 * the user stops it.
 */
export function useSearch(filters: Filters, wantedAtFirst = PAGE_SIZE) {
  const { path } = useLibrary();
  const loaded = useRecordings(filters);
  const { recordings, hasNextPage, isFetching, isFetchNextPageError, isLoadingError, isPending, fetchNextPage } = loaded;
  const list = path + searchOf(filters);
  const [last, setAim] = useState<Aim>();
  const aim = last?.list === list ? last : { list, wanted: Math.max(PAGE_SIZE, wantedAtFirst), isStopped: false };
  const found = recordings.length;
  const state = stateOf();
  const goesOn = state === 'searching' && hasNextPage && !isFetching;
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);

  function stateOf(): SearchState {
    if (isFetchNextPageError || isLoadingError) return 'failed';
    if (isPending) return 'searching';
    if (!hasNextPage) return 'over';
    if (aim.isStopped) return 'stopped';
    return found < aim.wanted ? 'searching' : 'full';
  }

  return {
    ...loaded,
    state,
    /** Ends the search after the answer that is awaited. */
    stop: () => setAim({ ...aim, isStopped: true }),
    /** Finds as many again. */
    findMore: () => {
      setAim({ list, wanted: found + PAGE_SIZE, isStopped: false });
      if (isFetchNextPageError) void fetchNextPage();
      if (isLoadingError) loaded.refresh();
    },
  };
}
