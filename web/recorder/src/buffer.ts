import type { createAliveSign } from './alive';
import { type BufferEvent, type BufferState, nextBufferState } from './buffer-state';
import type { Continuation, Mark } from './continuation';
import type { Delivery } from './delivery';
import type { Destination } from './destination';
import type { Outbox } from './outbox';
import { type Parcel, bytesOf } from './parcel';

/** No sooner than this a full snapshot is taken because of the bytes. */
const EARLY_MS = 10_000;
/** A larger part gets no more events, since an open one is kept again and again. */
const MAX_PART_BYTES = 256 * 1024;

export interface BufferOptions {
  readonly keepMs: number;
  readonly maxBytes: number;
  readonly continuation: Continuation;
  /** Holds what is kept, for the next pages of the tab. */
  readonly parts: Outbox;
  readonly delivery: Delivery;
  readonly outbox: Pick<Outbox, 'put'>;
  readonly destination: Pick<Destination, 'owner'>;
  readonly takeSnapshot: () => void;
  /** The batch that still gets events, which gets no more of them. */
  readonly takeOpen: () => Parcel | undefined;
  /** Called before what was kept is sent. */
  readonly onCapture: () => void;
  readonly alive: Pick<ReturnType<typeof createAliveSign>, 'others'>;
}

/**
 * Keeps the batches of a tab that waits for a trigger, then hands them to the delivery, which gets all later ones.
 *
 * A batch is a part of the buffer here. Each full snapshot starts another one, so what is kept begins with one.
 */
export function createBuffer(options: BufferOptions) {
  const { keepMs, maxBytes, continuation, parts, delivery, outbox, destination, alive, takeSnapshot } = options;
  const { recordingId } = continuation;
  let state: BufferState = 'reading';
  /** Oldest first, without the batch that still gets events. */
  let held: Parcel[] = [];
  /** When a full snapshot was taken, or asked for. */
  let askedMs = Infinity;

  const holds = (): boolean => state !== 'live';
  const sizeOf = (some: readonly Parcel[]): number => some.reduce((sum, part) => sum + bytesOf(part), 0);

  function dispatch(event: BufferEvent): void {
    const before = state;
    state = nextBufferState(before, event);
    if (state === before || !/live|dropped/.test(state)) return;
    const open = options.takeOpen();
    const all = open ? [...held, open] : held;
    held = [];
    if (event !== 'end' && event !== 'elsewhere') capture(all);
    all.forEach(parts.remove);
    parts.close();
  }

  /** Hand everything on. It gets the first numbers of the recording, and begins with a full snapshot if some was dropped. */
  function capture(all: readonly Parcel[]): void {
    const start = all.findIndex(({ sequence, mark }) => !sequence || mark);
    const rest = start < 0 ? [] : all.slice(start);
    continuation.capture(rest.length, rest[0] ? rest[0].mark : continuation.mark(0));
    options.onCapture();
    rest.forEach(({ text, body, events, assets }, sequence) => {
      const parcel: Parcel = { recordingId, sequence, text, body, events, assets };
      outbox.put(parcel, destination.owner());
      delivery.add(parcel);
    });
    if (!rest[0]) takeSnapshot();
  }

  return {
    /** Whether events are kept here. */
    holds,
    /** Whether no trigger has come. */
    waits: (): boolean => holds() && state !== 'capturing',
    dispatch,
    /** Take over what earlier pages of the tab have kept. */
    async read(): Promise<void> {
      held = [];
      const first = continuation.lastSequence() + 1;
      const others = await alive.others();
      const adopts = continuation.adopts();
      const from = adopts ?? recordingId;
      const mine = continuation.owner();
      const found = await parts.leftBehind((one) => one === mine, recordingId, (id) => id !== from && others(id)).catch(() => []);
      continuation.adopted();
      if (!holds() || (adopts && others(adopts) !== false)) return; // the tab was duplicated
      const earlier = found.filter((part) => part.recordingId === from && part.sequence! < first);
      for (const part of adopts ? earlier : []) {
        parts.remove(part);
        Object.assign(part, { recordingId, kept: '' });
        parts.put(part, mine, true);
      }
      held.unshift(...earlier);
    },
    /** The next event is the first one of a full snapshot. */
    checkpoint: (atMs: number): Mark => continuation.mark((askedMs = atMs)),
    /**
     * Drop what is older or larger than it may be, and ask for the next full snapshot in time.
     *
     * @param open the batch that has got an event
     * @returns whether it is to get no more
     */
    bound(open: Parcel, atMs: number): boolean {
      let bytes = Infinity;
      for (let isOver = true; isOver;) {
        const all = [...held, open];
        const next = all.findIndex(({ mark }, n) => n && mark);
        bytes = sizeOf(all);
        isOver = !!held[0] && (bytes > maxBytes || all[next]?.mark!.atMs! <= atMs - keepMs);
        if (isOver) held.splice(0, next < 0 ? held.length : next).forEach(parts.remove);
      }
      if (atMs - askedMs >= (bytes > maxBytes / 2 ? Math.min(EARLY_MS, keepMs) : keepMs)) {
        askedMs = atMs;
        takeSnapshot();
      }
      return bytesOf(open) > Math.min(MAX_PART_BYTES, maxBytes / 4);
    },
    /** In place of the delivery's. */
    add(parcel: Parcel, sends?: boolean): void {
      if (!holds()) return delivery.add(parcel, sends);
      held.push(parcel);
      if (!parcel.kept) parts.put(parcel, destination.owner(), true);
    },
    bytes: (): number => (holds() ? 0 : delivery.bytes()),
  };
}

export type Buffer = ReturnType<typeof createBuffer>;
