import type { SiteRecording } from 'contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useLibrary, useSite } from '../site-context';
import { createTurns } from '../ui/turns';
import { getBeginning } from './beginning';
import { mayGrow } from './liveness';
import { type Filters, findRecordings } from './find-recordings';
import { getRecording, getScreenshot, listRecordings } from './recordings';
import { listSites } from './sites';

const PAGE_SIZE = 30;
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
  const isFiltered = Object.values(filters).some(Boolean);
  const all = useInfiniteQuery({
    queryKey: ['recordings', path, filters],
    queryFn: ({ pageParam, signal }) =>
      isFiltered
        ? findRecordings(api, { filters, limit: PAGE_SIZE, cursor: pageParam }, signal)
        : listRecordings(api, { limit: `${PAGE_SIZE}`, cursor: pageParam }, signal),
    initialPageParam: undefined as unknown as string,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const newest = useQuery({
    queryKey: ['newest recordings', path],
    queryFn: ({ signal }) => listRecordings(api, { limit: NEWEST }, signal),
    refetchInterval: LOOK_EVERY_MS,
    enabled: all.isSuccess && !isFiltered,
  });
  const listed = new Map<string, SiteRecording>();
  const pages = all.data?.pages ?? [];
  for (const page of [isFiltered ? undefined : newest.data, ...pages]) {
    for (const recording of page?.recordings ?? []) {
      if (!listed.has(recording.recordingId)) listed.set(recording.recordingId, recording);
    }
  }
  const recordings = [...listed.values()].sort((a, b) => b.createdAtMs - a.createdAtMs);
  const lookedThrough = pages.reduce((sum, page) => sum + page.lookedThrough, 0);
  return { ...all, recordings, lookedThrough };
}

export function useRecording(recordingId: string) {
  const { api, path } = useLibrary();
  return useQuery({
    queryKey: ['recording', path, recordingId],
    queryFn: ({ signal }) => getRecording(api, recordingId, signal),
    staleTime: Infinity,
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
