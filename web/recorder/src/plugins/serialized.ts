import type { PluginHost } from '../plugins';
import { cut } from '../well-formed';

/** Protects the recording: a line of the console has at most so many characters, in so many arguments, keys and levels. */
export const MAX_LINE_CHARACTERS = 10_000;
const MAX_TEXT = 5_000;
const MAX_ARGUMENTS = 20;
const MAX_ENTRIES = 50;
const MAX_DEPTH = 4;

/** What is still allowed of a line. */
interface Room extends Pick<PluginHost, 'clean' | 'isBlocked'> {
  characters: number;
}

/**
 * The arguments of one line of the console, each as JSON of bounded length.
 *
 * No getter of the page is called, and no `toString` or `toJSON`. What cannot be read is named.
 */
export function serializedLine(given: readonly unknown[], host: Omit<Room, 'characters'>): string[] {
  const room: Room = { ...host, characters: MAX_LINE_CHARACTERS };
  const shown = given.slice(0, MAX_ARGUMENTS).map((value) => JSON.stringify(plain(value, room, [])));
  if (given.length > MAX_ARGUMENTS) shown.push(JSON.stringify(`… ${given.length - MAX_ARGUMENTS} more`));
  return shown;
}

/** The value as JSON can hold it. */
function plain(value: unknown, room: Room, path: readonly object[]): unknown {
  try {
    if (typeof value === 'string') return shortened(value, room);
    if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return take(value, 8, room);
    if (typeof value === 'bigint') return shortened(`${value}n`, room);
    if (typeof value === 'function') return shortened(`[function ${String(dataOf(value, 'name') || 'anonymous')}]`, room);
    if (typeof value === 'object') return plainObject(value!, room, path);
    return shortened(String(value), room); // undefined, NaN, Infinity, symbols
  } catch {
    return take('[unreadable]', 16, room); // a proxy, or a class of the page that throws
  }
}

function plainObject(value: object, room: Room, path: readonly object[]): unknown {
  if (path.includes(value)) return take('[circular]', 12, room);
  if (value instanceof Node) return shortened(nodeText(value, room), room);
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (value instanceof Error || /^(?:Error|DOMException)$/.test(kind)) return shortened(errorText(value as Error), room);
  if (kind === 'Date') return shortened(Number.isFinite(Date.prototype.getTime.call(value)) ? Date.prototype.toISOString.call(value) : 'Invalid Date', room);
  if (kind === 'RegExp') return shortened(RegExp.prototype.toString.call(value), room);
  const isList = Array.isArray(value);
  const isBag = kind === 'Map' || kind === 'Set';
  const names = Object.keys(value);
  if (ArrayBuffer.isView(value)) return take(`[${kind} of ${value.byteLength} bytes]`, 40, room);
  if (!isList && !isBag && kind !== 'Object' && names.length === 0) return shortened(`[${kind}]`, room);
  if (path.length >= MAX_DEPTH) return take(isList ? '[…]' : '{…}', 5, room);
  const inside = [...path, value];
  if (isList) return entries(value, room, (item) => plain(item, room, inside), value.length);
  if (isBag) {
    const { size } = value as Set<unknown>;
    const shown = entries(value as Iterable<unknown>, room, (item) => plain(item, room, inside), size);
    return { [`${kind}(${size})`]: shown };
  }
  const shown = Object.create(null) as Record<string, unknown>;
  for (const name of names) {
    if (Object.keys(shown).length >= MAX_ENTRIES || room.characters <= 0) {
      shown['…'] = `${names.length - Object.keys(shown).length} more`;
      break;
    }
    const descriptor = Object.getOwnPropertyDescriptor(value, name);
    const key = shortened(name, room, room.clean.place);
    shown[key] = descriptor && !('value' in descriptor) ? '[getter]' : plain(descriptor?.value, room, inside);
  }
  return shown;
}

function entries(values: Iterable<unknown>, room: Room, show: (item: unknown) => unknown, length: number): unknown[] {
  const shown: unknown[] = [];
  for (const item of values) {
    if (shown.length >= MAX_ENTRIES || room.characters <= 0) {
      shown.push(`… ${length - shown.length} more`);
      break;
    }
    shown.push(show(item));
  }
  return shown;
}

function take<T>(value: T, characters: number, room: Room): T {
  room.characters -= characters;
  return value;
}

/** What is hidden in the text is hidden before it is cut, since a part of it could not be found. */
function shortened(text: string, room: Room, clean = room.clean.text): string {
  const most = Math.max(0, Math.min(MAX_TEXT, room.characters));
  const shown = clean(cut(text, most && MAX_TEXT * 2));
  room.characters -= Math.min(text.length, most) + 3; // quotes and a comma
  return cut(shown, most) + (text.length > most ? '…' : '');
}

/** The value of a property that is no getter. */
function dataOf(owner: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(owner, name)?.value as unknown;
}

/** An element by its name, id and classes. Its other attributes and texts are the page's, which masks them. */
function nodeText(node: Node, { isBlocked }: Room): string {
  if (!(node instanceof Element) || isBlocked(node)) return `[${node.nodeName}]`;
  const named = [...node.classList].map((name) => `.${name}`).join('');
  const id = node.getAttribute('id');
  return `<${node.localName}${id ? `#${id}` : ''}${named}>`;
}

/** Name and message, and the stack; Firefox and Safari have no message in it. */
function errorText(error: Error): string {
  const { name, message, stack } = error;
  const text = `${name}: ${message}`;
  if (typeof stack !== 'string') return text;
  return stack.includes(message) ? stack : `${text}\n${stack}`;
}
