import type { eventWithTime } from '@rrweb/types';
import { type Asset, escaped, extractAssets } from 'assets';
import type { Continuation } from './continuation';
import { type Delivery, MAX_KEEPALIVE_BYTES } from './delivery';
import type { Outbox } from './outbox';
import { type Parcel, bytesOf, pack } from './parcel';

const FULL_SNAPSHOT = 2;
const INCREMENTAL = 3;
const CUSTOM = 5;
/** MouseMove, TouchMove and Drag: nothing that follows depends on them. */
const MOVEMENTS = new Set([1, 6, 12]);
/** The tag of the custom event that says what is missing. */
export const DROPPED_TAG = 'rrweb-store:dropped';
/** Text is made of events in turns of so long, so that no task of ours is a long one. */
const TURN_MS = 8;
/** A page that crashes loses the events of this time; one that is closed, what of them is more than it can still send. */
export const KEEP_OPEN_EVERY_MS = 2_000;
/** So long do events of a page wait at most for those that the page before has handed over. */
const TAKE_OVER_MS = 2_000;
/** A later page's snapshot waits no longer; nor do assets, or text that cannot be compressed: they could not outlive the page. */
const SOON_MS = 10_000;
/**
 * So much text is compressed before its batch is whole. As UTF-8 it never has more than 49,152 bytes, which may outlive
 * the page; less would compress worse, since a member knows nothing of those before it.
 */
export const AHEAD_CHARACTERS = 16_384;

/** What a page that goes may send, less the frame of a member that it makes of the last text. */
const MAX_GATHERED_BYTES = MAX_KEEPALIVE_BYTES - 100;

export interface PipelineOptions {
  readonly continuation: Continuation;
  readonly delivery: Delivery;
  readonly outbox: Outbox;
  readonly owner: () => string | undefined;
  readonly flushMs: number;
  readonly flushBytes: number;
  readonly maxWaitingBytes: number;
  /** Make rrweb take a full snapshot, since events before it are missing. */
  readonly takeSnapshot: () => void;
}

/** Why events are missing from here on. */
interface Dropped {
  reason: 'memory' | 'refused';
  events: number;
  /** How many of them were only movements of a pointer. */
  movements: number;
  fromMs: number;
  toMs: number;
}

