import { type BufferEvent, type BufferState, nextBufferState } from './buffer-state';
import type { Continuation } from './continuation';
import type { Delivery } from './delivery';
import type { HeldParts } from './held-parts';
import type { RecorderOptions } from './options';
import type { Outbox } from './outbox';
import { type Parcel, bytesOf, pack } from './parcel';

const DEFAULT_SECONDS = 60;
const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
/** No sooner than this a full snapshot is taken because of the bytes. */
const EARLY_MS = 10_000;
/** If the browser does not give back what earlier pages have kept, it is left. */
const READ_MS = 5_000;
const DEFAULT_TRIGGERS = ['error', 'rageClick', 'event'] as const;
const TRIGGERS: readonly unknown[] = [...DEFAULT_TRIGGERS, 'deadClick', 'failedRequest'];

/** A custom event of rrweb's with this tag says which trigger began a recording; docs/recorder.md has its payload. */
export const CAPTURED_TAG = 'rrweb-store:captured';

/** Throws if an option is none. Undefined without `mode: 'buffer'`. */
export function bufferOptions({ mode = 'live', buffer = {}, triggers = DEFAULT_TRIGGERS }: RecorderOptions) {
  const { seconds = DEFAULT_SECONDS, maxBytes = DEFAULT_MAX_BYTES, share = 1 } = buffer;
  const check = (name: string, value: unknown, isRight: boolean): void => {
    if (!isRight) throw new TypeError(`${name} is not ${String(value)}`);
  };
  check('mode', mode, /^(?:live|buffer)$/.test(mode));
  if (mode === 'live') return undefined;
  check('buffer.seconds', seconds, seconds > 0 && seconds < Infinity);
  check('buffer.maxBytes', maxBytes, maxBytes > 0);
  for (const one of triggers) check('a trigger', one, one instanceof RegExp || TRIGGERS.includes(one));
  return { keepMs: seconds * 1000, maxBytes, share, triggers };
}

export interface BufferOptions {
  readonly keepMs: number;
  readonly maxBytes: number;
  readonly continuation: Continuation;
  readonly parts: HeldParts;
  readonly delivery: Delivery;
  readonly outbox: Pick<Outbox, 'put'>;
  /** Whose events they are; undefined while that is not known. */
  readonly owner: () => string | undefined;
  readonly takeSnapshot: () => void;
  /** The batch that still gets events, which gets no more of them. */
  readonly takeOpen: () => Parcel | undefined;
  /** A full snapshot was taken. */
  readonly onCheckpoint: () => void;
  /** Called before what was kept is sent. */
  readonly onCapture: () => void;
  /** Finds out which recordings have a page. */
  readonly others: () => Promise<(recordingId: string) => boolean | undefined>;
}

/**
 * Keeps the batches of a tab that waits for a trigger, then hands them to the delivery, which gets all later ones.
 *
 * A batch is a part of the buffer here. Each full snapshot starts another one, so what is kept begins with one.
 */
