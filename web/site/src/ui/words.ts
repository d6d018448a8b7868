import { toASCII, toUnicode } from 'punycode/';

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
/** As the browser's language writes it. */
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `just now`, `5 minutes ago`, `yesterday`; a date if it is more than a week ago, with its year if that is another one. */
export function ago(atMs: number, nowMs: number): string {
  const passedMs = nowMs - atMs;
  if (passedMs > 7 * 86_400_000) return isSameYear(atMs, nowMs) ? DAY.format(atMs) : dateAndTime(atMs);
  for (const [unit, ms] of UNITS) {
    if (passedMs >= ms) return RELATIVE.format(-Math.floor(passedMs / ms), unit);
  }
  return 'just now';
}

function isSameYear(atMs: number, otherMs: number): boolean {
  return new Date(atMs).getFullYear() === new Date(otherMs).getFullYear();
}

/** `14:03` if it was today, else with its date. */
export function timeOfDay(atMs: number, nowMs: number): string {
  return new Date(atMs).toDateString() === new Date(nowMs).toDateString() ? TIME.format(atMs) : dateAndTime(atMs);
}

export function dateAndTime(atMs: number): string {
  return DATE.format(atMs);
}

/** `0:07`, `12:34`, `1:02:03`. */
export function clock(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** `1 minute 5 seconds`, for screen readers. */
export function spoken(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const parts = [
    [Math.floor(s / 3600), 'hour'],
    [Math.floor(s / 60) % 60, 'minute'],
    [s % 60, 'second'],
  ] as const;
  const words = parts.filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}${n === 1 ? '' : 's'}`);
  return words.join(' ') || '0 seconds';
}

/** `8 h`, `2 h 5 min`, `35 min`: a long span, in whole minutes. */
export function roundSpan(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : ''].filter(Boolean).join(' ');
}

/** `1 error`, `1,200 errors`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** Whole characters from the start of a recorded text, which may be of any length, on one line. */
export function shortened(text: string, maxCharacters = 200): string {
  const line = text.slice(0, 4 * maxCharacters).trim().replace(/\s+/g, ' ');
  const characters = [...line];
  return characters.length > maxCharacters ? `${characters.slice(0, maxCharacters).join('')}…` : line;
}

/** `48 ms`, `2.5 s`, `1:05`: how long a request took. */
export function milliseconds(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : clock(ms);
}

/** `512 B`, `1.2 kB`, `3.4 MB`. */
export function bytes(count: number): string {
  if (count < 1_000) return `${count} B`;
  return count < 1_000_000 ? `${(count / 1_000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}

/** `0.3 MB`, `12.0 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A URL for reading: without its scheme, and with the letters of any script. Other text stays as it is. */
export function readableUrl(url: string): string {
  try {
    const { protocol, host, pathname, search, hash } = new URL(url);
    const rest = search + hash;
    if (protocol !== 'http:' && protocol !== 'https:') return url;
    return visible(toUnicode(host)) + decoded((pathname === '/' && !rest ? '' : pathname) + rest);
  } catch {
    return url;
  }
}

/** A part of an address as it is typed or read, as the recorder writes it: `bücher.example/ü` is `xn--bcher-kva.example/%C3%BC`. */
export function encodedAsRecorded(part: string): string {
  const [, scheme = '', host = '', rest = ''] = /^([a-z]+:\/\/)?([^/?#]*)(.*)$/is.exec(part) ?? [];
  const isHost = scheme !== '' || host.includes('.');
  return scheme + (isHost ? toASCII(host) : escaped(host)) + escaped(rest);
}

/** With blanks and what is no ASCII as percent codes, all else as it is; half a character counts as an unknown one. */
function escaped(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd').replace(/[^!-~]+/gu, encodeURIComponent);
}

/** Blanks, and characters that have no width or turn the direction of what follows: they stay encoded. */
const UNSEEN = /[\p{C}\p{Z}]/gu;

function decoded(path: string): string {
  try {
    return visible(decodeURI(path));
  } catch {
    return path; // a `%` that begins no character
  }
}

function visible(text: string): string {
  return text.replace(UNSEEN, encodeURIComponent);
}

/** The browser and system that a User-Agent names; empty if neither is known. */
export function browserName(userAgent: string): string {
  const browser = (
    [
      ['Edge', /Edg\//],
      ['Firefox', /Firefox\//],
      ['Chrome', /Chrome\//],
      ['Safari', /Safari\//],
    ] as const
  ).find(([, sign]) => sign.test(userAgent))?.[0];
  const system = (
    [
      ['iOS', /iPhone|iPad/],
      ['Android', /Android/],
      ['Windows', /Windows/],
      ['macOS', /Mac OS X/],
      ['Linux', /Linux/],
    ] as const
  ).find(([, sign]) => sign.test(userAgent))?.[0];
  return [browser, system].filter(Boolean).join(' on ');
}
