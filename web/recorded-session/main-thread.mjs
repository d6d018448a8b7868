/** The tasks of a page's main thread, from a trace: the times in which it can neither draw nor react. */

/** @typedef {{ startUs: number, endUs: number, cpuMs: number }} Task `cpuMs`: without the time of other processes */
/** @typedef {{ name: string, ph: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number, args?: any }} TraceEvent */

const CATEGORIES = ['disabled-by-default-devtools.timeline', '__metadata'];

/**
 * Runs `act` and resolves with its result and the tasks of all pages meanwhile, oldest first.
 *
 * Source: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 *
 * @template T
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<T>} act
 * @returns {Promise<{ result: T, tasks: Task[] }>}
 */
export async function tasksDuring(browser, page, act) {
  await browser.startTracing(page, { categories: CATEGORIES });
  const result = await act();
  /** @type {{ traceEvents: TraceEvent[] }} */
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const main = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(keyOf),
  );
  const tasks = traceEvents
    .filter((event) => event.name === 'RunTask' && main.has(keyOf(event)))
    // Without a duration, it went on when the trace ended.
    .map(({ ts, dur = 0, tdur = dur }) => ({ startUs: ts, endUs: ts + dur, cpuMs: tdur / 1000 }))
    .sort((one, next) => one.startUs - next.startUs);
  return { result, tasks };
}

/** @param {TraceEvent} event */
const keyOf = ({ pid, tid }) => `${pid} ${tid}`;
