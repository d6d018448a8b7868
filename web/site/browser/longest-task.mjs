/** The longest task of a page's main thread. */
import { tasksDuring } from '../../recorded-session/main-thread.mjs';

/** @typedef {{ wallMs: number, cpuMs: number, allCpuMs: number }} Task `allCpuMs`: of all tasks together */

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
  const { result, tasks } = await tasksDuring(browser, page, act);
  /** @type {Task} */
  const task = { wallMs: 0, cpuMs: 0, allCpuMs: 0 };
  for (const { startUs, endUs, cpuMs } of tasks) {
    task.wallMs = Math.max(task.wallMs, (endUs - startUs) / 1000);
    task.cpuMs = Math.max(task.cpuMs, cpuMs);
    task.allCpuMs += cpuMs;
  }
  return { result, task };
}
