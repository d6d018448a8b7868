import { useEffect, useState } from 'react';
import { goTo } from '../routing/location';
import { useSite } from '../site-context';
import { Loading } from '../ui/loading';
import { Mark } from '../ui/mark';
import { ProblemNotice } from '../ui/problem-notice';

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
        <ProblemNotice error={error} retry={() => void session.signIn('/')} />
      )}
    </main>
  );
}
