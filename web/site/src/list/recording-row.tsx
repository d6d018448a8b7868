import { type ReactNode, memo, useEffect } from 'react';
import type { Length } from '../api/beginning';
import { useBeginning } from '../api/queries';
import { ago, dateAndTime, readableUrl, shortened } from '../ui/words';
import { DeviceWords, Kept, LengthWords, Live, OpenLink, Tags, Troubles, Watched } from './recording-parts';
import { type ListedProps, useListed } from './use-listed';

/** What the columns are, above them. Each cell also has its name for screen readers. */
export function RowsHead() {
  return (
    <div className="rows-head" aria-hidden="true">
      <span>Page</span>
      <span>Visitor</span>
      <span>When</span>
      <span className="number">Length</span>
      <span className="number">Pages</span>
      <span className="number">Clicks</span>
      <span>Went wrong</span>
      <span>Browser and tags</span>
    </div>
  );
}

/** One recording as a line. Its length is requested only if its facts lack it, while it is near the screen. */
export const RecordingRow = memo(function RecordingRow({ recording, isWatched, nowMs }: ListedProps) {
  const { recordingId, pageUrl = '', pages = [], clicks, durationMs } = recording;
  const { element, isNear, loaded, setLoaded, length, visitor, atMs, isLive } = useListed(recording);
  return (
    <article className={isWatched ? 'recording-row watched' : 'recording-row'} ref={element}>
      {isNear && durationMs === undefined ? <LoadLength recordingId={recordingId} onLength={setLoaded} /> : null}
      <div className="page">
        <OpenLink recording={recording} />
        <p className="url" dir="auto">
          {shortened(readableUrl(pageUrl)) || 'no address'}
        </p>
      </div>
      <Cell name="Visitor" className="visitor" value={visitor ? <bdi>{visitor}</bdi> : ''} />
      <div className="when">
        <time dateTime={new Date(atMs).toISOString()} title={dateAndTime(atMs)}>
          {ago(atMs, nowMs)}
        </time>
        {isLive ? <Live /> : null}
        {recording.kept ? <Kept /> : null}
        {isWatched ? <Watched /> : null}
      </div>
      <div className="number length">
        {loaded === null && length === undefined ? <span className="small">no events</span> : null}
        {length ? <LengthWords length={length} /> : null}
      </div>
      <Cell name="Pages" className="number" value={pages.length > 0 ? pages.length : ''} />
      <Cell name="Clicks" className="number" value={clicks?.toLocaleString('en') ?? ''} />
      <div className="wrong">
        <Troubles recording={recording} />
      </div>
      <div className="about">
        <DeviceWords recording={recording} />
        <Tags recording={recording} />
      </div>
    </article>
  );
});

function Cell({ name, className, value }: { name: string; className: string; value: ReactNode }) {
  return (
    <div className={className} data-name={name}>
      {value === '' ? null : <span className="unseen">{name}: </span>}
      {value}
    </div>
  );
}

function LoadLength({ recordingId, onLength }: { recordingId: string; onLength: (length: Length | null) => void }) {
  const { data } = useBeginning(recordingId);
  useEffect(() => {
    if (data === undefined) return;
    onLength(data && { durationMs: data.durationMs, atLeast: data.atLeast, lastEventAtMs: data.lastEventAtMs, endMark: data.endMark });
  }, [data, onLength]);
  return null;
}
