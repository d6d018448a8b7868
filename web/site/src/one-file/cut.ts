import { CUSTOM, FULL_SNAPSHOT, META, eventOf, isObject } from '../player/event';
import { RESOURCES_TAG } from '../player/resources/resource-store';

/** A part of a recording: times from its first event, in milliseconds. */
export interface Range {
  /** @default the start */
  readonly fromMs?: number;
  /** @default the end */
  readonly toMs?: number;
}

/** Events with these tags hold for all that follows, and are told once: which bytes the files of the page have, and how media queries are answered. */
const LASTING_TAGS: readonly unknown[] = [RESOURCES_TAG, 'rrweb-store:media'];

export type Cut = ReturnType<typeof createCut>;

/**
 * Takes a part out of the lines of a recording, in their order. It starts with the last full snapshot before the part, so
 * that a player can show its first moment, and with what holds from before it. cli/rrweb_store/cut.py does the same.
 */
export function createCut({ fromMs = 0, toMs = Infinity }: Range) {
  /** Of the first event. */
  let startMs: number | undefined;
  let firstMs: number | undefined;
  let hasBegun = false;
  let isOver = false;
  let held: string[] = [];
  let lasting: string[] = [];
  /** Index in `held` of the size that precedes the next snapshot. */
  let meta: number | undefined;

  function begin(): string[] {
    hasBegun = true;
    const first = held.map(eventOf).find(Boolean);
    firstMs = first?.timestamp;
    const before = first ? lasting.map((line) => JSON.stringify({ ...(JSON.parse(line) as object), timestamp: first.timestamp })) : [];
    return [...before, ...held];
  }

  function hold(line: string, event: ReturnType<typeof eventOf>): void {
    if (event?.type === META) meta = held.length;
    if (event?.type === FULL_SNAPSHOT) {
      const from = meta ?? held.length;
      for (const dropped of held.slice(0, from)) {
        if (isLasting(dropped)) lasting.push(dropped);
      }
      held = held.slice(from);
      meta = undefined;
    }
    held.push(line);
  }

  return {
    /** The lines that follow in the part. */
    add(line: string): string[] {
      const event = eventOf(line);
      if (event) startMs ??= event.timestamp;
      const atMs = event ? event.timestamp - startMs! : undefined;
      if (atMs !== undefined && atMs > toMs) {
        isOver = true;
        return [];
      }
      if (hasBegun) return [line];
      if (atMs === undefined || atMs < fromMs) {
        hold(line, event);
        return [];
      }
      const before = begin();
      firstMs ??= event!.timestamp;
      return [...before, line];
    },
    /** What is left after the last line: all that precedes a part in which nothing happens. */
    end: (): string[] => (hasBegun ? [] : begin()),
    /** Whether what was added last is after the part. Later lines may still be in it, if they came out of order. */
    isOver: (): boolean => isOver,
    /** The start of the part, from its first event. */
    atMs: (): number => (startMs === undefined || firstMs === undefined ? 0 : Math.max(0, startMs + fromMs - firstMs)),
  };
}

function isLasting(line: string): boolean {
  const event = eventOf(line);
  return event?.type === CUSTOM && isObject(event.data) && LASTING_TAGS.includes(event.data['tag']);
}
