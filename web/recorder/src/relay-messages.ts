import type { eventWithTime } from '@rrweb/types';

/** From the relay to the page that opened it, once, with the port for all other messages. */
export interface Hello {
  readonly kind: 'rrweb-store:hello';
  /** The random number that the page put into the relay's address. */
  readonly nonce: string;
}

/** From the recorded page. */
export type FromPage =
  /** The body of createRecording; the first message, sent once. */
  | { readonly kind: 'about'; readonly text: string }
  | { readonly kind: 'events'; readonly events: readonly eventWithTime[] }
  /** The page is left, or its recording was stopped. */
  | { readonly kind: 'end' };

/** From the relay. No message holds a token. */
export type FromRelay =
  | { readonly kind: 'trouble'; readonly text: string }
  | { readonly kind: 'stored' }
  /** The relay accepts nothing more. */
  | { readonly kind: 'ended'; readonly text: string };
