import type { eventWithTime } from '@rrweb/types';
import { continueRecording } from './continuation';
import { createDelivery } from './delivery';
import { DEFAULT_FLUSH_BYTES, DEFAULT_FLUSH_MS, DEFAULT_MAX_WAITING_BYTES } from './options';
import { openOutbox } from './outbox';
import { createPipeline } from './pipeline';
import type { FromPage, FromRelay, Hello } from './relay-messages';
import { createTokenSource } from './token-source';

/** The text of createRecording is no longer than its members may be. */
const MAX_ABOUT_LENGTH = 24_000;

export interface RelayOptions {
  readonly apiUrl: string;
  readonly getToken: () => Promise<string>;
  /** Gets a sentence and a button; empty. */
  readonly root: HTMLElement;
}

/**
 * Runs in a window of our own origin that a bookmarklet opened: takes events from that page and sends them.
 *
 * The page's origin stands in this window's address, where anybody may have written it. So nothing is sent or stored
 * before a person here has said yes to that origin, a message goes to that origin alone, and the token to nobody.
 * A page that frames this one, to have its button clicked unseen, gets nothing.
 */
export function startRelay({ apiUrl, getToken, root }: RelayOptions): void {
  const said = root.appendChild(document.createElement('p'));
  const button = document.createElement('button');
  const address = new URLSearchParams(location.hash.slice(1));
  const origin = webOrigin(address.get('origin'));
  const page: Window | null = window.opener;
  const tell = (text: string): void => void (said.textContent = text);
  if (window.top !== window || !page || !origin) {
    tell('Open this window with the bookmarklet, on the page that is to be recorded.');
    return;
  }
  tell(`Record ${origin}? What it shows will be stored among your recordings.`);
  button.textContent = 'Record';
  root.append(button);
  button.addEventListener('click', begin, { once: true });

  function begin(): void {
    button.remove();
    const { port1: port, port2 } = new MessageChannel();
    const answer = (message: FromRelay): void => port.postMessage(message);
    const trouble = (error: unknown): void => {
      tell(`Recording ${origin}. What is not stored yet is tried again: ${String(error)}`);
      answer({ kind: 'trouble', text: 'The recording cannot be stored at the moment; it is tried again.' });
    };
    const continuation = continueRecording({ storage: undefined, sample: () => true });
    const token = createTokenSource(getToken, continuation, changeUser);
    const outbox = openOutbox(apiUrl, indexedDB, trouble);
    const delivery = createDelivery({
      apiUrl,
      token,
      outbox,
      fetch: fetch.bind(globalThis),
      onDelivered: () => {
        pipeline.relieve();
        tell(`Recording ${origin}. Keep this window open.`);
        answer({ kind: 'stored' });
      },
      onError: trouble,
    });
    const pipeline = createPipeline({
      continuation,
      delivery,
      outbox,
      owner: token.owner,
      flushMs: DEFAULT_FLUSH_MS,
      flushBytes: DEFAULT_FLUSH_BYTES,
      maxWaitingBytes: DEFAULT_MAX_WAITING_BYTES,
      takeSnapshot: () => undefined,
    });
    addEventListener('pagehide', () => {
      pipeline.sealNow();
      delivery.leave();
      delivery.keep();
    });
    port.onmessage = ({ data }: MessageEvent<FromPage>) => {
      if (data.kind === 'about') describe(data.text);
      if (data.kind === 'events') for (const event of data.events) if (isEvent(event)) pipeline.add(event);
      if (data.kind === 'end') void pipeline.flush().then(() => tell('The recording has ended. You may close this window.'));
    };
    tell(`Recording ${origin}. Keep this window open.`);
    const hello: Hello = { kind: 'rrweb-store:hello', nonce: address.get('nonce') ?? '' };
    page!.postMessage(hello, origin!, [port2]);

    /** The recording ends: what comes now is not the first user's. */
    function changeUser(): void {
      port.close();
      pipeline.sealNow();
      delivery.handBack();
      delivery.close();
      tell('Another user has signed in. The recording has ended.');
    }

    function describe(text: string): void {
      if (typeof text !== 'string' || text.length > MAX_ABOUT_LENGTH || continuation.created()) return;
      continuation.setCreated();
      delivery.add({ recordingId: continuation.recordingId, sequence: null, text, events: 0, assets: [] });
    }
  }
}

/** The text if it is the origin of a web page as a browser writes it. */
export function webOrigin(text: string | null): string | undefined {
  try {
    const { origin, protocol } = new URL(text ?? '');
    return origin === text && /^https?:$/.test(protocol) ? origin : undefined;
  } catch {
    return undefined;
  }
}

function isEvent(value: unknown): value is eventWithTime {
  const { type, timestamp } = Object(value) as Partial<eventWithTime>;
  return Number.isInteger(type) && Number.isFinite(timestamp);
}
