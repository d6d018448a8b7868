import type { Reporter, TestCase, Vitest } from 'vitest/node';

/** Prints why a test failed that passed when it was run once more. */
export default class FirstFailures implements Reporter {
  #vitest?: Vitest;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestCaseResult(test: TestCase): void {
    if (!test.diagnostic()?.flaky) return;
    const { logger } = this.#vitest!;
    logger.warn(`FAILED ONCE ${test.module.relativeModuleId} > ${test.fullName}`);
    for (const error of test.result().errors ?? []) logger.printError(error, { project: test.project });
  }
}
