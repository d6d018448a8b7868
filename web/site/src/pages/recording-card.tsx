import { Suspense, lazy, useEffect, useRef, useState } from 'react';
import { beganAtMs, isRecent } from '../api/moment';
import { useBeginning, useScreenshot } from '../api/queries';
import type { Recording } from '../api/recordings';
import { Link } from '../routing/link';
import { recordingPath } from '../routing/route';
import { ErrorBoundary } from '../ui/error-boundary';
import { useBlobUrl } from '../ui/use-blob-url';
import { ago, clock, dateAndTime, readableUrl, spoken } from '../ui/words';

const LIVE_WITHIN_MS = 20_000;
/** With the player, which the list does not wait for. */
const FirstPicture = lazy(() => import('../player/first-picture').then((m) => ({ default: m.FirstPicture })));

/** One recording in the list. Its picture and length are asked for when it comes near the screen. */
export function RecordingCard({ recording }: { recording: Recording }) {
  const { recordingId, pageUrl = '', pageTitle, hasScreenshot } = recording;
  const element = useRef<HTMLAnchorElement>(null);
  const { isNear, wasNear } = useNear(element);
  const picture = useBlobUrl(useScreenshot(recordingId, wasNear && hasScreenshot).data);
  const { data: beginning } = useBeginning(recordingId, wasNear);
  const now = Date.now();
  const isLive = beginning ? isRecent(beginning.lastEventAtMs, LIVE_WITHIN_MS, now) : false;
  const atMs = beganAtMs(recording);
  return (
    <Link href={recordingPath(recordingId)} className="card" ref={element}>
      <div className="thumbnail">
        {picture ? <img src={picture} alt="" /> : <span className="letter" aria-hidden="true">{letterOf(pageTitle, pageUrl)}</span>}
        {isNear && !hasScreenshot && beginning && beginning.picture.length > 0 ? (
          <ErrorBoundary fallback={() => null}>
            <Suspense>
              <FirstPicture lines={beginning.picture} />
            </Suspense>
          </ErrorBoundary>
        ) : null}
        {isLive ? (
          <span className="badge live">
            <span className="dot" aria-hidden="true" />
            Live
          </span>
        ) : null}
        {beginning ? (
          <span className="badge length">
            <span aria-hidden="true">
              {clock(beginning.durationMs)}
              {beginning.atLeast ? '+' : ''}
            </span>
            <span className="unseen">
              {beginning.atLeast ? 'more than ' : ''}
              {spoken(beginning.durationMs)}
            </span>
          </span>
        ) : null}
      </div>
      <span className="title">{pageTitle || 'Untitled page'}</span>
      <span className="url">{readableUrl(pageUrl) || 'no address'}</span>
      <time className="when" dateTime={new Date(atMs).toISOString()} title={dateAndTime(atMs)}>
        {ago(atMs, now)}
      </time>
    </Link>
  );
}

/** Whether the element is near the screen, and whether it ever was. */
function useNear(element: { readonly current: Element | null }): { isNear: boolean; wasNear: boolean } {
  const [isNear, setNear] = useState(false);
  const [wasNear, setWasNear] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        setNear(entry!.isIntersecting);
        if (entry!.isIntersecting) setWasNear(true);
      },
      { rootMargin: '200px' },
    );
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, [element]);
  return { isNear, wasNear };
}

function letterOf(title: string | undefined, url: string): string {
  const [first = '?'] = (title || readableUrl(url)).trim(); // a whole character, which may be two of a string
  return first.toUpperCase();
}
