import type { SiteRecording } from 'contract';
import { useMemo } from 'react';
import { useOtherRecordings } from '../api/queries';
import { beganAtMs } from '../api/moment';
import { EraseVisitor } from '../erasure/erase-visitor';
import { Link } from '../routing/link';
import { recordingPath } from '../routing/route';
import { useLibrary } from '../site-context';
import { Loading } from '../ui/loading';
import { ProblemNotice } from '../ui/problem-notice';
import { clock, counted, dateAndTime } from '../ui/words';
import { recordingFacts } from './facts';
import type { PanelProps } from './panels';
import { Values } from './row-list';

/** Everything that is known of the recording as a whole. */
export function DetailsPanel({ state, recording, onVisitorErased }: PanelProps) {
  const { siteId } = useLibrary();
  const { visitorId } = recording;
  const { events } = state.rows;
  const user = useMemo(() => events.findLast(({ kind }) => kind === 'user'), [events]);
  return (
    <div className="details" tabIndex={0} role="group" aria-label="All details">
      <Values of={recordingFacts(recording)} />
      {user?.detail ? (
        <section>
          <h2>What the page said of the user</h2>
          <pre>{user.detail}</pre>
        </section>
      ) : null}
      {siteId !== undefined && visitorId ? <OtherRecordings siteId={siteId} visitorId={visitorId} recording={recording} onErased={() => onVisitorErased(visitorId)} /> : null}
    </div>
  );
}

function OtherRecordings({
  siteId,
  visitorId,
  recording,
  onErased,
}: {
  siteId: string;
  visitorId: string;
  recording: SiteRecording;
  onErased: () => void;
}) {
  const { data, error, refetch } = useOtherRecordings(visitorId);
  const others = (data?.recordings ?? []).filter(({ recordingId }) => recordingId !== recording.recordingId);
  return (
    <section>
      <h2>Other recordings of this visitor</h2>
      {error ? <ProblemNotice error={error} retry={() => void refetch()} /> : null}
      {data || error ? null : <Loading what="them" />}
      {data && others.length === 0 ? <p className="small">There are none.</p> : null}
      <ul className="others">
        {others.map((other) => (
          <li key={other.recordingId}>
            <Link href={recordingPath(siteId, other.recordingId)}>{dateAndTime(beganAtMs(other))}</Link>
            <span className="small">
              {[other.durationMs === undefined ? '' : clock(other.durationMs), other.errors ? counted(other.errors, 'error') : ''].filter(Boolean).join(' · ')}
            </span>
            <bdi className="text">{other.pageTitle}</bdi>
          </li>
        ))}
      </ul>
      {data?.nextCursor === undefined ? null : <p className="small">Older ones are in the list, by the filter “Visitor”.</p>}
      <EraseVisitor
        siteId={siteId}
        visitorId={visitorId}
        known={data && others.length + 1}
        hasMore={data?.nextCursor !== undefined}
        onStarted={onErased}
      />
    </section>
  );
}
