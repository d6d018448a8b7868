import type { SiteRecording } from 'contract';
import { useEffect, useMemo, useState } from 'react';
import { type ApiOptions, createApi } from 'site/src/api/client';
import { type EventsReader, createEventsReader } from 'site/src/api/events';
import { type Library, createLibraries } from 'site/src/api/library';
import { getRecording } from 'site/src/api/recordings';
import type { Playback } from 'site/src/player/playback';
import { Player } from 'site/src/player/player';
import { usePlayback } from 'site/src/player/use-playback';
import { Loading } from 'site/src/ui/loading';
import { ProblemNotice } from 'site/src/ui/problem-notice';
import { explained } from './explained';
import { openSealedFrame } from './sealed-frame';
import type { Source } from './source';

export interface WatchOptions {
  readonly source: Source;
  readonly getToken: ApiOptions['getToken'];
  readonly atMs: number | undefined;
  readonly autoplay: boolean;
  /** The recording is there; returns the call that ends what it has begun. */
  readonly onPlayback: (playback: Playback) => () => void;
  /** Something failed; if `isFatal`, nothing is shown but the reason. */
  readonly onError: (error: unknown, isFatal: boolean) => void;
}

/** A recording, from its address to the player. Later changes of the options have no effect. */
export function Watching(options: WatchOptions) {
  const { source, getToken, onError } = options;
  const [library] = useState(() => createLibraries(createApi({ apiUrl: source.apiUrl, getToken }))(source.siteId));
  const [attempt, setAttempt] = useState(1);
  const readPage = useMemo(() => createEventsReader(library.api, source.recordingId), [library, source, attempt]);
  const [found, setFound] = useState<{ recording: SiteRecording } | { error: unknown }>();
  useEffect(() => {
    const leaving = new AbortController();
    getRecording(library.api, source.recordingId, leaving.signal).then(
      (recording) => setFound({ recording }),
      (cause: unknown) => {
        if (leaving.signal.aborted) return;
        const error = explained(cause, source, location.origin);
        setFound({ error });
        onError(error, true);
      },
    );
    return () => leaving.abort();
  }, [library, source, attempt, onError]);
  const retry = (): void => {
    setFound(undefined);
    setAttempt(attempt + 1);
  };
  if (!found) return <Loading what="the recording" />;
  if ('error' in found) return <ProblemNotice error={found.error} retry={retry} />;
  return <Playing recording={found.recording} library={library} readPage={readPage} {...options} />;
}

function Playing({
  recording,
  library,
  readPage,
  atMs,
  autoplay,
  onPlayback,
}: WatchOptions & { recording: SiteRecording; library: Library; readPage: EventsReader }) {
  const { createdAtMs, pageUrl = '', userAgent } = recording;
  const plays = autoplay && !matchMedia('(prefers-reduced-motion: reduce)').matches;
  const { playback, state, setRoot } = usePlayback({
    readPage,
    readAsset: library.readAsset,
    createdAtMs,
    userAgent,
    atMs,
    autoplay: plays,
    openFrame: openSealedFrame,
    withRows: true, // the timeline marks what they tell
  });
  useEffect(() => {
    const end = onPlayback(playback);
    if (plays && atMs !== undefined) playback.play(); // else it would stay at that moment
    return end;
  }, [playback]);
  return <Player {...{ pageUrl, playback, state, setRoot }} poster={undefined} />;
}
