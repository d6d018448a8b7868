import { ProblemError } from '../api/errors';
import { useLibrary } from '../site-context';
import { ProblemNotice } from '../ui/problem-notice';
import { NotAWatcher } from './not-a-watcher';

/** Why a library or one of its recordings cannot be shown. */
export function LibraryProblem({ error, retry, isPage }: { error: unknown; retry: () => void; isPage?: boolean }) {
  const { siteId } = useLibrary();
  if (siteId !== undefined && error instanceof ProblemError && error.status === 403) return <NotAWatcher siteId={siteId} />;
  return <ProblemNotice error={error} retry={retry} isPage={isPage ?? false} />;
}
