import type { eventWithTime } from '@rrweb/types';
import type { Asset } from 'assets';
import type { Buffer } from './buffer';
import type { Continuation, Mark } from './continuation';
import { customEvent } from './corrections/recorded-nodes';
import { type Delivery, MAX_KEEPALIVE_BYTES } from './delivery';
import type { Destination } from './destination';
import { createEventQueue } from './event-queue';
import { canGzip } from './gzip';
import { DEFAULT_FLUSH_BYTES, DEFAULT_FLUSH_MS, DEFAULT_MAX_WAITING_BYTES, type RecorderOptions } from './options';
import type { BoxOf } from './large-values';
import type { Outbox } from './outbox';
import { type Parcel, bytesOf, pack } from './parcel';
import { DROPPED_TAG } from './report-names';
import { type PipelineEvent, type PipelineState, nextPipelineState } from './pipeline-state';

const FULL_SNAPSHOT = 2;
const INCREMENTAL = 3;
const META = 4;
/** MouseMove, TouchMove and Drag, on which no later event depends. */
const MOVEMENTS = [1, 6, 12];
/** A page that crashes loses the events of this time. A closing one loses those of them that exceed its last requests. */
export const KEEP_OPEN_EVERY_MS = 2_000;
/** A batch is kept so soon for the first time where the next page of the tab continues it, which needs a kept one. */
export const KEEP_FIRST_MS = 100;
/** The limit for a later page's snapshot, and for assets and uncompressed text, which could not outlive the page. */
const SOON_MS = 10_000;
/**
 * So much text is compressed before its batch is complete. As UTF-8 it has at most 49,152 bytes, which may outlive the
 * page. Less would compress worse, since each member is compressed by itself.
 */
export const AHEAD_CHARACTERS = 16_384;
/** So much is compressed where the rest could not outlive the page otherwise; that is cheaper than another request. */
const LEAST_CHARACTERS = 4_096;

/** The bytes that a closing page may send, less the gzip header and trailer of the last text. */
const MAX_GATHERED_BYTES = MAX_KEEPALIVE_BYTES - 100;

export interface PipelineOptions extends Pick<RecorderOptions, 'flushMs' | 'flushBytes' | 'maxWaitingBytes'> {
  readonly continuation: Continuation;
  readonly delivery: Pick<Delivery, 'add' | 'bytes' | 'retry' | 'settled'>;
  readonly outbox: Pick<Outbox, 'put'>;
  /** Of a tab that waits for a trigger. It also takes the place of delivery and outbox. */
  readonly buffer?: Pick<Buffer, 'holds' | 'checkpoint' | 'bound'> | undefined;
  readonly destination: Pick<Destination, 'owner' | 'maxAssetBytes' | 'sendsSnapshots'>;
  /** Whether the next page of the tab is told of before this one goes, and continues its batch. */
  readonly handsOver?: () => boolean;
  /** Take a full snapshot, and tell again what no snapshot has, since events before it are missing. */
  readonly startAnew: () => void;
  /** The size of an element whose picture is too large for a batch. */
  readonly boxOf?: BoxOf;
}

