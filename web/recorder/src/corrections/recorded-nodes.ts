import type { eventWithTime, serializedNodeWithId } from '@rrweb/types';

export const FULL_SNAPSHOT = 2;
export const INCREMENTAL = 3;
export const CUSTOM = 5;
export const MUTATION = 0;
export const INPUT = 5;
export const STYLE_SHEET_RULE = 8;
export const STYLE_DECLARATION = 13;
export const ADOPTED_STYLE_SHEET = 15;

export type RecordedElement = serializedNodeWithId & { tagName: string; attributes: Record<string, unknown> };

/** The parts of rrweb's incremental events that corrections look at. */
export interface Change {
  source: number;
  id?: number;
  styleId?: number;
  styleIds?: number[];
  styles?: { rules: { rule: string }[] }[];
  adds?: { parentId: number; node: serializedNodeWithId; index?: number | number[]; rule?: string }[];
  removes?: { id: number; parentId: number; index?: number | number[] }[];
  texts?: { id: number }[];
  attributes?: { id: number; attributes: Record<string, unknown> }[];
  index?: number[];
}

export const changeOf = (event: eventWithTime): Change | undefined =>
  event.type === INCREMENTAL ? (event.data as unknown as Change) : undefined;

/** A custom event of rrweb's. */
export const customEvent = (tag: string, payload: unknown, timestamp = Date.now()): eventWithTime => ({ type: CUSTOM, data: { tag, payload }, timestamp });

/** An event of rrweb's of changed attributes, now. */
export const attributesEvent = (id: number, attributes: object): eventWithTime =>
  eventOf({ source: MUTATION, texts: [], adds: [], removes: [], attributes: [{ id, attributes }] });

/** An event of rrweb's, now. */
export const eventOf = (data: object): eventWithTime => ({ type: INCREMENTAL, data, timestamp: Date.now() }) as unknown as eventWithTime;
