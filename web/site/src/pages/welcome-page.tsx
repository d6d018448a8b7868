import { useState } from 'react';
import { useSite } from '../site-context';
import { Mark } from '../ui/mark';
import { ProblemNotice } from '../ui/problem-notice';

/** Who is not signed in sees this, whatever page they asked for; signing in leads there. */
export function WelcomePage({ ended }: { ended: boolean }) {
  const { session } = useSite();
  const [error, setError] = useState<unknown>();
  const signIn = () => session.signIn(location.pathname + location.search + location.hash).catch(setError);
  return (
    <main className="welcome">
      <Mark />
      <h1>{ended ? 'Your session has ended' : 'See what your users saw'}</h1>
      <p>
        {ended
          ? 'Sign in again, and you are back where you were.'
          : 'Session recordings, played back and live. They are kept in your own AWS account, and nobody else sees them.'}
      </p>
      <button type="button" className="primary large" onClick={() => void signIn()}>
        {ended ? 'Sign in again' : 'Sign in'}
      </button>
      {error === undefined ? null : <ProblemNotice error={error} />}
    </main>
  );
}
