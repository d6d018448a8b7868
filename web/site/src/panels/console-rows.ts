import type { eventWithTime } from '@rrweb/types';
import { pluginPayload } from '../player/event';
import { indented, lineOf, textOf } from './bounded';

export const LEVELS = ['error', 'warn', 'info', 'log', 'debug'] as const;
export type Level = (typeof LEVELS)[number];

export interface ConsoleRow {
  readonly timestamp: number;
  readonly level: Level;
  /** On one line. */
  readonly text: string;
  /** All arguments, for reading. */
  readonly detail: string;
  /** Where it was called. */
  readonly trace: string;
}

const PLUGIN_NAME = 'rrweb/console@1';
/** Protects the memory. */
const MAX_ARGUMENTS = 50;
const MAX_TRACE = 50;
const MAX_LINE_CHARACTERS = 250;
const OTHER_LEVELS = new Map<unknown, Level>([['assert', 'error'], ['trace', 'debug']]);

/** The row of an event of rrweb's console plugin; `undefined` for another event. */
export function consoleRow(event: eventWithTime): ConsoleRow | undefined {
  const payload = pluginPayload(event, PLUGIN_NAME);
  if (!payload) return undefined;
  const { level, trace, payload: given } = payload;
  const values = (Array.isArray(given) ? given : []).slice(0, MAX_ARGUMENTS);
  const args = formatted(values.map(readable));
  return {
    timestamp: event.timestamp,
    level: LEVELS.find((one) => one === level) ?? OTHER_LEVELS.get(level) ?? 'log',
    text: args.map(({ line }) => line).join(' ').slice(0, 4 * MAX_LINE_CHARACTERS) || '(nothing)',
    detail: textOf(args.map(({ full }) => full).join('\n')),
    trace: (Array.isArray(trace) ? trace : []).slice(0, MAX_TRACE).map((line) => lineOf(line, 500)).filter(Boolean).join('\n'),
  };
}

interface Readable {
  readonly line: string;
  readonly full: string;
}

/** An argument, which is JSON text: strings without quotes, and objects with a line for each property. */
function readable(json: unknown): Readable {
  if (typeof json !== 'string') return { line: '(not readable)', full: '' };
  const text = json.startsWith('"') ? stringOf(json) : json;
  return { line: lineOf(text, MAX_LINE_CHARACTERS), full: /^[[{]/.test(json) ? objectOf(json) : textOf(text) };
}

function stringOf(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json; // as another recorder writes it
  }
}

function objectOf(json: string): string {
  try {
    return indented(json);
  } catch {
    return textOf(json);
  }
}

const PLACEHOLDER = /%[sdifoOcj%]/g;

/** Puts arguments into the first one's placeholders, as a console does; styles are left out. */
function formatted([first, ...rest]: readonly Readable[]): readonly Readable[] {
  if (!first) return [];
  if (!first.full.includes('%')) return [first, ...rest];
  const left = [...rest];
  const put = (text: string, of: (one: Readable) => string): string => {
    let next = 0;
    return text.replace(PLACEHOLDER, (placeholder) => {
      if (placeholder === '%%') return '%';
      const one = rest[next];
      if (!one) return placeholder;
      next += 1;
      left[next - 1] = NOTHING;
      return placeholder === '%c' ? '' : of(one);
    });
  };
  const filled = { line: lineOf(put(first.line, ({ line }) => line), 2 * MAX_LINE_CHARACTERS), full: put(first.full, ({ full }) => full) };
  return [filled, ...left.filter((one) => one !== NOTHING)];
}

const NOTHING: Readable = { line: '', full: '' };
