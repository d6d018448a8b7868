import { useEffect, useState } from 'react';
import { goTo } from '../routing/location';
import { useSite } from '../site-context';
import { Loading } from '../ui/loading';
import { Mark } from '../ui/mark';

/** Where the managed login comes back to: exchanges the code, and goes on to where the user was. */
export function SignedInPage() {
  const { session } = useSite();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const url = location.href;
    history.replaceState(null, '', location.pathname); // the code works once, but has no business in the history
    session.finishSignIn(url).then((next) => goTo(next, { replace: true }), setError);
  }, [session]);
  return (
    <main className="welcome">
      <Mark />
      {error === undefined ? (
        <Loading what="your session" />
      ) : (
        <>
          <h1>Signing in did not work</h1>
          <p>The sign-in may have been left open too long, or begun in another tab.</p>
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
