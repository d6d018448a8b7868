import { Mark } from '../ui/mark';
import { ProblemNotice } from '../ui/problem-notice';

/** Shown when the site cannot start, because its configuration is missing. */
export function StartFailed({ error }: { error: unknown }) {
  return (
    <main className="welcome">
      <Mark />
      <ProblemNotice error={error} retry={() => location.reload()} isPage />
    </main>
  );
}
