/** The stack's API, as its environment names it, with a count of what is sent. */

/** Of the requests since the start; a body as it is sent, without heads. */
export const sent = { requests: 0, bytes: 0 };

export const apiUrl = needed('API_URL');

const token = needed('ID_TOKEN'); // not an argument: those of a process are shown to everybody

export const getToken = async (): Promise<string> => token;

export const countingFetch: typeof fetch = async (input, init) => {
  sent.requests += 1;
  sent.bytes += init?.body instanceof Uint8Array ? init.body.byteLength : 0;
  return fetch(input, init);
};

/**
 * Throws an `Error` with the whole answer if it is none of `expected`.
 */
export async function request(
  method: string,
  path: string,
  expected: readonly number[],
  init: RequestInit = {},
): Promise<Response> {
  const headers = { ...init.headers, Authorization: `Bearer ${token}` };
  const answer = await countingFetch(`${apiUrl}${path}`, { ...init, method, headers });
  if (expected.includes(answer.status)) return answer;
  throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`);
}

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}
