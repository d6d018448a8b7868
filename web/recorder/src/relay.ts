import { continueRecording } from './continuation';
import { createDelivery } from './delivery';
import { endMark } from './end-marks';
import { enableInSight } from './in-sight';
import { createOutbox } from './outbox';
import { createPipeline } from './pipeline';
import { createIntake } from './relay-intake';
import type { FromRelay, Hello } from './relay-messages';
import { userKind } from './user-destination';

export interface RelayOptions {
  readonly apiUrl: string;
  readonly getToken: () => Promise<string>;
  /** An empty element for two sentences, a button and a link. */
  readonly root: HTMLElement;
  /** Where a recording can be watched, for a link to it. @default no link */
  readonly watchUrl?: (recordingId: string) => string;
}

/**
 * Runs in a window of our own origin that a bookmarklet opened: receives events from that page and sends them.
 *
 * The page's origin stands in this window's address, which any page can write. So nothing is sent or stored before a
 * person has confirmed that origin here, messages are exchanged with that origin only, and none holds the token. A page
 * that frames this window, to have its button clicked unseen, gets nothing; one that opens it under the pointer finds a
 * button that does not work yet.
 */
export function startRelay({ apiUrl, getToken, root, watchUrl }: RelayOptions): void {
  const status = root.appendChild(paragraph());
  const hint = paragraph();
  const button = document.createElement('button');
  const address = new URLSearchParams(location.hash.slice(1));
  const origin = webOrigin(address.get('origin'));
  const page: Window | null = window.opener;
  const tell = (text: string): void => void (status.textContent = text);
  if (window.top !== window || !page || !origin) {
    tell('Open this window with the bookmarklet, on the page that you want to record.');
    return;
  }
  tell(`Record ${origin}? What it shows will be stored among your recordings.`);
  button.textContent = 'Record';
  root.append(button, hint);
  const stopWatching = enableInSight(window, (works) => {
    button.disabled = !works;
    button.style.pointerEvents = works ? '' : 'none'; // so that the window gets a click on it
    hint.textContent = works ? 'You can answer now.' : 'The button works in a second.';
  });
  button.addEventListener('click', start, { once: true });

  function start(): void {
    stopWatching();
    hint.remove();
    button.textContent = 'Stop';
    button.addEventListener('click', () => end());
    const { port1: port, port2 } = new MessageChannel();
    /** The sentences that are shown once the recording has ended; empty before. */
    let ended = '';
    const answer = (message: FromRelay): void => port.postMessage(message);
    const kind = userKind(apiUrl, getToken);
    const continuation = continueRecording({ storage: undefined, newId: kind.newId, sample: () => true });
    const destination = kind.open(continuation, changeUser);
    const outbox = createOutbox(destination.url, indexedDB, onError);
    outbox.open();
    const delivery = createDelivery({
      destination,
      outbox,
      fetch: fetch.bind(globalThis),
      onDelivered: () => {
        offerLink();
        pipeline.reportDropped();
        showState();
        answer({ kind: 'stored' });
      },
      onError,
    });
    const pipeline = createPipeline({
      continuation,
      delivery,
      outbox,
      destination,
      startAnew: () => undefined,
    });
    addEventListener('pagehide', () => {
      pipeline.sealNow();
      delivery.leave();
      delivery.keep();
    });
    const receive = createIntake({ origin: origin!, describe, add: pipeline.add, end });
    port.onmessage = ({ data }) => receive(data);
    showState();
    const hello: Hello = { kind: 'rrweb-store:hello', nonce: address.get('nonce') ?? '' };
    page!.postMessage(hello, origin!, [port2]);

    function describe(text: string): void {
      delivery.add({ recordingId: continuation.recordingId, sequence: null, text, events: 0, assets: [] });
    }

    /** Accept nothing more, and store the rest. A change of user may follow, with a better reason. */
    function end(why = ''): void {
      const isFirst = !ended;
      button.remove();
      ended = `${why} The recording has ended.`.trim();
      showState();
      if (!isFirst) return;
      answer({ kind: 'ended', text: ended });
      port.close();
      if (continuation.newestMs()) pipeline.add(endMark(continuation.newestMs(), 'stopped'));
      void pipeline.flush().then(showState);
    }

    /** Once something is stored that can be watched. */
    function offerLink(): void {
      if (!watchUrl || root.querySelector('a')) return;
      const link = document.createElement('a');
      link.href = watchUrl(continuation.recordingId);
      link.target = '_blank';
      link.rel = 'opener'; // a tab of this browser's user: it takes the session along
      link.textContent = 'Watch the recording';
      root.append(link);
    }

    function changeUser(): void {
      pipeline.sealNow();
      delivery.abandon();
      delivery.close();
      end('Another user has signed in.');
    }

    function showState(): void {
      if (!ended) tell(`Recording ${origin}. Keep this window open.`);
      else tell(`${ended} ${delivery.bytes() ? 'Keep this window open until all is stored.' : 'You may close this window.'}`);
    }

    function onError(error: unknown): void {
      if (ended && !delivery.bytes()) return showState(); // an error of a batch that is no longer sent
      tell(`${ended || `Recording ${origin}.`} Unsent events will be sent again: ${String(error)}`);
      answer({ kind: 'trouble', text: 'The recording cannot be stored at the moment. Trying again.' });
    }
  }
}

/** An empty paragraph whose text a screen reader announces. */
function paragraph(): HTMLElement {
  const element = document.createElement('p');
  element.setAttribute('role', 'status');
  return element;
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
