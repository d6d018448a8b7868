import { Suspense, lazy, memo, useEffect } from 'react';
import type { Length } from '../api/beginning';
import { isRecent } from '../api/moment';
import { useBeginning, useScreenshot } from '../api/queries';
import type { SiteRecording } from 'contract';
import { ErrorBoundary } from '../ui/error-boundary';
import { FilmIcon } from '../ui/icons';
import { createTurns } from '../ui/turns';
import { useBlobUrl } from '../ui/use-blob-url';
import { useTurn } from '../ui/use-turn';
import { ago, counted, dateAndTime, readableUrl, shortened } from '../ui/words';
import { DeviceWords, Kept, LengthWords, Live, OpenLink, Tags, Troubles, Watched } from './recording-parts';
import { type ListedProps, useListed } from './use-listed';

/** It includes the player, which the list does not wait for. */
const FirstPicture = lazy(() => import('../player/first-picture').then((m) => ({ default: m.FirstPicture })));
/** Building a page keeps the browser busy: one at a time, and only when the list is done. */
const buildTurn = createTurns();

/** One recording in the list. Its picture and length are requested while it is near the screen. */
export const RecordingCard = memo(function RecordingCard({ recording, isWatched, nowMs }: ListedProps) {
  const { pageUrl = '', pages = [], clicks = 0 } = recording;
  const { element, isNear, loaded, setLoaded, length, visitor, atMs, isLive } = useListed(recording);
  const counts = [pages.length > 0 ? counted(pages.length, 'page') : '', clicks > 0 ? counted(clicks, 'click') : ''].filter(Boolean).join(' · ');
  return (
    <article className={isWatched ? 'card watched' : 'card'} ref={element}>
      <OpenLink recording={recording} />
      <p className="url" dir="auto">
        {shortened(readableUrl(pageUrl)) || 'no address'}
      </p>
      <time className="when" dateTime={new Date(atMs).toISOString()} title={dateAndTime(atMs)}>
        {ago(atMs, nowMs)}
      </time>
      <div className={loaded === undefined && isNear ? 'thumbnail loading-picture' : 'thumbnail'}>
        {loaded === null ? <NoEvents isNew={isRecent(atMs, NEW_MS, nowMs)} /> : <span className="letter" aria-hidden="true">{letterOf(recording)}</span>}
        {isNear ? <Picture recording={recording} onLength={setLoaded} /> : null}
        {isLive ? <Live className="badge" /> : null}
        {length && isInformative(length) ? (
          <span className="badge length">
            <LengthWords length={length} />
          </span>
        ) : null}
      </div>
      {visitor ? (
        <p className="visitor" dir="auto">
          {visitor}
        </p>
      ) : null}
      {counts ? <p className="counts">{counts}</p> : null}
      <Troubles recording={recording} />
      <DeviceWords recording={recording} />
      <Tags recording={recording} />
      {recording.kept ? <Kept /> : null}
      {isWatched ? <Watched /> : null}
    </article>
  );
});

/** The screenshot, or the first picture; nothing if there is none, or if it is too large for a list. */
function Picture({ recording, onLength }: { recording: SiteRecording; onLength: (length: Length | null) => void }) {
  const { recordingId, hasScreenshot } = recording;
  const screenshot = useScreenshot(recordingId, hasScreenshot);
  const url = useBlobUrl(screenshot.data);
  const { data: beginning, isError } = useBeginning(recordingId);
  useEffect(() => {
    if (beginning === undefined && !isError) return;
    const { picture: _, ...length } = beginning ?? { picture: [], ...NOTHING_LOADED }; // which is released when this component is removed
    onLength(beginning === null ? null : length);
  }, [beginning, isError, onLength]);
  if (url) return <img src={url} alt="" decoding="async" />;
  if (!beginning || beginning.picture.length === 0 || screenshot.isFetching || screenshot.data) return null;
  return <Still recording={recording} lines={beginning.picture} />;
}

/** Of a beginning that could not be loaded. */
const NOTHING_LOADED: Length = { durationMs: 0, atLeast: true, lastEventAtMs: 0, endMark: undefined };

/** A recording may have none for this long: they are sent a moment after it is created. */
const NEW_MS = 10 * 60_000;

function NoEvents({ isNew }: { isNew: boolean }) {
  return (
    <span className="no-events">
      <FilmIcon />
      {isNew ? 'No events yet' : 'No events'}
    </span>
  );
}

function Still({ recording, lines }: { recording: SiteRecording; lines: readonly string[] }) {
  const { hasTurn, end } = useTurn(buildTurn);
  if (!hasTurn) return null;
  return (
    <ErrorBoundary fallback={() => null}>
      <Suspense>
        <FirstPicture recording={recording} lines={lines} onEnd={end} />
      </Suspense>
    </ErrorBoundary>
  );
}

/** Whether more is known than that the recording has started. */
function isInformative({ durationMs, atLeast }: Pick<Length, 'durationMs' | 'atLeast'>): boolean {
  return !atLeast || durationMs > 0;
}

function letterOf({ pageTitle = '', pageUrl = '' }: SiteRecording): string {
  const [first = '?'] = (pageTitle.trim() || readableUrl(pageUrl)).trim(); // a whole character, which may be two code units
  return first.toUpperCase();
}
