import { ProblemError, SessionEndedError, UnreachableError } from 'site/src/api/errors';
import type { Source } from './source';

/** Why a recording could not be opened, as an error that says what to do about it on a page that is not the replay site. */
export function explained(error: unknown, { apiUrl, siteId }: Source, origin: string): unknown {
  if (error instanceof SessionEndedError) {
    return problem(401, 'The token is not accepted', 'It may have expired, or it is no ID token of the stack’s user pool. Set another one.');
  }
  if (error instanceof UnreachableError) {
    return problem(0, 'The API cannot be reached', `${apiUrl} did not respond to a page of ${origin}. Is it the stack’s output apiUrl, and does the stack’s setting allowOrigin let this origin in?`);
  }
  if (error instanceof SyntaxError) {
    return problem(0, 'This is not the API', `${apiUrl} returned something else than JSON. Is it the stack’s output apiUrl?`);
  }
  if (!(error instanceof ProblemError)) return error;
  if (error.status === 403 && siteId !== undefined) {
    return problem(403, `This user cannot watch the site ${siteId}`, `Its recordings are open to members of the group site-${siteId}. Groups are read at sign-in.`, error.requestId);
  }
  if (error.status === 404) {
    const detail = siteId === undefined ? 'A recording of a signed-in user opens for that user alone. ' : '';
    return problem(404, 'There is no such recording', `${detail}It may have expired or been erased, or its address may be incomplete.`, error.requestId);
  }
  return error;
}

function problem(status: number, title: string, detail: string, requestId = ''): ProblemError {
  return new ProblemError(status, title, detail, requestId, 0);
}
