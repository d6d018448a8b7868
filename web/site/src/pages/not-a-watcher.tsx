import { Link } from '../routing/link';
import { useSessionState, useSite } from '../site-context';
import { LockIcon } from '../ui/icons';

/** Why the recordings of a site are closed to the signed-in user, and what to do about it. */
export function NotAWatcher({ siteId }: { siteId: string }) {
  const { session } = useSite();
  const state = useSessionState();
  const again = () => void session.signOut(location.pathname + location.search);
  return (
    <div className="notice" role="alert">
      <LockIcon />
      <h1>You do not watch the site {siteId}</h1>
      <p>
        Its recordings are for members of the group <code>site-{siteId}</code>. You are signed in as{' '}
        <strong>{state.phase === 'signed-in' ? state.email : ''}</strong>, and your session is not in that group.
      </p>
      <p>
        If you should be, ask whoever runs this stack to add you to it. A session has the groups that it had at sign-in, so
        sign in again afterwards. If you are in it under another name, sign in with that one. Either way you return to this
        address.
      </p>
      <p className="actions">
        <button type="button" className="primary" onClick={again}>
          Sign out and in again
        </button>
        <Link href="/" className="button">
          Go to my recordings
        </Link>
      </p>
    </div>
  );
}
