/** The API answered, but not with what was asked for: its problem+json (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    /** Of HTTP. */
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** Finds the request in the API's own log. */
    readonly requestId: string,
    /** Seconds that the API asks to wait; 0 if it does not. */
    readonly retryAfterS: number,
  ) {
    super(detail ? `${title}: ${detail}` : title);
  }
}

/** No answer came: there is no network, or nobody listens. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** Nobody is signed in any more. Only signing in again helps. */
export class SessionEndedError extends Error {
  override readonly name = 'SessionEndedError';
}

/** The error that a failed answer stands for, whatever its body is. */
export async function problemOf(answer: Response): Promise<ProblemError> {
  const body: unknown = await answer.json().catch(() => undefined);
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : '');
  return new ProblemError(
    answer.status,
    text('title') || `The API answered with ${answer.status}`,
    text('detail'),
    text('requestId'),
    Number(answer.headers.get('Retry-After')) || 0,
  );
}

/** Whether to try the same again may help without anybody doing anything. */
export function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  return error instanceof ProblemError && (error.status === 429 || error.status >= 500);
}
