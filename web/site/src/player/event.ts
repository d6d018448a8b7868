import type { eventWithTime } from '@rrweb/types';
import { MAX_DATE_MS } from '../api/moment';

/** rrweb's numbers for the events and sources that the player looks at. In `@rrweb/types` they are enums, which are code. */
export const FULL_SNAPSHOT = 2;
export const INCREMENTAL = 3;
export const META = 4;
export const CUSTOM = 5;
const PLUGIN = 6;
export const MUTATION = 0;
export const MOUSE_MOVE = 1;
export const MOUSE_INTERACTION = 2;
export const INPUT = 5;
export const TOUCH_MOVE = 6;
export const MEDIA_INTERACTION = 7;
export const STYLE_SHEET_RULE = 8;
export const CANVAS_MUTATION = 9;
export const STYLE_DECLARATION = 13;
export const ADOPTED_STYLE_SHEET = 15;
export const CUSTOM_ELEMENT = 16;
const HIGHEST_TYPE = 7;
/** Kinds of nodes. */
const DOCUMENT = 0;
const ELEMENT = 2;
/** Mouse, scroll, window, input, touch and drag: a user's actions. */
const INTERACTIONS = new Set([1, 2, 3, 4, 5, 6, 12]);

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a custom event with this tag holds; `undefined` of any other event. */
export function customPayload({ type, data }: { readonly type: unknown; readonly data?: unknown }, tag: string): Json | undefined {
  if (type !== CUSTOM || !isObject(data) || data['tag'] !== tag) return undefined;
  const { payload } = data;
  return isObject(payload) ? payload : undefined;
}

/** What an event of this plugin of rrweb's holds; `undefined` of any other event. */
export function pluginPayload({ type, data }: eventWithTime, name: string): Json | undefined {
  if ((type as number) !== PLUGIN || !isObject(data)) return undefined;
  const { plugin, payload } = data as Json;
  return plugin === name && isObject(payload) ? payload : undefined;
}

/** Whether a value has the shape that rrweb needs. Any client may have written it. */
export function isEvent(value: unknown): value is eventWithTime {
  if (!isObject(value)) return false;
  const { type, timestamp, data } = value;
  if (typeof type !== 'number' || !Number.isInteger(type) || type < 0 || type > HIGHEST_TYPE) return false;
  if (typeof timestamp !== 'number' || !(timestamp >= 0 && timestamp <= MAX_DATE_MS)) return false;
  if (type === FULL_SNAPSHOT) return isObject(data) && isDocument(data['node']);
  if (type === META) return isObject(data) && isSize(data['width']) && isSize(data['height']);
  if (type !== INCREMENTAL) return true;
  if (!isObject(data) || typeof data['source'] !== 'number') return false;
  if (data['source'] === MUTATION) {
    return ['adds', 'removes', 'attributes', 'texts'].every((name) => Array.isArray(data[name]));
  }
  return data['source'] !== MOUSE_MOVE || Array.isArray(data['positions']);
}

/** The event of a line; undefined of a line that has none. */
export function eventOf(line: string): { type: number; timestamp: number; data?: unknown } | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return isEvent(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it is a document whose lists are lists: a page whose arrays have a `toJSON` has written them as text. */
function isDocument(node: unknown): boolean {
  if (!isObject(node) || node['type'] !== DOCUMENT || !Array.isArray(node['childNodes'])) return false;
  return node['childNodes'].every((child: unknown) => !isObject(child) || child['type'] !== ELEMENT || Array.isArray(child['childNodes']));
}

function isSize(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1_000_000;
}

export function isInteraction(event: eventWithTime): boolean {
  const { data } = event as { data: unknown };
  return (event.type as number) === INCREMENTAL && isObject(data) && INTERACTIONS.has(data['source'] as number);
}
