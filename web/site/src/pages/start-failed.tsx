import { Mark } from '../ui/mark';
import { ProblemNotice } from '../ui/problem-notice';

/** The site could not even start: its configuration is not there. */
export function StartFailed({ error }: { error: unknown }) {
  return (
    <main className="welcome">
      <Mark />
      <ProblemNotice error={error} retry={() => location.reload()} isPage />
    </main>
  );
}
