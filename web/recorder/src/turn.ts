/** The length of a turn, so that no task of ours is a long one. */
const TURN_MS = 8;

/** Start a turn of work. The function that is returned waits for the next task if the turn is over, and starts another one. */
export function startTurn(): () => Promise<void> {
  let startedAtMs = performance.now();
  return async () => {
    if (performance.now() - startedAtMs <= TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    startedAtMs = performance.now();
  };
}