export function createBuffer({ keepMs, maxBytes, continuation, parts, delivery, outbox, owner, takeSnapshot, takeOpen, onCheckpoint, onCapture, others }: BufferOptions) {
  const { recordingId, adopts } = continuation;
  let state: BufferState = 'reading';
  /** Oldest first, without the batch that still gets events. */
  let held: Parcel[] = [];
  /** This page's first full snapshot. */
  let ownMs = Infinity;
  /** The first numbers of this page, and since the newest full snapshot. */
  let ownFrom = continuation.lastSequence() + 1;
  let newestFrom = ownFrom;
  let askedMs = -Infinity;
  let askTimer: ReturnType<typeof setTimeout> | undefined;
  let lateTimer: ReturnType<typeof setTimeout> | undefined;

  const holds = (): boolean => state !== 'live';
  const sizeOf = (some: readonly Parcel[]): number => some.reduce((sum, part) => sum + bytesOf(part), 0);

  function dispatch(event: BufferEvent): void {
    const before = state;
    state = nextBufferState(before, event);
    if (state === before) return;
    if (state === 'reading') {
      held = [];
      ownMs = Infinity;
      ownFrom = continuation.lastSequence() + 1;
      void readParts();
    }
    if (state === 'live' && event !== 'elsewhere') capture();
    if (state === 'live' || state === 'dropped') {
      held = [];
      parts.clear(recordingId);
      parts.close();
      clearTimeout(lateTimer);
      clearTimeout(askTimer);
    }
  }

  /** Take over what earlier pages of the tab have kept. */
  async function readParts(): Promise<void> {
    lateTimer = setTimeout(dispatch, READ_MS, 'read');
    const isAlive = await others();
    const from = adopts ?? recordingId;
    const isOurs = !adopts || isAlive(adopts) === false; // else the tab was duplicated
    const found = isOurs ? await parts.read(from).catch((): Parcel[] => []) : [];
    if (state !== 'reading' && state !== 'capturing') return;
    const earlier = found.filter(({ sequence }) => sequence! < ownFrom);
    if (adopts && isOurs) {
      for (const part of earlier) parts.put(Object.assign(part, { recordingId }));
      parts.clear(adopts);
    }
    held.unshift(...earlier);
    const first = held.find(({ fromMs }) => fromMs)?.fromMs ?? ownMs;
    if (continuation.checkpoints()[0]! < first) continuation.startAt(first);
    dispatch('read');
    void parts.clean(isAlive).catch(() => undefined);
  }

  /** Hand everything on. It gets the first numbers of the recording. */
  function capture(): void {
    const open = takeOpen();
    const all = open ? [...held, open] : held;
    continuation.capture(all.length);
    onCapture();
    all.forEach(({ fromMs: _, kept: __, ...part }, sequence) => {
      const parcel: Parcel = { ...part, sequence };
      outbox.put(parcel, owner());
      delivery.add(parcel);
    });
    if (!all.some(({ fromMs }) => fromMs)) takeSnapshot();
  }

  /** Forget what was before a full snapshot of this time. */
  function startAt(atMs: number): void {
    const end = held.findIndex(({ fromMs = -1 }) => fromMs >= atMs);
    for (const part of held.splice(0, end < 0 ? held.length : end)) parts.remove(part);
    continuation.startAt(atMs);
  }

  function keep(part: Parcel): boolean {
    if (owner()) parts.put(part);
    return !!part.kept;
  }

  return {
    /** Whether events are kept here. */
    holds,
    /** Whether no trigger has come. */
    waits: (): boolean => holds() && state !== 'capturing',
    dispatch,
    open(): void {
      void parts.open();
      void readParts();
    },
    /** The next event is the first one of a full snapshot. */
    checkpoint(atMs: number): void {
      newestFrom = continuation.lastSequence() + 1;
      ownMs = Math.min(ownMs, atMs);
      continuation.checkpoint(atMs);
      onCheckpoint();
    },
    /** Drop what is older or larger than it may be. False if `open`, the batch that got an event, is dropped as well. */
    bound(open: Parcel, atMs: number): boolean {
      const times = continuation.checkpoints();
      const newestMs = times[times.length - 1] ?? Infinity;
      const due = times.filter((one) => one <= atMs - keepMs).pop();
      if (due! > times[0]!) startAt(due!);
      while (sizeOf([...held, open]) > maxBytes) {
        startAt(continuation.checkpoints()[1] ?? Infinity);
        if (!continuation.isVoid()) continue;
        askTimer = setTimeout(takeSnapshot, keepMs);
        return false;
      }
      const isLarge = sizeOf([open, ...held.filter(({ sequence }) => sequence! >= newestFrom)]) > maxBytes / 2;
      if (atMs - Math.max(newestMs, askedMs) < (isLarge ? Math.min(EARLY_MS, keepMs) : keepMs)) return true;
      askedMs = atMs;
      takeSnapshot();
      return true;
    },
    /** In place of the outbox and the delivery. */
    put: (parcel: Parcel, whose?: string, isOpen?: boolean | 'next'): boolean => (holds() ? keep(parcel) : outbox.put(parcel, whose, isOpen)),
    add(parcel: Parcel, sends?: boolean): void {
      if (!holds()) return delivery.add(parcel, sends);
      if (state === 'dropped') return;
      held.push(parcel);
      if (!parcel.kept) keep(parcel);
      void packAll(parcel);
    },
    bytes: (): number => (holds() ? 0 : delivery.bytes()),
  };
}

async function packAll(part: Parcel): Promise<void> {
  while (part.text && (await pack(part).catch(() => false)));
}

export type Buffer = ReturnType<typeof createBuffer>;
