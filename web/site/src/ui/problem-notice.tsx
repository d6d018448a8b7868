import { ProblemError, SessionEndedError, UnreachableError } from '../api/errors';
import { AlertIcon } from './icons';

/** An error, in the API's own words, and a button to try again. */
export function ProblemNotice({
  error,
  retry,
  isPage = false,
}: {
  error: unknown;
  retry?: (() => void) | undefined;
  /** Whether it is the only content of the page. */
  isPage?: boolean;
}) {
  const Heading = isPage ? 'h1' : 'h2';
  const { title, detail, requestId } = wordsFor(error);
  return (
    <div className="notice" role="alert">
      <AlertIcon />
      <Heading>{title}</Heading>
      <p>{detail}</p>
      {requestId ? (
        <p className="small">
          Request <code>{requestId}</code>
        </p>
      ) : null}
      {retry ? (
        <button type="button" className="primary" onClick={retry}>
          Try again
        </button>
      ) : null}
    </div>
  );
}

/** What an error says to a user. */
export function wordsFor(error: unknown): { title: string; detail: string; requestId?: string } {
  if (error instanceof ProblemError) return error;
  if (error instanceof SessionEndedError) {
    return { title: 'Your session has ended', detail: 'Sign in again to continue.' };
  }
  if (error instanceof UnreachableError) {
    return navigator.onLine
      ? { title: 'The API cannot be reached', detail: 'It did not respond. It may be back in a moment.' }
      : { title: 'You are offline', detail: 'Try again when the network is back.' };
  }
  return { title: 'Something went wrong', detail: error instanceof Error ? error.message : String(error) };
}
