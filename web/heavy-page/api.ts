/** Calls the API that `API_URL` names, and counts the requests. */

/** Requests since the start, and the bytes of their bodies. */
export const sent = { requests: 0, bytes: 0 };

export const apiUrl = needed('API_URL');

const token = needed('ID_TOKEN'); // not an argument: all users of a machine can read those

export const getToken = async (): Promise<string> => token;

export const countingFetch: typeof fetch = async (input, init) => {
  sent.requests += 1;
  sent.bytes += init?.body instanceof Uint8Array ? init.body.byteLength : 0;
  return fetch(input, init);
};

/**
 * Returns the answer. Throws an `Error` with its body if its status is not in `expected`.
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
