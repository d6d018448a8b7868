/** A moment of a recording, as an address names it. */

/** `75` and `75.5`. */
const SECONDS = /^\d{1,7}(?:\.\d{1,3})?$/;
/** `1h2m3s`, each part at most once, in this order. */
const PARTS = /^(?=\d)(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,7}(?:\.\d{1,3})?)s)?$/i;

/** `75`, `75.5`, `1m15s` and `1h2m3s` as milliseconds; undefined of anything else. */
export function momentOf(text: string): number | undefined {
  if (SECONDS.test(text)) return Math.round(Number(text) * 1000);
  const parts = PARTS.exec(text);
  if (!parts) return undefined;
  const [hours, minutes, seconds] = parts.slice(1).map((part = '0') => Number(part)) as [number, number, number];
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
}

/** The moment in seconds, to a tenth of one: the form that the recorder's `getReplayUrl` has, too. */
export function momentText(atMs: number): string {
  return String(Math.floor(atMs / 100) / 10);
}
