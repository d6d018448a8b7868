import type { eventWithTime } from '@rrweb/types';
import { type ConsoleRow, consoleRow } from './console-rows';
import { type EventRow, createEventRows } from './event-rows';
import { createLabels } from './labels';
import { type NetworkRow, networkRows } from './network-rows';
import { createSortedRows } from './sorted-rows';

/** What the panels beside a player show of the loaded events, each in order of time. */
export interface Rows {
  /** Timestamp of the recording's start. */
  readonly startMs: number;
  readonly events: readonly EventRow[];
  readonly console: readonly ConsoleRow[];
  readonly network: readonly NetworkRow[];
  /** Rows beyond the limits, which are left out. */
  readonly leftOut: number;
}

export const NO_ROWS: Rows = { startMs: 0, events: [], console: [], network: [], leftOut: 0 };

export type RowCollector = ReturnType<typeof createRows>;

/** Collects the rows of the panels as events arrive. */
export function createRows() {
  const labels = createLabels();
  const ofEvents = createEventRows(labels);
  let largestPage = 0;
  const [events, messages, requests] = [createSortedRows<EventRow>(), createSortedRows<ConsoleRow>(), createSortedRows<NetworkRow>()];
  return {
    add(event: eventWithTime): void {
      labels.learn(event);
      largestPage = Math.max(largestPage, labels.size());
      const found = ofEvents.rowOf(event);
      if (found) events.add(found.row, found.replaces);
      const message = consoleRow(event);
      if (message) messages.add(message);
      for (const request of networkRows(event)) requests.add(request);
    },
    /** Number of elements and texts that the page had at most. */
    largestPage: (): number => largestPage,
    rows: (startMs: number): Rows => ({
      startMs,
      events: events.all(),
      console: messages.all(),
      network: requests.all(),
      leftOut: events.leftOut() + messages.leftOut() + requests.leftOut(),
    }),
  };
}
