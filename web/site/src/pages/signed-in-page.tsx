import { useEffect, useState } from 'react';
import { goTo } from '../routing/location';
import { useSite } from '../site-context';
import { Loading } from '../ui/loading';
import { Mark } from '../ui/mark';

/** The managed login returns here: exchanges the code, and goes on to where the user was. */
export function SignedInPage() {
  const { session } = useSite();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const url = location.href;
    history.replaceState(null, '', location.pathname); // the code works only once, but does not belong in the history
    session.finishSignIn(url).then((next) => goTo(next, { replace: true }), setError);
  }, [session]);
  return (
    <main className="welcome">
      <Mark />
      {error === undefined ? (
        <Loading what="your session" />
      ) : (
        <>
          <h1>Sign-in failed</h1>
          <p>The sign-in page may have been open too long, or sign-in was started in another tab.</p>
          <button type="button" className="primary large" onClick={() => void session.signIn('/').catch(setError)}>
            Sign in again
          </button>
          <p className="small" role="alert">
            {error instanceof Error ? error.message : String(error)}
          </p>
        </>
      )}
    </main>
  );
}
