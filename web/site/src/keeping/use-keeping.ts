import type { SiteRecording } from 'contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { endKeeping, keepRecording } from '../api/keeping';
import { listAgain, lookAgainFor } from '../api/queries';
import { useLibrary } from '../site-context';
import { type Asked, type KeepingState, isChanging, keepingState } from './keeping-state';

const LOOK_EVERY_MS = 2_000;

/** Whether a recording is kept, looked at while that changes, and how to change it. */
export function useKeeping(recording: SiteRecording) {
  const { api, path } = useLibrary();
  const { recordingId } = recording;
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const [leaving] = useState(() => new AbortController());
  const [nowMs, setNowMs] = useState(() => Date.now());
  const state: KeepingState = keepingState(recording, asked, nowMs);
  const isLooking = isChanging(state);
  useEffect(() => {
    if (!isLooking) return;
    const timer = setInterval(() => {
      setNowMs(Date.now());
      lookAgainFor(queries, path, recordingId);
    }, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      listAgain(queries, path);
    };
  }, [isLooking, queries, path, recordingId]);
  useEffect(() => () => leaving.abort(), [leaving]);
  const request = useMutation({
    networkMode: 'always',
    mutationFn: (isEnd: boolean) => (isEnd ? endKeeping(api, recordingId) : keepRecording(api, recordingId, leaving.signal)),
    onSuccess: (_, isEnd) => {
      setNowMs(Date.now());
      setAsked({ isEnd, atMs: Date.now() });
    },
  });
  return { state, request };
}
