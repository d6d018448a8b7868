import { useEffect, useMemo, useState } from 'react';
import { type EventsReader, createEventsReader } from '../api/events';
import { useRecording, useScreenshot } from '../api/queries';
import type { SiteRecording } from 'contract';
import { matchingMoment } from '../panels/matching-moment';
import { Panels } from '../panels/panels';
import { OtherHosts } from '../player/other-hosts';
import { Player } from '../player/player';
import { createSettingsStore } from '../player/settings';
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
import { RecordingHead, titleOf } from './recording-head';

const SETTINGS = createSettingsStore(() => localStorage);

export function RecordingPage({ recordingId, atMs }: { recordingId: string; atMs: number | undefined }) {
  const { api, siteId } = useLibrary();
  const readPage = useMemo(() => createEventsReader(api, recordingId), [api, recordingId]);
  const { data, error, refetch } = useRecording(recordingId);
  const title = data && titleOf(data);
  useEffect(() => (title === undefined ? undefined : showTitle(title, siteId)), [title, siteId]);
  if (siteId !== undefined && isNotAWatcher(error)) return <NotAWatcher siteId={siteId} />;
  if (isNoRecording(error)) return <NoRecording siteId={siteId} />;
  return (
    <div className="recording">
      <RecordingHead recordingId={recordingId} recording={data} />
      {data ? <Watching key={recordingId} recording={data} atMs={atMs} readPage={readPage} /> : null}
      {error ? <ProblemNotice error={error} retry={() => void refetch()} isPage /> : null}
      {data || error ? null : <Loading what="the recording" />}
    </div>
  );
}

interface Start {
  readonly recording: SiteRecording;
  readonly atMs: number | undefined;
  readonly readPage: EventsReader;
}

/** What other hosts have is loaded in another frame, so the recording is opened anew, at the same moment. */
function Watching({ recording, atMs, readPage }: Start) {
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
  return <Watched key={opened.count} recording={recording} {...opened} open={open} />;
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
}: Opened & {
  recording: SiteRecording;
  /** Opens it anew at this moment, with what these origins have. */
  open: (loadFrom: readonly string[], atMs: number | undefined, hasFailed?: boolean) => void;
}) {
  const { readAsset, siteId } = useLibrary();
  const { recordingId, createdAtMs, pageUrl = '', userAgent } = recording;
  const screenshot = useScreenshot(recordingId, recording.hasScreenshot);
  const poster = useBlobUrl(screenshot.data);
  const [filters] = useState(() => (atMs === undefined ? lastFilters(siteId) : {}));
  const { playback, state, setRoot } = usePlayback({
    readPage,
    readAsset,
    createdAtMs,
    userAgent,
    atMs,
    autoplay: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    loadFrom,
    onLoadFailed: () => open([], atMs, true),
    settings: SETTINGS,
    withRows: true,
    findStart: (rows) => matchingMoment(filters, rows)?.atMs,
  });
  useMomentInAddress(recordingId, state);
  const match = useMemo(() => matchingMoment(filters, state.rows), [filters, state.rows]);
  return (
    <>
      <Player {...{ recordingId, pageUrl, poster, playback, state, setRoot }} />
      <div className="side">
        <Panels recording={recording} playback={playback} state={state} match={match}>
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
