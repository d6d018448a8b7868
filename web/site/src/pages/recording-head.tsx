import type { SiteRecording } from 'contract';
import { Link } from '../routing/link';
import { lastListPath } from '../routing/location';
import { useLibrary } from '../site-context';
import { BackIcon } from '../ui/icons';
import { PageAddress } from '../ui/page-address';

/** What is above a recording: the way back, its title and its address. */
export function RecordingHead({ recording }: { recording: SiteRecording | undefined }) {
  const { siteId } = useLibrary();
  return (
    <div className="head">
      <Link href={lastListPath(siteId)} className="back">
        <BackIcon />
        {siteId === undefined ? 'Recordings' : `Recordings of ${siteId}`}
      </Link>
      {recording ? (
        <div className="title">
          <h1 title={recording.pageTitle}>{recording.pageTitle || 'Untitled page'}</h1>
          <PageAddress url={recording.pageUrl ?? ''} />
        </div>
      ) : null}
    </div>
  );
}
