import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Target, getErasure, startErasure } from '../api/erasures';
import { ProblemError } from '../api/errors';
import { forgetRecordings, useSites } from '../api/queries';
import { useLibrary } from '../site-context';
import { erasureIn, erasureKey } from './erased';
import { type ErasureState, NONE, isRunning, nextErasureState } from './erasure-state';

const LOOK_EVERY_MS = 2_000;

/**
 * Whether the user may erase recordings of the library: own ones, or as an administrator of the site. `undefined` until
 * the user's sites are known.
 */
export function useMayErase(): boolean | undefined {
  const { siteId } = useLibrary();
  const { data: sites, isPending } = useSites();
  if (siteId === undefined) return true;
  return isPending ? undefined : (sites?.some((site) => site.siteId === siteId && site.isAdmin) ?? false);
}

/**
 * How far the erasure of a target is, looked at until it has ended. The API is asked for one that this tab does not know
 * only with `isSought`. What this tab knows it keeps, so that no list shows again what was erased.
 */
export function useErasure(target: Target, { isSought }: { isSought: boolean }) {
  const { api, path } = useLibrary();
  const queries = useQueryClient();
  return useQuery({
    queryKey: erasureKey(path, target),
    queryFn: async ({ signal }) => {
      const answer = await getErasure(api, target, signal);
      return nextErasureState(erasureIn(queries, path, target), answer, Date.now());
    },
    enabled: ({ state: { data = NONE } }) => isSought || isRunning(data),
    staleTime: ({ state: { data = NONE } }) => (data.name === 'done' ? Infinity : 0),
    gcTime: Infinity,
    refetchInterval: ({ state: { data = NONE, error } }) => {
      if (!isRunning(data) || (error instanceof ProblemError && error.status === 403)) return false;
      return Math.max(LOOK_EVERY_MS, error instanceof ProblemError ? error.retryAfterS * 1_000 : 0);
    },
  });
}

/** Asks for the erasure of a target, once `mutate` is called. From the answer on, this tab shows it as erased. */
export function useStartErasure(target: Target, onStarted: () => void = () => {}) {
  const { api, path } = useLibrary();
  const queries = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: () => startErasure(api, target),
    onSuccess: async ({ executionId }) => {
      await queries.cancelQueries({ queryKey: erasureKey(path, target) }); // an answer on its way is of before
      const asked: ErasureState = { name: 'asked', executionId, askedAtMs: Date.now() };
      queries.setQueryData(erasureKey(path, target), asked);
      onStarted();
      forgetRecordings(queries, path, target);
    },
  });
}
