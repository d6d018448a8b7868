import { ProblemError } from '../api/errors';
import { Link } from '../routing/link';
import { useSessionState, useSite } from '../site-context';
import { LockIcon } from '../ui/icons';

/** Whether the API refused the token, which is not in the group of the site. */
export function isNotAWatcher(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 403;
}

/** Why the recordings of a site are closed to the signed-in user, and what to do about it. */
export function NotAWatcher({ siteId }: { siteId: string }) {
  const { session } = useSite();
  const state = useSessionState();
  const group = <code>site-{siteId}</code>;
  return (
    <div className="notice" role="alert">
      <LockIcon />
      <h1>You cannot watch the site {siteId}</h1>
      <p>
        Its recordings are open to members of the group {group}. You are signed in as{' '}
        <strong>{state.phase === 'signed-in' ? state.email : ''}</strong>, and were not in that group when you signed in.
      </p>
      <p>
        If you have been added since, or have another account that is in it, sign in again: the groups are read at sign-in,
        and you return to this address. Otherwise, ask the operator of this stack to add you to {group}.
      </p>
      <p className="actions">
        <button type="button" className="primary" onClick={() => void session.signOut(location.pathname + location.search)}>
          Sign in again, or as another user
        </button>
        <Link href="/" className="button">
          Go to my recordings
        </Link>
      </p>
    </div>
  );
}
