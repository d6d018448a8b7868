/** Records the page's requests, without bodies. Loaded on demand: docs/recorder.md. */
import { BY_SCRIPT, FAILED, type Timing } from '../failed-requests';
import type { Call, PluginHost, RunningPlugin, StartPlugin } from '../plugins';
import { NETWORK } from '../report-names';
import { cut } from '../well-formed';
import { createAllowance } from './allowance';
import { type Headers_, absolute, errorName, fetchParts, headerNames, headersOf } from './request-parts';

/** What no element and no style sheet asks for. */
const BY_PROGRAM = /^(?:fetch|xml|beacon|script|navigation)/;
/** As `tag-file.mjs` names them. */
const OWN_FILE = /\/page-copy-\w+\.js$/;
const REQUESTS_A_SECOND = 20;
const MAX_ADDRESS = 2_000;
/** So long after its headers a request waits for the browser's report, which comes once its body is read. */
const WAIT_MS = 10_000;
/** What a script sends, by W3C Trace Context: https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = 'traceparent';
const FAILURES = { error: 'NetworkError', abort: 'AbortError', timeout: 'TimeoutError' } as const;

/** A request as it is recorded. */
export interface ToldRequest {
  name: string;
  method: string;
  /** 0 if there was no answer, or none that the page may read. */
  status: number;
  initiatorType: string;
  /** Of its start: by the epoch, and since the page's time origin. */
  timestamp: number;
  startTime: number;
  duration: number;
  transferSize?: number | undefined;
  contentType?: string | undefined;
  traceparent?: string | undefined;
  error?: string | undefined;
  requestHeaders?: Headers_ | undefined;
  responseHeaders?: Headers_ | undefined;
}

/** A request of a script that is not told yet. */
interface Pending {
  readonly told: ToldRequest;
  isAnswered?: boolean;
  timing?: Timing;
  timer?: ReturnType<typeof setTimeout>;
}

/** @param _natives what the build puts in place of the page's functions, in the script of a tag */
export const create = (_natives?: object): StartPlugin => startNetwork;

