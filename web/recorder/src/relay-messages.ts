import type { eventWithTime } from '@rrweb/types';

/** From the relay to the page that opened it, once, with a port that all else goes through. */
export interface Hello {
  readonly kind: 'rrweb-store:hello';
  /** What the page put into the relay's address. */
  readonly nonce: string;
}

/** From the recorded page. */
export type FromPage =
  /** The body of createRecording; first of all, and once. */
  | { readonly kind: 'about'; readonly text: string }
  | { readonly kind: 'events'; readonly events: readonly eventWithTime[] }
  /** It goes, or was stopped. */
  | { readonly kind: 'end' };

/** From the relay. There is no message that holds a token. */
export type FromRelay =
  | { readonly kind: 'trouble'; readonly text: string }
  | { readonly kind: 'stored' }
  /** It hears nothing any more. */
  | { readonly kind: 'ended'; readonly text: string };
