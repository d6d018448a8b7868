/** The longest task of a page's main thread, from a trace: the time in which it can neither draw nor react. */

/** @typedef {{ wallMs: number, cpuMs: number, allCpuMs: number }} Task `allCpuMs`: of all tasks together */
/** @typedef {{ name: string, ph: string, pid: number, tid: number, dur?: number, tdur?: number, args?: any }} TraceEvent */

const CATEGORIES = ['disabled-by-default-devtools.timeline', '__metadata'];

/**
 * Runs `act` and resolves with its result and the page's longest task meanwhile: in wall-clock time, and in processor
 * time, which is less on a busy machine.
 *
 * @template T
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<T>} act
 * @returns {Promise<{ result: T, task: Task }>}
 */
export async function longestTask(browser, page, act) {
  await browser.startTracing(page, { categories: CATEGORIES });
  const result = await act();
  /** @type {{ traceEvents: TraceEvent[] }} */
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const main = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(keyOf),
  );
  /** @type {Task} */
  const task = { wallMs: 0, cpuMs: 0, allCpuMs: 0 };
  for (const event of traceEvents) {
    if (event.name !== 'RunTask' || !main.has(keyOf(event))) continue;
    task.wallMs = Math.max(task.wallMs, (event.dur ?? 0) / 1000);
    const cpuMs = (event.tdur ?? event.dur ?? 0) / 1000;
    task.cpuMs = Math.max(task.cpuMs, cpuMs);
    task.allCpuMs += cpuMs;
  }
  return { result, task };
}

/** @param {TraceEvent} event */
const keyOf = ({ pid, tid }) => `${pid} ${tid}`;
