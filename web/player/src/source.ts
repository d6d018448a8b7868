/** A recording, by the address of its resource in the API. */
export interface Source {
  /** Without a trailing slash. */
  readonly apiUrl: string;
  /** `undefined` for a recording of the signed-in user. */
  readonly siteId: string | undefined;
  readonly recordingId: string;
}

/** An attribute is missing or wrong. The message says what it has to be. */
export class AttributeError extends Error {
  override readonly name = 'AttributeError';
}

/** As openapi.yaml has the path's parameters. */
const RESOURCE = /^(.+?)(?:\/sites\/([a-z][a-z0-9-]{0,30}))?\/recordings\/([A-Za-z0-9_-]{1,64})$/;
const FORM = '<apiUrl>/recordings/<id> or <apiUrl>/sites/<site>/recordings/<id>, where apiUrl is the stack’s output of that name';

/**
 * @param base resolves a relative address
 * @throws {AttributeError}
 */
export function sourceOf(src: string, base: string): Source {
  if (src.trim() === '') throw new AttributeError(`The attribute src is missing: it is ${FORM}.`);
  const url = urlOf(src.trim(), base);
  const [, apiUrl, siteId, recordingId] = RESOURCE.exec(url ? url.origin + url.pathname : '') ?? [];
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password;
  if (!isPlain || apiUrl === undefined || recordingId === undefined) {
    throw new AttributeError(`The attribute src is ${JSON.stringify(src)}. It has to be ${FORM}, without a query.`);
  }
  return { apiUrl, siteId, recordingId };
}

function urlOf(text: string, base: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
