import type { eventWithTime } from '@rrweb/types';
import { aboutPage } from './about-page';
import { showBadge } from './badge';
import { recordPage } from './record-page';
import type { FromPage, FromRelay, Hello } from './relay-messages';

/** Events are handed over so often, and when the page goes. */
const HAND_OVER_MS = 250;
const LOOK_FOR_WINDOW_MS = 1_000;

/** What the bookmarklet runs: the page is recorded here, and sent by a window of `relayUrl`, which has the token. */
export function recordThisPage({ relayUrl }: { relayUrl: string }): void {
  const badge = showBadge();
  if (!badge) return;
  const close: [string, () => void] = ['Close', badge.remove];
  const refuse = (text: string): void => {
    badge.say(text, false);
    badge.offer(close);
  };
  if (!/^https?:/.test(location.origin)) return refuse('This page cannot be recorded: it has no web address of its own.');
  const nonce = crypto.getRandomValues(new Uint32Array(4)).join('-');
  const address = `${relayUrl}#${new URLSearchParams({ origin: location.origin, nonce })}`;
  const relay = window.open(address, '_blank', 'popup,width=460,height=320');
  if (!relay) return refuse('The browser kept the window shut that stores the recording. Allow it, and try again.');
  badge.say('Say yes in the other window to record this page.', false);

  let port: MessagePort | undefined;
  let page: ReturnType<typeof recordPage> | undefined;
  let waiting: eventWithTime[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const relayOrigin = new URL(relayUrl).origin;
  addEventListener('message', onMessage);
  const watch = setInterval(() => {
    if (!relay.closed) return;
    const early = 'The other window was closed, or this page keeps itself apart from it: nothing is recorded.';
    end(page ? 'The other window was closed: recording has stopped.' : early);
  }, LOOK_FOR_WINDOW_MS);

  function onMessage({ origin: from, source, data, ports }: MessageEvent<Partial<Hello> | null>): void {
    if (from !== relayOrigin || source !== relay || data?.kind !== 'rrweb-store:hello' || data.nonce !== nonce) return;
    removeEventListener('message', onMessage);
    port = ports[0];
    if (!port) return;
    port.onmessage = ({ data: told }: MessageEvent<FromRelay>) => {
      if (told.kind === 'ended') end(told.text);
      else if (told.kind === 'trouble') badge!.say(told.text, true);
      else if (page) sayState(); // and leave the buttons alone: one may be pressed at this moment
    };
    send({ kind: 'about', text: aboutPage(Date.now(), false) });
    addEventListener('pagehide', onPageHide);
    page = recordPage({ apiUrl: '', getToken: async () => '' }, emit, () => undefined, () => paused);
    showRecording();
  }

  let paused = false;
  const sayState = (): void => badge!.say(paused ? 'Paused' : 'Recording', !paused);

  function showRecording(): void {
    sayState();
    badge!.offer([paused ? 'Go on' : 'Pause', pause], ['Stop', () => end('Recording has stopped.')]);
  }

  function pause(): void {
    paused = !paused;
    page?.apply();
    showRecording();
  }

  function emit(event: eventWithTime): void {
    waiting.push(event);
    timer ??= setTimeout(handOver, HAND_OVER_MS);
  }

  function handOver(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) send({ kind: 'events', events: waiting });
    waiting = [];
  }

  function onPageHide(): void {
    end('The recording has ended with this page. Click the bookmark again to go on.'); // seen if it comes back
  }

  function send(message: FromPage): void {
    port?.postMessage(message);
  }

  function end(text: string): void {
    clearInterval(watch);
    removeEventListener('message', onMessage);
    removeEventListener('pagehide', onPageHide);
    page?.stop();
    handOver();
    send({ kind: 'end' });
    port?.close();
    port = undefined;
    refuse(text);
  }
}
