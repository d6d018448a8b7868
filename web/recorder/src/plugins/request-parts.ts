/** Reads what is recorded of a request, from the arguments of `fetch` and `XMLHttpRequest`. */
import { cut } from '../well-formed';

const MAX_HEADER = 500;
const MAX_HEADERS = 20;

export type Headers_ = Record<string, string>;
type Get = (name: string) => string | null | undefined;

/** The names of headers that are recorded, in lower case, by the option `network`. */
export function headerNames(option: unknown): readonly string[] {
  const named = typeof option === 'string' ? option.split(/[\s,]+/) : (Object(option) as { headers?: readonly string[] }).headers;
  return (named ?? []).map((name) => name.toLowerCase()).filter((name) => !/^(?:true)?$/.test(name)).slice(0, MAX_HEADERS);
}

/** Those of these headers that there are; undefined for none. */
export function headersOf(get: Get, names: readonly string[]): Headers_ | undefined {
  const found: Headers_ = {};
  for (const name of names) {
    const value = get(name);
    if (typeof value === 'string') found[name] = cut(value, MAX_HEADER);
  }
  return Object.keys(found).length ? found : undefined;
}

/** The absolute address; empty if it is none. */
export function absolute(address: unknown): string {
  try {
    return new URL(`${address as string}`, document.baseURI).href;
  } catch {
    return '';
  }
}

/** The method, the address and a reader of the headers, by the arguments of `fetch`. */
export function fetchParts([input, given]: readonly unknown[]): { method: string; address: string; get: Get } {
  const request = Object(input) as Partial<Request & URL>;
  const { method, headers } = Object(given) as RequestInit;
  const address = typeof input === 'string' ? input : (request.url ?? request.href);
  return { method: String(method ?? request.method ?? 'GET'), address: absolute(address), get: getterOf(headers ?? request.headers) };
}

/** Reads headers without using up an iterator of the page's. */
function getterOf(headers: unknown): Get {
  if (headers instanceof Headers) return (name) => headers.get(name);
  const given = Object(headers) as object;
  const pairs = Array.isArray(given) ? (given as unknown[][]) : Symbol.iterator in given ? [] : Object.entries(given);
  return (name) => {
    const found = pairs.find(([key]) => String(key).toLowerCase() === name);
    return found && String(found[1]);
  };
}

/** The name of what a request was rejected with, such as `AbortError`. */
export function errorName(error: unknown): string {
  const { name } = Object(error) as { name?: unknown };
  return typeof name === 'string' && /^\w{1,50}$/.test(name) ? name : 'Error';
}
