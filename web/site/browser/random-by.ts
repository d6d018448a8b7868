/** A pseudorandom number below 1, the same for each run with the seed. */
export function randomBy(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
