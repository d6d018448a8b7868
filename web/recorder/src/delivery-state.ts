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
  /** Nothing is sent any more. */
  | { readonly name: 'closed' };

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
  /** No parcel is left. */
  | 'emptied'
  /** The wait is over, or not worth going on with: the browser is online again. */
  | 'retry'
  /** The recording has ended. */
  | 'close';

/** The state after an event. It is the same object if the event changes nothing. */
export function nextDeliveryState(state: DeliveryState, event: DeliveryEvent): DeliveryState {
  if (event === 'close') return { name: 'closed' };
  switch (state.name) {
    case 'idle':
      return event === 'added' ? { name: 'sending', failures: 0 } : state;
    case 'sending':
    case 'renewed': {
      const { name, failures } = state;
      if (event === 'finished') return { name: 'sending', failures: 0 };
      if (event === 'changed') return { name: 'sending', failures };
      if (event === 'failed') return { name: 'waiting', failures: failures + 1 };
      if (event === 'unauthorized') return name === 'sending' ? { name: 'renewed', failures } : { name: 'denied', failures: failures + 1 };
      return event === 'emptied' ? { name: 'idle' } : state;
    }
    case 'waiting':
      return event === 'retry' ? { name: 'sending', failures: state.failures } : state;
    case 'denied':
      return event === 'retry' ? { name: 'renewed', failures: state.failures } : state;
    case 'closed':
      return state;
  }
}
