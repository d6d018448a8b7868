import type { SiteRecording } from 'contract';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Target } from '../api/erasures';
import { recordingAssetReader } from '../api/assets';
import { type EventsReader, createEventsReader } from '../api/events';
import { lookAgainFor, useRecording, useScreenshot } from '../api/queries';
import { ErasureNotice } from '../erasure/erasure-notice';
import { NONE } from '../erasure/erasure-state';
import { useErasure, useMayErase } from '../erasure/use-erasure';
import { matchingMoment } from '../panels/matching-moment';
import { Panels } from '../panels/panels';
import { OtherHosts } from '../player/other-hosts';
import { Player } from '../player/player';
import { createSettingsStore } from '../player/settings';
import { ShareButton } from '../player/share-button';
import { useMomentInAddress } from '../player/use-moment-in-address';
import { usePlayback } from '../player/use-playback';
import { lastFilters } from '../routing/location';
import { useLibrary } from '../site-context';
import { Loading } from '../ui/loading';
import { ProblemNotice } from '../ui/problem-notice';
import { showTitle } from '../ui/title';
import { useBlobUrl } from '../ui/use-blob-url';
import { NoRecording, isNoRecording } from './no-recording';
import { NotAWatcher, isNotAWatcher } from './not-a-watcher';
import { RecordingHead } from './recording-head';
import { titleOf } from './visitor-facts';

const SETTINGS = createSettingsStore(() => localStorage);
const NEIGHBOUR_KEYS = [['Shift ↑ ↓', 'previous or next recording of the list']] as const;

export function RecordingPage({ recordingId, atMs }: { recordingId: string; atMs: number | undefined }) {
  const { api, siteId } = useLibrary();
  const readPage = useMemo(() => createEventsReader(api, recordingId), [api, recordingId]);
  const { target, askOfVisitor } = useTarget(recordingId);
  const { data: erasure = NONE, error: erasureError } = useErasure(target, { isSought: false });
  const isErased = erasure.name !== 'none';
  const { data, error, refetch } = useRecording(recordingId, { enabled: !isErased });
  const title = data && titleOf(data);
  useEffect(() => (title === undefined ? undefined : showTitle(title, siteId)), [title, siteId]);
  if (isErased) {
    return (
      <div className="recording">
        <RecordingHead recordingId={recordingId} recording={undefined} />
        <ErasureNotice key={recordingId} state={erasure} target={target} error={erasureError} />
      </div>
    );
  }
  if (siteId !== undefined && isNotAWatcher(error)) return <NotAWatcher siteId={siteId} />;
  if (isNoRecording(error)) return <Gone target={target} />;
  return (
    <div className="recording">
      <RecordingHead recordingId={recordingId} recording={data} />
      {data ? <Watching key={recordingId} recording={data} atMs={atMs} readPage={readPage} onVisitorErased={askOfVisitor} /> : null}
      {error && !data ? <ProblemNotice error={error} retry={() => void refetch()} isPage /> : null}
      {data || error ? null : <Loading what="the recording" />}
    </div>
  );
}

/** What of this page is erased: its recording, or all of its visitor once that has been asked for here. */
function useTarget(recordingId: string): { target: Target; askOfVisitor: (visitorId: string) => void } {
  const [asked, setAsked] = useState<{ recordingId: string; visitorId: string }>();
  return {
    target: asked?.recordingId === recordingId ? { visitorId: asked.visitorId } : { recordingId },
    askOfVisitor: (visitorId) => setAsked({ recordingId, visitorId }),
  };
}

/** A recording that the API does not know: an erased one shows its erasure to those who may erase. */
function Gone({ target }: { target: Target }) {
  const { siteId } = useLibrary();
  const mayErase = useMayErase();
  const { isLoading } = useErasure(target, { isSought: mayErase ?? false });
  return isLoading || mayErase === undefined ? <Loading what="the recording" /> : <NoRecording siteId={siteId} />;
}

interface Start {
  readonly recording: SiteRecording;
  readonly atMs: number | undefined;
  readonly readPage: EventsReader;
  readonly onVisitorErased: (visitorId: string) => void;
}

/** What other hosts have is loaded in another frame, so the recording is opened anew, at the same moment. */
function Watching({ recording, atMs, readPage, onVisitorErased }: Start) {
  const { api } = useLibrary();
  const [opened, setOpened] = useState<Opened>({ count: 0, atMs, readPage, loadFrom: [], hasFailed: false });
  const open = (loadFrom: readonly string[], now: number | undefined, hasFailed = false): void =>
    setOpened(({ count }) => ({
      count: count + 1,
      atMs: now,
      readPage: createEventsReader(api, recording.recordingId),
      loadFrom: [...new Set(loadFrom)].sort(),
      hasFailed,
    }));
  return <Watched key={opened.count} recording={recording} {...opened} open={open} onVisitorErased={onVisitorErased} />;
}

interface Opened {
  readonly count: number;
  readonly atMs: number | undefined;
  readonly readPage: EventsReader;
  readonly loadFrom: readonly string[];
  readonly hasFailed: boolean;
}

function Watched({
  recording,
  count,
  atMs,
  readPage,
  loadFrom,
  hasFailed,
  open,
  onVisitorErased,
}: Opened & {
  recording: SiteRecording;
  /** Opens it anew at this moment, with what these origins have. */
  open: (loadFrom: readonly string[], atMs: number | undefined, hasFailed?: boolean) => void;
  onVisitorErased: (visitorId: string) => void;
}) {
  const { api, path, readAsset: shared, siteId } = useLibrary();
  const queries = useQueryClient();
  const [readAsset] = useState(() => recordingAssetReader(api, recording, {}, shared));
  const { recordingId, createdAtMs, pageUrl = '', userAgent } = recording;
  const screenshot = useScreenshot(recordingId, recording.hasScreenshot);
  const poster = useBlobUrl(screenshot.data);
  const newest = useRef(recording);
  newest.current = recording;
  const [filters] = useState(() => (atMs === undefined ? lastFilters(siteId) : {}));
  const { playback, state, setRoot } = usePlayback({
    readPage,
    readAsset,
    createdAtMs,
    userAgent,
    facts: () => newest.current,
    atMs,
    autoplay: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    loadFrom,
    onLoadFailed: () => open([], atMs, true),
    settings: SETTINGS,
    withRows: true,
    findStart: (rows) => matchingMoment(filters, rows)?.atMs,
  });
  useRecording(recordingId, { enabled: true, isLive: state.loaded === 'live' });
  useMomentInAddress(recordingId, state);
  const isGone = isNoRecording(state.error);
  useEffect(() => {
    if (isGone) lookAgainFor(queries, path, recordingId); // it was erased while it was watched, or has expired
  }, [isGone, queries, path, recordingId]);
  const match = useMemo(() => matchingMoment(filters, state.rows), [filters, state.rows]);
  return (
    <>
      <Player {...{ pageUrl, poster, playback, state, setRoot }} keys={NEIGHBOUR_KEYS}>
        <ShareButton recordingId={recordingId} timeMs={state.timeMs} />
      </Player>
      <div className="side">
        <Panels recording={recording} playback={playback} state={state} match={match} onVisitorErased={onVisitorErased}>
          <OtherHosts
            absent={state.absent}
            loaded={loadFrom}
            hasFailed={hasFailed}
            isFocused={count > 0}
            onLoad={(origins) => open(origins, state.timeMs)}
          />
        </Panels>
      </div>
    </>
  );
}
