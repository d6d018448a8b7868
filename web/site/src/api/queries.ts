import type { SiteRecording, SiteRecordingPage } from 'contract';
import { type QueryClient, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { createIsErased } from '../erasure/erased';
import { isFiltered } from '../routing/filters';
import { useLibrary, useSite } from '../site-context';
import { createTurns } from '../ui/turns';
import { getBeginning } from './beginning';
import type { Target } from './erasures';
import { mayGrow } from './liveness';
import { type Filters, getRecording, getScreenshot, listRecordings } from './recordings';
import { listSites } from './sites';

/** How many recordings an answer of the API may hold. */
export const PAGE_SIZE = 30;
/** A list that is opened again within this time is shown as it was, and not asked for again. */
const FRESH_MS = 60_000;
/** A list that is not shown is kept for this long, so that the way back from a recording leads to the same one. */
const LIST_KEPT_MS = 30 * 60_000;
/** A new recording appears in the list within this time. */
const LOOK_EVERY_MS = 5000;
const NEWEST = '12';
const OTHERS = '20';
/** Protects the memory: the picture of a card that has left the screen is kept for this long. */
const BEGINNING_KEPT_MS = 30_000;
/** Leaves connections of the browser free for the list itself. */
const readTurn = createTurns({ atOnce: 3, maxMs: 30_000 });

/** The sites that the token may watch, as of when this page was opened. */
export function useSites() {
  const { api } = useSite();
  return useQuery({
    queryKey: ['sites'],
    queryFn: ({ signal }) => listSites(api, signal),
    staleTime: Infinity,
  });
}

/**
 * The loaded recordings of the library that fit the filters, newest first, and how to load more. Without a filter, new
 * ones appear by themselves: with one, each look could read a thousand.
 */
export function useRecordings(filters: Filters = {}) {
  const { api, path } = useLibrary();
  const isNarrowed = isFiltered(filters);
  const all = useInfiniteQuery({
    queryKey: ['recordings', path, filters],
    queryFn: ({ pageParam, signal }) => listRecordings(api, { ...filters, limit: `${PAGE_SIZE}`, cursor: pageParam }, signal),
    initialPageParam: undefined as unknown as string,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    staleTime: FRESH_MS,
    gcTime: LIST_KEPT_MS,
    refetchOnReconnect: 'always',
  });
  const newest = useQuery({
    queryKey: ['newest recordings', path],
    queryFn: ({ signal }) => listRecordings(api, { limit: NEWEST }, signal),
    refetchInterval: LOOK_EVERY_MS,
    refetchOnReconnect: 'always',
    enabled: all.isSuccess && !isNarrowed,
  });
  const pages = all.data?.pages;
  const newer = isNarrowed ? undefined : newest.data;
  const queries = useQueryClient();
  const recordings = useMemo(() => {
    const isErased = createIsErased(queries, path);
    return listed([...(newer ? [newer] : []), ...(pages ?? [])]).filter((one) => !isErased(one));
  }, [newer, pages, queries, path]);
  const lookedThrough = (pages ?? []).reduce((sum, page) => sum + page.lookedThrough, 0);
  const hasFailed = (query: { errorUpdatedAt: number; dataUpdatedAt: number }) => query.errorUpdatedAt > query.dataUpdatedAt;
  return {
    ...all,
    recordings,
    lookedThrough,
    /** When the list was last what the API said, if a later look failed; it is not the next page that failed. */
    notUpdatedSinceMs:
      all.data && !all.isFetchNextPageError && (hasFailed(all) || (!isNarrowed && hasFailed(newest)))
        ? Math.max(all.dataUpdatedAt, newest.dataUpdatedAt)
        : undefined,
    /** Looks again for what the list shows, and for newer ones. */
    refresh: () => void Promise.all([all.refetch(), ...(isNarrowed ? [] : [newest.refetch()])]),
  };
}

/** Each recording once, as the first page that has it says, newest first. */
function listed(pages: readonly SiteRecordingPage[]): readonly SiteRecording[] {
  const byId = new Map<string, SiteRecording>();
  for (const recording of pages.flatMap((page) => page.recordings)) {
    if (!byId.has(recording.recordingId)) byId.set(recording.recordingId, recording);
  }
  return [...byId.values()].sort((a, b) => b.createdAtMs - a.createdAtMs);
}

/** @param isLive its facts may change */
export function useRecording(recordingId: string, { enabled, isLive = false }: { enabled: boolean; isLive?: boolean }) {
  const { api, path } = useLibrary();
  return useQuery({
    queryKey: ['recording', path, recordingId],
    queryFn: ({ signal }) => getRecording(api, recordingId, signal),
    staleTime: Infinity,
    refetchInterval: isLive ? LOOK_EVERY_MS : false,
    enabled,
  });
}

/** The newest recordings of a visitor of a site. */
export function useOtherRecordings(visitorId: string) {
  const { api, path } = useLibrary();
  return useQuery({
    queryKey: ['recordings of a visitor', path, visitorId],
    queryFn: ({ signal }) => listRecordings(api, { visitor: visitorId, limit: OTHERS }, signal),
    staleTime: LOOK_EVERY_MS,
  });
}

export function useScreenshot(recordingId: string, enabled: boolean) {
  const { api, path } = useLibrary();
  return useQuery({
    queryKey: ['screenshot', path, recordingId],
    queryFn: ({ signal }) => getScreenshot(api, recordingId, signal),
    staleTime: Infinity,
    enabled,
  });
}

/** The beginning and the length of a recording, requested again while it grows. */
export function useBeginning(recordingId: string) {
  const { api, path } = useLibrary();
  return useQuery({
    queryKey: ['beginning', path, recordingId],
    queryFn: async ({ signal }) => {
      const end = await readTurn(signal);
      try {
        return (await getBeginning(api, recordingId, signal)) ?? null;
      } finally {
        end();
      }
    },
    staleTime: Infinity,
    gcTime: BEGINNING_KEPT_MS,
    refetchInterval: ({ state: { data } }) =>
      data && !data.atLeast && mayGrow(data) ? LOOK_EVERY_MS : false,
  });
}

/** Asks for a recording again, which is shown meanwhile. `path` is that of its library. */
export function lookAgainFor(queries: QueryClient, path: string, recordingId: string): void {
  void queries.invalidateQueries({ queryKey: ['recording', path, recordingId] });
}

/** Forgets what is loaded of recordings that are erased, and asks for the lists again. `path` is that of their library. */
export function forgetRecordings(queries: QueryClient, path: string, target: Target): void {
  for (const recordingId of openedOf(queries, path, target)) {
    for (const name of ['recording', 'screenshot', 'beginning']) queries.removeQueries({ queryKey: [name, path, recordingId] });
  }
  listAgain(queries, path);
}

/** Asks for the lists of a library again, which are shown meanwhile. */
export function listAgain(queries: QueryClient, path: string): void {
  for (const name of ['recordings', 'newest recordings', 'recordings of a visitor']) {
    void queries.invalidateQueries({ queryKey: [name, path] });
  }
}

/** The recordings of a target that this tab has opened. */
function openedOf(queries: QueryClient, path: string, target: Target): string[] {
  if ('recordingId' in target) return [target.recordingId];
  const opened = queries.getQueriesData<SiteRecording>({ queryKey: ['recording', path] });
  return opened.flatMap(([, data]) => (data?.visitorId === target.visitorId ? [data.recordingId] : []));
}