function startNetwork(host: PluginHost): RunningPlugin {
  const { options, clean, count, ownUrl, emit, startMs: hookedMs } = host;
  const requests = createAllowance('network', REQUESTS_A_SECOND, host);
  const names = headerNames(options.network);
  const sent = [TRACEPARENT, ...names];
  let pending: Pending[] = [];
  /** The page's own request, until its end is known. */
  let page: Timing | undefined;
  const opened = new WeakMap<object, Pending>();
  const isStatusKnown = 'responseStatus' in PerformanceResourceTiming.prototype;

  function tell(told: ToldRequest): void {
    const isShown = BY_PROGRAM.test(told.initiatorType) || isStyleSheet(told.name);
    told.name = cut(clean[isShown ? 'address' : 'loaded'](told.name), MAX_ADDRESS); // of `data:` and `blob:` the scheme alone
    if (requests.take(JSON.stringify(told).length)) emit(6, { plugin: NETWORK, payload: { requests: [told] } });
  }

  function open(startMs: number, initiatorType: string, method: string, name: string): Pending {
    return { told: { name, method: method.toUpperCase().slice(0, 20), status: 0, initiatorType, ...timesOf(startMs), duration: 0 } };
  }

  function send(one: Pending, startMs: number, get: (name: string) => string | null | undefined): void {
    const { [TRACEPARENT]: traceparent, ...rest } = headersOf(get, sent) ?? {};
    Object.assign(one.told, { ...timesOf(startMs), traceparent, requestHeaders: names.length ? { ...rest, ...(names.includes(TRACEPARENT) && { traceparent }) } : undefined });
    pending.push(one);
  }

  /** The answer has begun. The browser tells its size and its end later. */
  function answer(one: Pending, status: number, get: (name: string) => string | null): void {
    Object.assign(one.told, { status, contentType: get('content-type') ?? undefined, responseHeaders: headersOf(get, names) });
    one.told.duration = performance.now() - one.told.startTime;
    one.isAnswered = true;
    if (status >= FAILED && !isStatusKnown) count('failedRequests'); // otherwise the browser's report is counted
    if (one.timing || /^(?:data|blob):/.test(one.told.name)) finish(one);
    else one.timer = setTimeout(() => finish(one), WAIT_MS);
  }

  function fail(one: Pending, error: string): void {
    Object.assign(one.told, { error, duration: performance.now() - one.told.startTime });
    if (error !== FAILURES.abort) count('failedRequests');
    finish(one);
  }

  function finish(one: Pending): void {
    clearTimeout(one.timer);
    if (!pending.includes(one)) return;
    pending = pending.filter((other) => other !== one);
    tell(one.timing && one.isAnswered ? { ...one.told, ...measured(one.timing, one.told) } : one.told);
  }

  function takeFetch({ given, result, startMs }: Call): void {
    const { method, address, get } = fetchParts(given);
    const one = open(startMs, 'fetch', method, address);
    send(one, startMs, get);
    (result as Promise<Response>).then(
      (response) => answer(one, response.status, (name) => response.headers.get(name)),
      (error: unknown) => fail(one, errorName(error)),
    );
  }

  function takeXhr({ name, object, given, startMs }: Call): void {
    const xhr = object as XMLHttpRequest;
    const [first, second] = given;
    if (name === 'open') return void opened.set(xhr, { ...open(startMs, 'xmlhttprequest', String(first), absolute(second)), headers: new Map() } as Opened);
    const one = opened.get(xhr) as Opened | undefined;
    if (!one) return;
    if (name === 'setRequestHeader') return void one.headers.set(String(first).toLowerCase(), String(second));
    opened.delete(xhr);
    send(one, startMs, (header) => one.headers.get(header));
    let failure: string | undefined;
    const note = ({ type }: Event): void => void (failure = FAILURES[type as keyof typeof FAILURES]);
    const end = (): void => {
      for (const type of Object.keys(FAILURES)) xhr.removeEventListener(type, note);
      xhr.removeEventListener('loadend', end);
      if (failure) fail(one, failure);
      else answer(one, xhr.status, (header) => xhr.getResponseHeader(header));
    };
    for (const type of Object.keys(FAILURES)) xhr.addEventListener(type, note);
    xhr.addEventListener('loadend', end);
  }

  /** Of a request that no hook has seen. */
  function tellMeasured(timing: Timing, method: string): void {
    const { name, initiatorType, startTime } = timing;
    tell({ name, method, initiatorType, ...timesOf(startTime), ...measured(timing) });
  }

  function tellPage(): void {
    if (page) tellMeasured(page, 'GET');
    page = undefined;
  }

  const observer = new PerformanceObserver((list) => {
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => setTimeout(see, 0, list), { once: true });
    else see(list);
  });

  /** Once the page is recorded, since then its addresses are known. */
  function see(list: PerformanceObserverEntryList): void {
    for (const timing of list.getEntries() as Timing[]) {
      const { name, initiatorType, startTime } = timing;
      if (name.startsWith(ownUrl) || OWN_FILE.test(name)) continue;
      const byScript = BY_SCRIPT.test(initiatorType);
      if (initiatorType === 'navigation') {
        page = timing;
        if (timing.duration) tellPage();
        continue;
      }
      // Of requests before the hooks only the browser knows.
      if (!byScript || startTime < hookedMs) {
        tellMeasured(timing, byScript ? '' : 'GET');
        continue;
      }
      // The recorder reads the page's pictures by `fetch`, too: what the page did not call is not told.
      const address = withoutHash(name);
      const found = pending.find(({ told, timing: known }) => !known && told.initiatorType === initiatorType && withoutHash(told.name) === address && startTime >= told.startTime - 1);
      if (!found) continue;
      found.timing = timing;
      if (found.isAnswered) finish(found);
    }
  }
  for (const type of ['navigation', 'resource']) observer.observe({ type, buffered: true });

  return {
    take: (call) => (call.name === 'fetch' ? takeFetch(call) : takeXhr(call)),
    tell(): void {
      tellPage();
      for (const one of pending) if (one.isAnswered) finish(one);
      requests.report();
    },
    stop(): void {
      observer.disconnect();
      for (const { timer } of pending) clearTimeout(timer);
    },
  };
}

interface Opened extends Pending {
  readonly headers: Map<string, string>;
}

/** Of a moment by `performance.now()`. A page that moves its clock moves these too. */
const timesOf = (startTime: number) => ({ startTime, timestamp: Math.round(Date.now() - performance.now() + startTime) });

/** rrweb records a style sheet's rules in place of its address, which is shown at every level. */
const isStyleSheet = (address: string): boolean => [...document.styleSheets].some(({ href }) => href === address);

const withoutHash = (address: string): string => address.replace(/#[^]*/, '');

/** What the browser has measured. Of another origin that does not allow it, it tells no size. */
function measured(timing: Timing, { status, contentType }: Partial<ToldRequest> = {}): Pick<ToldRequest, 'status' | 'duration' | 'transferSize' | 'contentType'> {
  const { duration, transferSize, encodedBodySize, responseStatus } = timing;
  return {
    status: status ?? responseStatus ?? 0,
    duration,
    transferSize: transferSize || encodedBodySize ? transferSize : undefined,
    contentType: contentType ?? (timing.contentType || undefined),
  };
}
