import type { SiteRecording } from 'contract';
import { Fragment, type ReactNode } from 'react';
import { DeleteRecording } from '../erasure/delete-recording';
import { KeepRecording } from '../keeping/keep-recording';
import { Link } from '../routing/link';
import { lastListPath } from '../routing/location';
import { useLibrary } from '../site-context';
import { BackIcon, DownIcon, UpIcon } from '../ui/icons';
import { PageAddress } from '../ui/page-address';
import { DownloadMenu } from './download-menu';
import { useNeighbours } from './use-neighbours';
import { titleOf } from './visitor-facts';

/** What is above a recording: the ways to the list and to the recordings beside it, its title and its address. */
export function RecordingHead({ recordingId, recording }: { recordingId: string; recording: SiteRecording | undefined }) {
  const { siteId } = useLibrary();
  const { previous, next } = useNeighbours(recordingId);
  return (
    <div className="head">
      <Link href={lastListPath(siteId)} className="back">
        <BackIcon />
        {siteId === undefined ? 'Recordings' : `Recordings of ${siteId}`}
      </Link>
      <div className="title">
        {recording ? (
          <>
            <h1 title={recording.pageTitle} dir="auto">
              {titleOf(recording)}
            </h1>
            <PageAddress url={recording.pageUrl ?? ''} />
          </>
        ) : null}
      </div>
      <div className="actions">
        {recording ? (
          <Fragment key={recordingId}>
            <DownloadMenu recording={recording} />
            <KeepRecording recording={recording} />
            <DeleteRecording recording={recording} />
          </Fragment>
        ) : null}
        {previous || next ? (
          <>
            <Neighbour path={previous} name="Previous recording" title="Previous recording of the list (Shift ↑)">
              <UpIcon />
            </Neighbour>
            <Neighbour path={next} name="Next recording" title="Next recording of the list (Shift ↓)">
              <DownIcon />
            </Neighbour>
          </>
        ) : null}
      </div>
    </div>
  );
}

/** A link, or its place where the list ends. */
function Neighbour({ path, name, title, children }: { path: string | undefined; name: string; title: string; children: ReactNode }) {
  return path === undefined ? (
    <button type="button" className="icon-only" aria-label={name} disabled>
      {children}
    </button>
  ) : (
    <Link href={path} className="button icon-only" aria-label={name} title={title}>
      {children}
    </Link>
  );
}
