const MINUTE_MS = 60_000;
/** The last year that a field for a date shows. */
const LAST_MS = new Date(9999, 11, 31, 23, 59).getTime();

/** The minute with this time, by this browser's clock, as `<input type=datetime-local>` has it: `2026-11-29T14:05`. `undefined` if no field shows it. */
export function localMinute(ms: string | undefined): string | undefined {
  if (!ms || !/^\d{1,16}$/.test(ms) || Number(ms) > LAST_MS) return undefined;
  const date = new Date(Number(ms));
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The time at which such a minute begins or ends; `undefined` if it is before 1970, or the text is no minute. */
export function timeOfMinute(minute: string, edge: 'begins' | 'ends'): string | undefined {
  const ms = new Date(minute).getTime(); // by this browser's clock, since it names no zone
  return ms >= 0 ? `${edge === 'begins' ? ms : ms + MINUTE_MS - 1}` : undefined;
}
