import type { eventWithTime } from '@rrweb/types';
import { MAX_DATE_MS } from '../api/moment';
import { type Json, isObject, pluginPayload } from '../player/event';
import { lineOf, numberOf, textOf } from './bounded';

export interface NetworkRow {
  /** When the request started. */
  readonly timestamp: number;
  /** Empty if it is unknown. */
  readonly method: string;
  /** The address, cut. */
  readonly url: string;
  /** Path and query of the address. */
  readonly text: string;
  /** 0 without an answer that the page may read; `undefined` if it is unknown. */
  readonly status: number | undefined;
  /** `fetch`, `img`, … */
  readonly initiator: string;
  readonly contentType: string;
  readonly durationMs: number;
  readonly size: number | undefined;
  readonly traceparent: string;
  readonly error: string;
  /** `name: value` of those that the recorder's option names. */
  readonly requestHeaders: string;
  readonly responseHeaders: string;
  /** A status from 400 on, or an error, unless the page itself gave the request up. */
  readonly failed: boolean;
}

const PLUGIN_NAME = 'rrweb/network@1';
/** Protects the player: later requests of one event are left out. */
const MAX_REQUESTS = 1_000;
/** No request of a page takes longer. */
const MAX_DURATION_MS = 86_400_000;
const MAX_ADDRESS = 2_000;
const MAX_HEADERS = 50;
export const ABORTED = 'AbortError';

/** The rows of an event of the network plugin; none for another event. */
export function networkRows(event: eventWithTime): NetworkRow[] {
  const requests = pluginPayload(event, PLUGIN_NAME)?.['requests'];
  if (!Array.isArray(requests)) return [];
  return requests.slice(0, MAX_REQUESTS).filter(isObject).map((request) => networkRow(request, event.timestamp));
}

function networkRow(request: Json, toldAtMs: number): NetworkRow {
  const startMs = numberOf(request['timestamp']);
  const status = numberOf(request['status']);
  const url = textOf(request['name'], MAX_ADDRESS);
  const error = lineOf(request['error']);
  return {
    timestamp: startMs !== undefined && startMs > 0 && startMs <= MAX_DATE_MS ? Math.min(startMs, toldAtMs) : toldAtMs,
    method: lineOf(request['method'], 20).toUpperCase(),
    url,
    text: lineOf(shortAddress(url)) || 'no address',
    status,
    initiator: lineOf(request['initiatorType'], 40),
    contentType: lineOf(request['contentType'], 100),
    durationMs: Math.min(MAX_DURATION_MS, Math.max(0, numberOf(request['duration']) ?? 0)),
    size: numberOf(request['transferSize']),
    traceparent: lineOf(request['traceparent'], 100),
    error,
    requestHeaders: headersOf(request['requestHeaders']),
    responseHeaders: headersOf(request['responseHeaders']),
    failed: (status !== undefined && status >= 400) || (error !== '' && error !== ABORTED),
  };
}

function headersOf(headers: unknown): string {
  if (!isObject(headers)) return '';
  const named = Object.entries(headers).slice(0, MAX_HEADERS);
  return named.map(([name, value]) => `${lineOf(name, 100)}: ${lineOf(value)}`).join('\n');
}

/** Path and query; the whole of what is no address. */
function shortAddress(url: string): string {
  try {
    const { protocol, pathname, search, host } = new URL(url);
    return protocol === 'http:' || protocol === 'https:' ? (pathname === '/' ? host : pathname) + search : url;
  } catch {
    return url;
  }
}
