/** The API answered with an error: its problem+json (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    /** Of HTTP. */
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** The request's id in the API's log. */
    readonly requestId: string,
    /** Seconds to wait before trying again, as the API asks; 0 if it does not. */
    readonly retryAfterS: number,
  ) {
    super(detail ? `${title}: ${detail}` : title);
  }
}

/** No usable answer came: there is no network, or the server is down. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The session has ended. The user has to sign in again. */
export class SessionEndedError extends Error {
  override readonly name = 'SessionEndedError';
}

/** The error for a failed answer, whatever its body is. */
export async function problemOf(answer: Response): Promise<ProblemError> {
  const body: unknown = await answer.json().catch(() => undefined);
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : '');
  return new ProblemError(
    answer.status,
    text('title') || `The API returned status ${answer.status}`,
    text('detail'),
    text('requestId'),
    Number(answer.headers.get('Retry-After')) || 0,
  );
}

/** Whether the same request may succeed later, without the user doing anything. */
export function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  return error instanceof ProblemError && (error.status === 429 || error.status >= 500);
}
