/** What the delivery of parcels is doing. `failures` is the number of tries that have failed in a row. */
export type DeliveryState =
  /** Nothing waits to be sent. */
  | { readonly name: 'idle' }
  /** A request is under way. If the API refuses its token, a fresh one is tried at once. */
  | { readonly name: 'sending'; readonly failures: number }
  /** The same request again, with a fresh token after a 401. Another 401 is a failure. */
  | { readonly name: 'renewed'; readonly failures: number }
  /** A try has failed. The next one is made after a while. */
  | { readonly name: 'waiting'; readonly failures: number }
  /** The API refused the fresh token too. After a while another token is tried, and a 401 is a failure. */
  | { readonly name: 'denied'; readonly failures: number }
  /** The API takes nothing of this page: what waits, and what is added, is dropped. */
  | { readonly name: 'closed' }
  /** Nothing more is sent. */
  | { readonly name: 'stopped' };

export type DeliveryEvent =
  /** A parcel was added. */
  | 'added'
  /** The parcel is stored, or refused for good. */
  | 'finished'
  /** The parcel has to be sent in another form. */
  | 'changed'
  /** The API answered 401. */
  | 'unauthorized'
  /** The try failed for any other reason that may pass. */
  | 'failed'
  /** The API refused this page for good. */
  | 'closed'
  /** No parcel is left. */
  | 'empty'
  /** The wait is over, or the browser is online again. */
  | 'retry'
  /** The recording has ended. */
  | 'stop';

/** Events that are not listed change nothing; `stop` always stops. */
const NEXT: Record<DeliveryState['name'], Partial<Record<DeliveryEvent, DeliveryState['name']>>> = {
  idle: { added: 'sending' },
  sending: { finished: 'sending', changed: 'sending', unauthorized: 'renewed', failed: 'waiting', closed: 'closed', empty: 'idle' },
  renewed: { finished: 'sending', changed: 'sending', unauthorized: 'denied', failed: 'waiting', closed: 'closed', empty: 'idle' },
  waiting: { retry: 'sending' },
  denied: { retry: 'renewed' },
  closed: {},
  stopped: {},
};

/** The state after an event. It is the same object if the event changes nothing. */
export function nextDeliveryState(state: DeliveryState, event: DeliveryEvent): DeliveryState {
  const name = event === 'stop' ? 'stopped' : NEXT[state.name][event];
  if (!name) return state;
  if (name === 'idle' || name === 'closed' || name === 'stopped') return { name };
  const failures = 'failures' in state && event !== 'finished' ? state.failures : 0;
  return { name, failures: name === 'waiting' || name === 'denied' ? failures + 1 : failures };
}
