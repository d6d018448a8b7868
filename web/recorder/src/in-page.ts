import type { eventWithTime } from '@rrweb/types';
import { aboutPage } from './about-page';
import { removeBadge, showBadge } from './badge';
import { recordPage } from './record-page';
import type { FromPage, FromRelay, Hello } from './relay-messages';

/** Events are posted at this interval, and when the page is left. */
const POST_MS = 250;
const CHECK_WINDOW_MS = 1_000;

/** Record this page for the bookmarklet; a window of `relayUrl`, which has the token, sends the events. */
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
  if (!relay) return refuse('The browser blocked the window that stores the recording. Allow pop-ups for this page and try again.');
  badge.say('Confirm in the other window to record this page.', false);

  let port: MessagePort | undefined;
  let page: ReturnType<typeof recordPage> | undefined;
  let waiting: eventWithTime[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const relayOrigin = new URL(relayUrl).origin;
  addEventListener('message', onMessage);
  const watch = setInterval(() => {
    if (!relay.closed) return;
    const early = 'The other window was closed, or this page is isolated from it: nothing is recorded.';
    end(page ? 'The other window was closed: recording has stopped.' : early);
  }, CHECK_WINDOW_MS);

  function onMessage({ origin: from, source, data, ports }: MessageEvent<Partial<Hello> | null>): void {
    if (from !== relayOrigin || source !== relay || data?.kind !== 'rrweb-store:hello' || data.nonce !== nonce) return;
    removeEventListener('message', onMessage);
    port = ports[0];
    if (!port) return;
    port.onmessage = ({ data: message }: MessageEvent<FromRelay>) => {
      if (message.kind === 'ended') end(message.text);
      else if (message.kind === 'trouble') badge!.say(message.text, true);
      else if (page) showState(); // without new buttons: one may be pressed at this moment
    };
    send({ kind: 'about', text: aboutPage(Date.now(), false, {}) });
    const listenAgain = (): void => addEventListener('pagehide', onPageHide);
    listenAgain();
    page = recordPage({ apiUrl: '', getToken: async () => '' }, emit, () => undefined, () => paused, listenAgain);
    showRecording();
  }

  let paused = false;
  const showState = (): void => badge!.say(paused ? 'Paused' : 'Recording', !paused);

  function showRecording(): void {
    showState();
    badge!.offer([paused ? 'Resume' : 'Pause', togglePause], ['Stop', () => end('Recording has stopped.')]);
  }

  function togglePause(): void {
    paused = !paused;
    page?.apply();
    showRecording();
  }

  function emit(event: eventWithTime): void {
    removeBadge(event);
    waiting.push(event);
    timer ??= setTimeout(post, POST_MS);
  }

  function post(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) send({ kind: 'events', events: waiting });
    waiting = [];
  }

  function onPageHide(): void {
    end('The recording has ended with this page. Click the bookmark again to continue.'); // shown if the page returns
  }

  function send(message: FromPage): void {
    port?.postMessage(message);
  }

  function end(text: string): void {
    clearInterval(watch);
    removeEventListener('message', onMessage);
    removeEventListener('pagehide', onPageHide);
    page?.stop();
    post();
    send({ kind: 'end' });
    port?.close();
    port = undefined;
    refuse(text);
  }
}