/** Events in, numbered parcels out. */
export function createPipeline(options: PipelineOptions) {
  const { continuation, delivery, outbox, flushMs, flushBytes, maxWaitingBytes } = options;
  /** Events that are not text yet. */
  const fresh: eventWithTime[] = [];
  /** What is gathered. */
  let batch: (Parcel & { assets: Asset[] }) | undefined;
  /** Its characters of JSON, whether they are gzip by now or not. */
  let size = 0;
  /** Text of it is being compressed. */
  let isPacking = false;
  /** So many bytes of its gzip may outlive the page: whole members, of whole lines. */
  let fitting = 0;
  let openedAtMs = 0;
  let waitsMs = Infinity;
  /** The first snapshot of a recording goes at once, so that it can be seen. */
  let hadSnapshot = !continuation.isNew;
  let draining: Promise<void> | undefined;
  /** Events wait for what the page before has handed over. */
  let takingOver: Promise<unknown> | undefined;
  /** Goes up when a page that goes takes over what an asynchronous turn was at. */
  let turn = 0;
  let full = false;
  let dropped: Dropped | undefined;
  let drainTimer: ReturnType<typeof setTimeout> | undefined;
  let flushTimer: ReturnType<typeof setTimeout> | undefined;
  let keepTimer: ReturnType<typeof setTimeout> | undefined;

  const waitingBytes = (): number => (batch ? bytesOf(batch) : 0) + delivery.bytes();

  function add(event: eventWithTime): void {
    event.timestamp = continuation.notBefore(event.timestamp);
    const isMovement = event.type === INCREMENTAL && MOVEMENTS.has(event.data.source);
    const waiting = waitingBytes();
    full ||= waiting > maxWaitingBytes;
    if (full || (isMovement && waiting > maxWaitingBytes / 2)) {
      drop('memory', 1, isMovement ? 1 : 0, event.timestamp);
      return;
    }
    fresh.push(event);
    drainTimer ??= setTimeout(() => void drain(), 0);
  }

  function drop(reason: Dropped['reason'], events: number, movements: number, atMs: number): void {
    dropped ??= { reason, events: 0, movements: 0, fromMs: atMs, toMs: atMs };
    dropped.events += events;
    dropped.movements += movements;
    dropped.toMs = atMs;
  }

  /** Say what is missing, once there is room again. */
  function relieve(): void {
    if (!dropped || waitingBytes() > maxWaitingBytes / 2) return;
    const payload = dropped;
    const wasFull = full;
    dropped = undefined;
    full = false;
    add({ type: CUSTOM, data: { tag: DROPPED_TAG, payload }, timestamp: Date.now() });
    if (wasFull) options.takeSnapshot();
  }

  /** Resolves when all events are text. */
  function drain(): Promise<void> {
    drainTimer = undefined;
    return (draining ??= drainInTurns().finally(() => (draining = undefined)));
  }

  async function drainInTurns(): Promise<void> {
    await takingOver;
    let began = performance.now();
    const rest = async (): Promise<void> => {
      if (performance.now() - began <= TURN_MS) return;
      await new Promise((resolve) => setTimeout(resolve, 0));
      began = performance.now();
    };
    for (let event = fresh[0]; event; event = fresh[0]) {
      const mine = turn;
      const line = JSON.stringify(event);
      await rest(); // a snapshot's line took long by itself
      const { line: text, assets } = await extractAssets(line);
      if (mine !== turn) continue; // it was sent as it is
      fresh.shift();
      push(text, event, assets);
      await rest();
    }
  }

  function push(line: string, { type }: eventWithTime, found: readonly Asset[] = []): void {
    batch ??= begun({ recordingId: continuation.recordingId, sequence: continuation.takeSequence(), text: '', events: 0, assets: [] });
    batch.text += batch.events ? `\n${line}` : line;
    batch.events += 1;
    batch.assets.push(...found);
    size += line.length;
    const isSnapshot = type === FULL_SNAPSHOT;
    if (size >= flushBytes || (isSnapshot && (size > MAX_KEEPALIVE_BYTES || !hadSnapshot))) seal();
    else {
      sealWithin(flushMs);
      if (isSnapshot || found.length) sealWithin(SOON_MS);
      keepTimer ??= setTimeout(keepOpen, KEEP_OPEN_EVERY_MS);
      packAhead(batch);
    }
    if (isSnapshot) hadSnapshot = true;
  }

  function begun<T>(parcel: T): T {
    openedAtMs = performance.now();
    size = fitting = 0;
    return parcel;
  }

  /** After so long since the batch was begun, if that is not to be sooner anyway. */
  function sealWithin(ms: number): void {
    if (ms >= waitsMs) return;
    waitsMs = ms;
    clearTimeout(flushTimer);
    flushTimer = setTimeout(seal, openedAtMs + ms - performance.now());
  }

  /** Compress what has come, so that all that is gathered may outlive the page: when it goes, nobody can wait. */
  function packAhead(mine: Parcel): void {
    if (isPacking) return;
    const { body, text } = mine;
    const isShort = text.length < AHEAD_CHARACTERS;
    if (body && body.length <= MAX_GATHERED_BYTES) fitting = body.length;
    if (body && body.length + (isShort ? utf8Bytes(text) : 0) > MAX_GATHERED_BYTES) {
      sealWithin(performance.now() - openedAtMs + KEEP_OPEN_EVERY_MS); // what comes in a burst goes in one request
    }
    if (!isShort) void compress(mine);
  }

  /** And look again, unless the batch has gone meanwhile. */
  async function compress(mine: Parcel): Promise<void> {
    isPacking = true;
    const packed = await pack(mine).catch(() => false);
    if (mine !== batch) return;
    isPacking = false;
    if (packed) packAhead(mine);
    else if (mine.text.length > MAX_KEEPALIVE_BYTES) sealWithin(SOON_MS);
  }

  function keepOpen(): void {
    keepTimer = undefined;
    if (batch) outbox.put(batch, options.owner(), true);
  }

  /** What has come up to now is a batch. */
  function seal(): void {
    clearTimeout(flushTimer);
    clearTimeout(keepTimer);
    flushTimer = keepTimer = undefined;
    waitsMs = Infinity;
    isPacking = false;
    if (!batch) return;
    if (batch.kept) keepOpen(); // under this number, who reads it after a crash finds what was sent
    const sealed = batch;
    batch = undefined;
    delivery.add(sealed);
  }

  /**
   * Make a batch of everything, in this very task; two, if the page may go and only the first can outlive it.
   *
   * Or else hand it over to the next page of the tab: not what was never kept, since there may be no room for it.
   */
  function sealNow(handOver = false): void {
    clearTimeout(drainTimer);
    drainTimer = undefined;
    turn += 1;
    for (const event of fresh.splice(0)) push(escaped(JSON.stringify(event)), event);
    if (handOver && batch?.kept && outbox.put(batch, options.owner(), 'next')) batch = undefined;
    const all = batch;
    if (!all?.body || !fitting || all.body.length + utf8Bytes(all.text) <= MAX_GATHERED_BYTES) return seal();
    const rest = { ...all, sequence: continuation.takeSequence(), body: all.body.slice(fitting), events: 0, kept: '' };
    all.body = all.body.slice(0, fitting);
    all.text = '';
    seal();
    delivery.add(rest);
  }

  return {
    add,
    relieve,
    /** Let events wait for what the page before may have handed over. */
    waitFor(coming: Promise<unknown>): void {
      let timer: ReturnType<typeof setTimeout>;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, TAKE_OVER_MS)));
      takingOver = Promise.race([coming.finally(() => clearTimeout(timer)), late]);
    },
    /** Go on with a batch of the page before, unless it comes too late: what follows it has a number already. */
    goOnWith(parcel: Parcel): void {
      if (parcel.sequence !== continuation.lastSequence()) return delivery.add(parcel);
      batch = begun({ ...parcel, owner: undefined, assets: [...parcel.assets] });
      sealWithin(SOON_MS);
    },
    /** A batch of so many events was refused for good. */
    refused(events: number): void {
      drop('refused', events, 0, Date.now());
      relieve();
    },
    sealNow,
    async flush(): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, 0)); // rrweb hears of a mutation after who made it
      await drain();
      seal();
      delivery.retry();
      await delivery.settled();
    },
  };
}

const utf8Bytes = (text: string): number => new Blob([text]).size;

export type Pipeline = ReturnType<typeof createPipeline>;
