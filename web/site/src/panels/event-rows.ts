import type { eventWithTime } from '@rrweb/types';
import { CUSTOM, INCREMENTAL, INPUT, type Json, META, MOUSE_INTERACTION, isObject } from '../player/event';
import { milliseconds, readableUrl } from '../ui/words';
import { MAX_DETAIL, jsonOf, lineOf, numberOf, textOf } from './bounded';
import type { Labels } from './labels';

export type EventKind = 'page' | 'click' | 'input' | 'rage' | 'dead' | 'event' | 'user' | 'error' | 'vital' | 'missing' | 'end';

export interface EventRow {
  /** When it happened, by the clock of the recording. */
  readonly timestamp: number;
  readonly kind: EventKind;
  /** On one line. */
  readonly text: string;
  /** What belongs to it: properties, a stack. */
  readonly detail: string;
  /** What a filter of the list compares: the address of a page, the name of a tracked event. */
  readonly value?: string;
}

/** Kinds of rrweb's mouse interactions. */
const CLICK = 2;
const CONTEXT_MENU = 3;
/** Changes of a field that follow each other within this time are one row. */
const TYPING_MS = 5_000;
const OWN = 'rrweb-store:';
const REASONS = new Map<unknown, string>([['stopped', 'the page stopped it'], ['refused', 'the API refused its events'], ['replaced', 'another recording took its place']]);
const RATINGS = new Map<unknown, string>([['good', 'good'], ['needs-improvement', 'needs improvement'], ['poor', 'poor']]);

