import { continueRecording } from './continuation';
import { createDelivery } from './delivery';
import { enableInSight } from './in-sight';
import { openOutbox } from './outbox';
import { createPipeline } from './pipeline';
import { createIntake } from './relay-intake';
import type { FromRelay, Hello } from './relay-messages';
import { createTokenSource } from './token-source';

export interface RelayOptions {
  readonly apiUrl: string;
  readonly getToken: () => Promise<string>;
  /** Gets two sentences and a button; empty. */
  readonly root: HTMLElement;
}

/**
 * Runs in a window of our own origin that a bookmarklet opened: takes events from that page and sends them.
 *
 * The page's origin stands in this window's address, where anybody may have written it. So nothing is sent or stored
 * before a person here has said yes to that origin, a message goes to that origin alone, what comes is of that origin
 * alone, and nobody gets the token. A page that frames this one, to have its button clicked unseen, gets nothing; one
 * that opens it under the pointer finds a button that does not work yet.
 */
export function startRelay({ apiUrl, getToken, root }: RelayOptions): void {
  const said = root.appendChild(paragraph());
  const hint = paragraph();
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
  root.append(button, hint);
  const stopLooking = enableInSight(window, (works) => {
    button.disabled = !works;
    button.style.pointerEvents = works ? '' : 'none'; // so that the window hears of a click on it
    hint.textContent = works ? 'You can answer now.' : 'The button works in a second.';
  });
  button.addEventListener('click', begin, { once: true });

  function begin(): void {
    stopLooking();
    button.remove();
    hint.remove();
    const { port1: port, port2 } = new MessageChannel();
    /** Why it has ended, if it has. */
    let ended = '';
    const answer = (message: FromRelay): void => port.postMessage(message);
    const continuation = continueRecording({ storage: undefined, sample: () => true });
    const token = createTokenSource(getToken, continuation, changeUser);
    const outbox = openOutbox(apiUrl, indexedDB, trouble);
    const delivery = createDelivery({
      apiUrl,
      token,
      outbox,
      fetch: fetch.bind(globalThis),
      onDelivered: () => {
        pipeline.reportDropped();
        say();
        answer({ kind: 'stored' });
      },
      onError: trouble,
    });
    const pipeline = createPipeline({
      continuation,
      delivery,
      outbox,
      owner: token.owner,
      takeSnapshot: () => undefined,
    });
    addEventListener('pagehide', () => {
      pipeline.sealNow();
      delivery.leave();
      delivery.keep();
    });
    const take = createIntake({ origin: origin!, describe, add: pipeline.add, end });
    port.onmessage = ({ data }) => take(data);
    say();
    const hello: Hello = { kind: 'rrweb-store:hello', nonce: address.get('nonce') ?? '' };
    page!.postMessage(hello, origin!, [port2]);

    function describe(text: string): void {
      delivery.add({ recordingId: continuation.recordingId, sequence: null, text, events: 0, assets: [] });
    }

    /** Nothing is heard any more; what came is stored. A change of user may follow, which says more. */
    function end(why = ''): void {
      const isFirst = !ended;
      ended = `${why} The recording has ended.`.trim();
      say();
      if (!isFirst) return;
      answer({ kind: 'ended', text: ended });
      port.close();
      void pipeline.flush().then(say);
    }

    function changeUser(): void {
      pipeline.sealNow();
      delivery.handBack();
      delivery.close();
      end('Another user has signed in.');
    }

    function say(): void {
      if (!ended) tell(`Recording ${origin}. Keep this window open.`);
      else tell(`${ended} ${delivery.bytes() ? 'Keep this window open until all is stored.' : 'You may close this window.'}`);
    }

    function trouble(error: unknown): void {
      if (ended && !delivery.bytes()) return say(); // of what is not sent any more
      tell(`${ended || `Recording ${origin}.`} What is not stored yet is tried again: ${String(error)}`);
      answer({ kind: 'trouble', text: 'The recording cannot be stored at the moment; it is tried again.' });
    }
  }
}

/** Empty; what is written into it is also said by a screen reader. */
function paragraph(): HTMLElement {
  const made = document.createElement('p');
  made.setAttribute('role', 'status');
  return made;
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
