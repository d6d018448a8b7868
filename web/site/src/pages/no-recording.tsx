import { ProblemError } from '../api/errors';
import { Link } from '../routing/link';
import { recordingsPath } from '../routing/route';
import { useSessionState, useSite } from '../site-context';
import { FilmIcon } from '../ui/icons';

/** Whether the API knows no such recording of this owner. */
export function isNoRecording(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 404;
}

/** Why a link may lead to no recording, and what to do about it. */
export function NoRecording({ siteId }: { siteId: string | undefined }) {
  const { session } = useSite();
  const state = useSessionState();
  const email = <strong>{state.phase === 'signed-in' ? state.email : ''}</strong>;
  return (
    <div className="notice" role="alert">
      <FilmIcon />
      <h1>{siteId === undefined ? 'You have no such recording' : `${siteId} has no such recording`}</h1>
      {siteId === undefined ? (
        <p>
          You are signed in as {email}. A recording of a signed-in user opens for that user alone, so a link to another
          user&rsquo;s recording leads here.
        </p>
      ) : null}
      <p>It may also have expired or been deleted, or its address may be incomplete.</p>
      <p className="actions">
        <Link href={recordingsPath(siteId)} className="button primary">
          {siteId === undefined ? 'Go to my recordings' : `Go to the recordings of ${siteId}`}
        </Link>
        {siteId === undefined ? (
          <button type="button" onClick={() => void session.signOut(location.pathname + location.search)}>
            Switch account
          </button>
        ) : null}
      </p>
    </div>
  );
}