/** Rows of the panel "Events" from events as they arrive, once `labels` has learned from each. */
export function createEventRows(labels: Pick<Labels, 'of' | 'typeOf'>) {
  let href = '';
  /** The last click, whose element may have left since. */
  let clicked: { readonly id: unknown; readonly label: string } | undefined;
  let typing: { readonly id: unknown; row: EventRow } | undefined;

  function pageRow({ timestamp, data }: eventWithTime): EventRow | undefined {
    const { href: given } = data as unknown as Json;
    if (typeof given !== 'string' || given === href) return undefined;
    href = given;
    clicked = undefined;
    const value = given.slice(0, MAX_DETAIL);
    return { timestamp, kind: 'page', text: lineOf(readableUrl(given.slice(0, 2_000))) || 'A page without address', detail: textOf(given), value };
  }

  function clickRow({ timestamp, data }: eventWithTime): EventRow | undefined {
    const { type, id } = data as unknown as Json;
    if (type !== CLICK && type !== CONTEXT_MENU) return undefined;
    clicked = { id, label: labels.of(id) };
    return { timestamp, kind: 'click', text: `${type === CLICK ? 'Click' : 'Right-click'} on ${clicked.label}`, detail: '' };
  }

  function inputRow({ timestamp, data }: eventWithTime): EventRow | undefined {
    const { id, text, isChecked, userTriggered } = data as unknown as Json;
    if (userTriggered === false) return undefined; // a script did it
    const type = labels.typeOf(id);
    if (type === 'radio' && isChecked !== true) return undefined; // another one of its group was chosen
    const isBox = type === 'checkbox' || type === 'radio';
    const verb = isBox ? (isChecked === true ? 'Choose' : 'Clear') : /^select/.test(type) ? 'Choose' : 'Type';
    const shown = isBox ? '' : lineOf(text, 100);
    return { timestamp, kind: 'input', text: verb === 'Type' ? `Type “${shown}” in ${labels.of(id)}` : `${verb} ${shown ? `“${shown}” in ` : ''}${labels.of(id)}`, detail: isBox ? '' : textOf(text) };
  }

  function customRow({ timestamp, data }: eventWithTime): EventRow | undefined {
    if (!isObject(data) || typeof (data as Json)['tag'] !== 'string') return undefined;
    const { tag, payload } = data as Json & { tag: string };
    if (!tag.startsWith(OWN)) return { timestamp, kind: 'event', text: lineOf(tag) || 'An event without a name', detail: jsonOf(payload), value: tag.slice(0, MAX_DETAIL) };
    return isObject(payload) ? ownRow(timestamp, tag.slice(OWN.length), payload) : undefined;
  }

  function ownRow(timestamp: number, tag: string, payload: Json): EventRow | undefined {
    switch (tag) {
      case 'event':
        return { timestamp, kind: 'event', text: lineOf(payload['name']) || 'An event without a name', detail: jsonOf(payload['properties']), value: textOf(payload['name']) };
      case 'user':
        return { timestamp, kind: 'user', text: `User: ${lineOf(payload['user']) || 'unknown'}`, detail: jsonOf(payload['traits']), value: textOf(payload['user']) };
      case 'click':
        if (payload['kind'] !== 'rage' && payload['kind'] !== 'dead') return undefined;
        return { timestamp, kind: payload['kind'], text: `${payload['kind'] === 'rage' ? 'Rage click' : 'Dead click'} on ${clicked?.id === payload['id'] ? clicked?.label : labels.of(payload['id'])}`, detail: '' };
      case 'error':
        return errorRow(timestamp, payload);
      case 'vital':
        return vitalRow(timestamp, payload);
      case 'left':
        return { timestamp, kind: 'end', text: 'The page was left', detail: '' };
      case 'end':
        return { timestamp, kind: 'end', text: ['The recording ended', REASONS.get(payload['reason'])].filter(Boolean).join(': '), detail: '' };
      default:
        return undefined; // states of the page; `dropped` and `omitted` are marks of the timeline
    }
  }

  return {
    /** The row of an event; `undefined` if it has none. `replaces` is the row that it continues. */
    rowOf(event: eventWithTime): { readonly row: EventRow; readonly replaces?: EventRow } | undefined {
      const { type, data } = event as { type: number; data: unknown };
      let row: EventRow | undefined;
      if (type === META) row = pageRow(event);
      else if (type === CUSTOM) row = customRow(event);
      else if (type === INCREMENTAL && isObject(data)) {
        if (data['source'] === MOUSE_INTERACTION) row = clickRow(event);
        if (data['source'] === INPUT) {
          row = inputRow(event);
          const goesOn = row && typing && typing.id === data['id'] && event.timestamp - typing.row.timestamp < TYPING_MS;
          if (row && goesOn) {
            const replaces = typing!.row;
            typing = { id: data['id'], row };
            return { row, replaces };
          }
          if (row) typing = { id: data['id'], row };
          return row && { row };
        }
      }
      if (row) typing = undefined;
      return row && { row };
    },
  };
}

function errorRow(timestamp: number, payload: Json): EventRow {
  const { source, line, column } = payload;
  const place = [textOf(source, 2_000), numberOf(line), numberOf(column)].filter((part) => part !== '' && part !== undefined).join(':');
  const name = payload['kind'] === 'unhandledrejection' ? 'Unhandled rejection: ' : '';
  const message = textOf(payload['message']);
  const stack = textOf(payload['stack']);
  return {
    timestamp,
    kind: 'error',
    text: name + (lineOf(message) || 'An error without a message'),
    detail: [stack.includes(message) ? '' : message, place ? `at ${place}` : '', stack].filter(Boolean).join('\n'),
  };
}

function vitalRow(timestamp: number, payload: Json): EventRow | undefined {
  const [name, value] = [payload['name'], numberOf(payload['value'])];
  if (typeof name !== 'string' || !/^(LCP|INP|CLS|FCP|TTFB)$/.test(name) || value === undefined) return undefined;
  const shown = name === 'CLS' ? value.toFixed(3) : milliseconds(value);
  const rating = RATINGS.get(payload['rating']);
  return { timestamp, kind: 'vital', text: `${name} ${shown}${rating ? ` (${rating})` : ''}`, detail: '' };
}
