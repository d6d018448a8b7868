import { SessionEndedError, UnreachableError, problemOf } from './errors';

/** Sends a request to the API as the signed-in user; resolves with a successful answer only. */
export type Api = (path: string, request?: RequestInit) => Promise<Response>;

export interface ApiOptions {
  /** Without a trailing slash. */
  readonly apiUrl: string;
  /** Resolves with a valid ID token; with `renew`, a new one. Rejects with `SessionEndedError` or `UnreachableError`. */
  readonly getToken: (options?: { renew: boolean }) => Promise<string>;
  /** @default the browser's */
  readonly fetch?: typeof globalThis.fetch;
}

/** Rejects with `ProblemError`, `UnreachableError`, `SessionEndedError`, or an `AbortError`. */
export function createApi({ apiUrl, getToken, fetch = (...request) => globalThis.fetch(...request) }: ApiOptions): Api {
  async function send(path: string, request: RequestInit, token: string): Promise<Response> {
    const headers = { ...request.headers, Authorization: `Bearer ${token}` };
    try {
      return await fetch(`${apiUrl}${path}`, { ...request, headers });
    } catch (cause) {
      if (request.signal?.aborted) throw cause;
      throw new UnreachableError('the API could not be reached', { cause });
    }
  }

  return async (path, request = {}) => {
    let answer = await send(path, request, await getToken());
    if (answer.status === 401) answer = await send(path, request, await getToken({ renew: true }));
    if (answer.status === 401) throw new SessionEndedError('the API does not take the token');
    if (!answer.ok) throw await problemOf(answer);
    return answer;
  };
}
