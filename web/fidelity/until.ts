/** Waits. Vitest's `expect.poll` belongs to one test, and these pages are compared several at a time. */
const EVERY_MS = 60;

/** Resolves once the check holds. @throws {Error} it did not within the time */
export async function until(what: string, check: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  const endsAt = Date.now() + withinMs;
  while (!(await check())) {
    if (Date.now() > endsAt) throw new Error(`after ${withinMs} ms it is not true that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
