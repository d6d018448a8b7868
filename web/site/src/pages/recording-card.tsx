import { Suspense, lazy, useEffect, useRef, useState } from 'react';
import type { Length } from '../api/beginning';
import { livenessOf } from '../api/liveness';
import { beganAtMs } from '../api/moment';
import { useBeginning, useScreenshot } from '../api/queries';
import type { SiteRecording } from 'contract';
import { Link } from '../routing/link';
import { recordingPath } from '../routing/route';
import { useLibrary } from '../site-context';
import { ErrorBoundary } from '../ui/error-boundary';
import { createTurns } from '../ui/turns';
import { useBlobUrl } from '../ui/use-blob-url';
import { useTurn } from '../ui/use-turn';
import { ago, clock, dateAndTime, readableUrl, spoken } from '../ui/words';
import { lengthOf, visitorLine } from './visitor-facts';

/** It includes the player, which the list does not wait for. */
const FirstPicture = lazy(() => import('../player/first-picture').then((m) => ({ default: m.FirstPicture })));
/** Building a page keeps the browser busy: one at a time, and only when the list is done. */
const buildTurn = createTurns();

/** One recording in the list. Its picture and length are requested while it is near the screen. */
export function RecordingCard({ recording }: { recording: SiteRecording }) {
  const { siteId } = useLibrary();
  const { recordingId, pageUrl = '', pageTitle } = recording;
  const element = useRef<HTMLAnchorElement>(null);
  const isNear = useNear(element);
  const [loaded, setLoaded] = useState<Length>();
  const length = lengthOf(recording, loaded);
  const visitor = visitorLine(recording);
  const now = Date.now();
  const isLive = loaded ? livenessOf(loaded, now) === 'live' : false;
  const atMs = beganAtMs(recording);
  return (
    <Link href={recordingPath(siteId, recordingId)} className="card" ref={element}>
      <div className="thumbnail">
        <span className="letter" aria-hidden="true">{letterOf(pageTitle, pageUrl)}</span>
        {isNear ? <Picture recording={recording} onLength={setLoaded} /> : null}
        {isLive ? (
          <span className="badge live">
            <span className="dot" aria-hidden="true" />
            Live
          </span>
        ) : null}
        {length && isInformative(length) ? (
          <span className="badge length">
            <span aria-hidden="true">
              {clock(length.durationMs)}
              {length.atLeast ? '+' : ''}
            </span>
            <span className="unseen">
              {length.atLeast ? 'more than ' : ''}
              {spoken(length.durationMs)}
            </span>
          </span>
        ) : null}
      </div>
      <span className="title">{pageTitle || 'Untitled page'}</span>
      <span className="url">{readableUrl(pageUrl) || 'no address'}</span>
      <time className="when" dateTime={new Date(atMs).toISOString()} title={dateAndTime(atMs)}>
        {ago(atMs, now)}
      </time>
      {visitor ? <span className="visitor">{visitor}</span> : null}
    </Link>
  );
}

/** The screenshot, or the first picture; nothing if there is none, or if it is too large for a list. */
function Picture({
  recording: { recordingId, hasScreenshot },
  onLength,
}: {
  recording: SiteRecording;
  onLength: (length: Length) => void;
}) {
  const screenshot = useScreenshot(recordingId, hasScreenshot);
  const url = useBlobUrl(screenshot.data);
  const { data: beginning } = useBeginning(recordingId);
  useEffect(() => {
    if (!beginning) return;
    const { picture: _, ...length } = beginning; // which is released when this component is removed
    onLength(length);
  }, [beginning, onLength]);
  if (url) return <img src={url} alt="" decoding="async" />;
  if (!beginning || beginning.picture.length === 0 || screenshot.isFetching || screenshot.data) return null;
  return <Still lines={beginning.picture} />;
}

function Still({ lines }: { lines: readonly string[] }) {
  const { hasTurn, end } = useTurn(buildTurn);
  if (!hasTurn) return null;
  return (
    <ErrorBoundary fallback={() => null}>
      <Suspense>
        <FirstPicture lines={lines} onEnd={end} />
      </Suspense>
    </ErrorBoundary>
  );
}

/** Whether more is known than that the recording has started. */
function isInformative({ durationMs, atLeast }: Pick<Length, 'durationMs' | 'atLeast'>): boolean {
  return !atLeast || durationMs > 0;
}

function useNear(element: { readonly current: Element | null }): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => setNear(entry!.isIntersecting), { rootMargin: '200px' });
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, [element]);
  return isNear;
}

function letterOf(title: string | undefined, url: string): string {
  const [first = '?'] = (title || readableUrl(url)).trim(); // a whole character, which may be two code units
  return first.toUpperCase();
}