/** Events in, numbered parcels out. */
export function createPipeline(options: PipelineOptions) {
  const {
    continuation,
    delivery,
    outbox,
    buffer,
    handsOver,
    destination: { owner, maxAssetBytes, sendsSnapshots },
    flushMs = DEFAULT_FLUSH_MS,
    flushBytes = DEFAULT_FLUSH_BYTES,
    maxWaitingBytes = DEFAULT_MAX_WAITING_BYTES,
  } = options;
  const queue = createEventQueue(maxAssetBytes, append, appended, options.boxOf ?? (() => undefined));
  let state: PipelineState = { name: 'complete' };
  /** The batch that still gets events. */
  let batch: Parcel | undefined;
  /** Batches that get no more events, and that the delivery may not have yet. */
  const sealed: Parcel[] = [];
  /** Of that batch: its characters of JSON, compressed or not. */
  let size = 0;
  /** So many bytes of its gzip may outlive the page: whole members, of whole lines. */
  let fittingBytes = 0;
  /** When it is sealed at the latest. */
  let sealAtMs = 0;
  let openedAtMs = 0;
  let sealTimer: ReturnType<typeof setTimeout> | undefined;
  let keepAfterMs = 0;
  let keepTimer: ReturnType<typeof setTimeout> | undefined;

  const holds = (): boolean => !!buffer?.holds();
  const waitingBytes = (): number => (batch ? bytesOf(batch) : 0) + delivery.bytes();

  /** False if the event changes nothing: it is to be taken. */
  function dispatch(event: PipelineEvent, events = 0, movements = 0, atMs = Date.now()): boolean {
    const before = state;
    state = nextPipelineState(before, event, events, movements, atMs);
    return state !== before;
  }

  function add(event: eventWithTime): void {
    const atMs = (event.timestamp = continuation.monotonic(event.timestamp));
    const isMovement = event.type === INCREMENTAL && MOVEMENTS.includes(event.data.source);
    const bytes = waitingBytes();
    const name = bytes > maxWaitingBytes ? 'overflow' : isMovement && bytes > maxWaitingBytes / 2 ? 'movement' : 'event';
    if (!dispatch(name, 1, +isMovement, atMs)) queue.add(event);
  }

  /** Report missing events, if there are any and there is room. */
  function reportDropped(): void {
    const before = state;
    if (before.name === 'complete' || waitingBytes() > maxWaitingBytes / 2) return;
    dispatch('room');
    add(customEvent(DROPPED_TAG, before.dropped));
    if (before.name === 'full') options.startAnew();
  }

  function append(line: string, { type, timestamp }: eventWithTime, found: readonly Asset[]): void {
    const { recordingId } = continuation;
    let mark: Mark | undefined;
    if (type === META && holds()) {
      seal();
      mark = buffer!.checkpoint(timestamp); // a full snapshot follows
    }
    batch ??= open({ recordingId, sequence: continuation.takeSequence(), text: '', events: 0, assets: [], mark });
    const assets = [...batch.assets, ...found];
    // Nothing is called from here on.
    batch.text += batch.events ? `\n${line}` : line;
    batch.events += 1;
    batch.assets = assets;
    size += line.length;
  }

  function appended(line: string, { type, timestamp }: eventWithTime, found: readonly Asset[]): void {
    if (!batch) return;
    if (holds() && buffer!.bound(batch, timestamp)) return seal();
    const isPacking = batch.text.length - line.length > AHEAD_CHARACTERS && canGzip();
    const isSnapshot = sendsSnapshots && type === FULL_SNAPSHOT;
    // The first snapshot of a recording is sent immediately, so that the recording can be watched.
    if (!holds() && (size >= flushBytes || (isSnapshot && (size > MAX_KEEPALIVE_BYTES || !batch.sequence)))) return seal();
    sealBy(openedAtMs + (isSnapshot || found.length ? Math.min(flushMs, SOON_MS) : flushMs));
    keepLater();
    if (!isPacking) packAhead(batch);
  }

  function open<T>(parcel: T): T {
    openedAtMs = performance.now();
    sealAtMs = Infinity;
    size = fittingBytes = 0;
    keepAfterMs = handsOver?.() ? KEEP_FIRST_MS : KEEP_OPEN_EVERY_MS;
    return parcel;
  }

  /** Seal the batch at this time, unless that is to be sooner anyway. */
  function sealBy(atMs: number): void {
    if (atMs >= sealAtMs || holds()) return;
    sealAtMs = atMs;
    clearTimeout(sealTimer);
    sealTimer = setTimeout(seal, atMs - performance.now());
  }

  /** Compress the text if there is enough of it, since a closing page has no time for that. */
  function packAhead(mine: Parcel): void {
    const { body, text } = mine;
    const bytes = body?.length ?? 0;
    const fits = bytes <= MAX_GATHERED_BYTES;
    if (fits) fittingBytes = bytes;
    const isTight = fits && bytes > 0 && text.length < AHEAD_CHARACTERS && !fitsGathered(mine);
    const isShort = text.length < (isTight ? LEAST_CHARACTERS : AHEAD_CHARACTERS);
    if (!fits || (isTight && isShort)) sealBy(performance.now() + KEEP_OPEN_EVERY_MS); // a burst goes in one request
    if (isShort) return;
    void pack(mine)
      .catch(() => false)
      .then((isPacked) => {
        if (mine !== batch) return;
        if (isPacked) packAhead(mine); // more text may have come meanwhile
        else if (mine.text.length > MAX_KEEPALIVE_BYTES) sealBy(openedAtMs + SOON_MS);
      });
  }

  function keepOpen(): void {
    keepTimer = undefined;
    keepAfterMs = KEEP_OPEN_EVERY_MS;
    if (batch && !outbox.put(batch, owner(), true)) keepLater(); // the storage may not be open yet
  }
  const keepLater = (): void => void (keepTimer ??= setTimeout(keepOpen, keepAfterMs));

  /** No more events go into the batch. */
  function close(): void {
    batch = undefined;
    clearTimeout(sealTimer);
    clearTimeout(keepTimer);
    keepTimer = undefined;
  }

  /** Hand the open batch to the delivery. */
  function seal(): void {
    if (!batch) return;
    if (batch.kept) keepOpen(); // the kept copy must equal what is sent under its number, also after a crash
    sealed.push(batch);
    close();
    handOn();
  }

  /** @param sends false if the page is being left: the delivery is told to send next */
  function handOn(sends = true): void {
    for (let [parcel] = sealed; parcel; [parcel] = sealed) {
      delivery.add(parcel, sends);
      sealed.shift();
    }
  }

  /**
   * Make a batch of all events within this task; two, if only the first can outlive the page. The delivery gets them, and
   * sends them once it is told to. Called again, it goes on where it was ended.
   *
   * With `handOver`, leave the batch to the tab's next page instead, if it was kept before and there is room.
   */
  function sealNow(handOver = false): void {
    queue.drainNow();
    const all = batch;
    if (!all) return handOn(false);
    if (holds()) return seal();
    if (handOver && all.kept && outbox.put(all, owner(), 'next')) return close();
    if (all.kept) keepOpen();
    const { body } = all;
    const isSplit = body && fittingBytes && !fitsGathered(all);
    const rest = isSplit && { ...all, sequence: continuation.takeSequence(), body: body.slice(fittingBytes), events: 0, kept: '' };
    const first = isSplit && body.slice(0, fittingBytes);
    // Nothing is called until the batch is sealed.
    if (first) {
      all.body = first;
      all.text = '';
    }
    sealed.push(all);
    if (rest) sealed.push(rest);
    close();
    handOn(false);
  }

  return {
    add,
    reportDropped,
    hold: queue.hold,
    /** Whether there are events that were not handed to the delivery. */
    gathers: (): boolean => !!batch || queue.waits(),
    /** Continue a batch of the page before, unless it comes too late: a later number is taken. */
    resumeBatch(parcel: Parcel): void {
      if (parcel.sequence !== continuation.lastSequence()) return delivery.add(parcel);
      batch = open({ ...parcel, owner: undefined, assets: [...parcel.assets] });
      sealBy(openedAtMs + SOON_MS);
      packAhead(batch);
    },
    /** A batch of so many events was refused for good. */
    refused(events: number): void {
      dispatch('refused', events);
      reportDropped();
    },
    sealNow,
    /** Keep all events of now, while their batch goes on. */
    keepNow(): void {
      queue.drainNow();
      keepOpen();
    },
    /** The batch that still gets events, which gets no more of them. */
    takeOpen(): Parcel | undefined {
      const open = batch;
      close();
      return open;
    },
    async flush(): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, 0)); // rrweb observes a mutation after the script that made it
      await queue.drain();
      seal();
      delivery.retry();
      await delivery.settled();
    },
  };
}

/** Whether a closing page may send it. A character has at most three bytes of UTF-8, so most texts need not be encoded. */
function fitsGathered({ body, text }: Parcel): boolean {
  const free = MAX_GATHERED_BYTES - (body?.length ?? 0);
  return text.length * 3 <= free || (text.length <= free && new TextEncoder().encode(text).length <= free);
}

export type Pipeline = ReturnType<typeof createPipeline>;
