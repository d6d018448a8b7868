import { useEffect, useRef } from 'react';
import { changeAddress } from '../routing/location';
import { recordingPath } from '../routing/route';
import { useLibrary } from '../site-context';
import { type PlaybackState, isBeforeFirstFrame, isFollowing, isMoving } from './playback-state';

/** Browsers refuse more than 100 changes in 30 s: https://webkit.org/b/156115 */
const SOONEST_MS = 500;
/** While it plays, a reload goes back by so much at most. */
const PLAYING_MS = 3000;

/** Keeps the moment that is shown in the address, so that a reload or a copied address opens it. */
export function useMomentInAddress(recordingId: string, state: PlaybackState): void {
  const { siteId } = useLibrary();
  const shown = useRef('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const writtenAtMs = useRef(-Infinity);
  if (!isBeforeFirstFrame(state) && state.targetMs === undefined) {
    const { timeMs } = state;
    shown.current = recordingPath(siteId, recordingId, isFollowing(state) || timeMs === 0 ? undefined : timeMs);
  }
  const path = shown.current;
  const everyMs = isMoving(state) ? PLAYING_MS : SOONEST_MS;
  useEffect(() => {
    const { pathname, search } = location;
    if (path === '' || path === pathname + search) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      writtenAtMs.current = performance.now();
      // Another page may be shown already, whose address this is not.
      if (location.pathname === recordingPath(siteId, recordingId)) changeAddress(shown.current + location.hash);
    }, writtenAtMs.current + everyMs - performance.now());
  }, [path, everyMs, recordingId, siteId]);
  useEffect(() => () => clearTimeout(timer.current), []);
}
