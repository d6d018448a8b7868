import { useEffect, useState } from 'react';
import { useSite } from '../site-context';
import { Loading } from '../ui/loading';
import { Mark } from '../ui/mark';
import { ProblemNotice } from '../ui/problem-notice';

/** Shown on every page to a user who is not signed in; signing in leads to that page. A link that opens a new tab needs no press. */
export function WelcomePage({ ended }: { ended: boolean }) {
  const { session } = useSite();
  const [error, setError] = useState<unknown>();
  const [isKnown] = useState(session.takeKnownUser);
  const signIn = () => session.signIn(location.pathname + location.search + location.hash).catch(setError);
  useEffect(() => {
    if (isKnown) void signIn();
  }, [isKnown]);
  if (isKnown && error === undefined) {
    return (
      <main className="welcome">
        <Mark />
        <Loading what="your session" />
      </main>
    );
  }
  return (
    <main className="welcome">
      <Mark />
      <h1>{ended ? 'Your session has ended' : 'See what your users saw'}</h1>
      <p>
        {ended
          ? 'Sign in again to return to where you were.'
          : 'Session recordings, replayed and live. They stay in your own AWS account, where no one else can see them.'}
      </p>
      <button type="button" className="primary large" onClick={() => void signIn()}>
        {ended ? 'Sign in again' : 'Sign in'}
      </button>
      {error === undefined ? null : <ProblemNotice error={error} />}
    </main>
  );
}
