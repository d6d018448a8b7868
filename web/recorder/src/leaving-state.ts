/** What is known of the end of a page, and how far the recorder is with it. */
export type LeavingState =
  /** The page is used. No navigation of the tab is known that the next page would continue. */
  | 'here'
  /** The page is used. The tab is about to show another page of the same origin. */
  | 'staying'
  /** The page is being left for another site, or closed: its events are sent, and then kept. */
  | 'leaving'
  /** The page is being left for one of the same origin, which continues its batch. */
  | 'handing-over'
  /** All is sent or kept. The page may return by the back button. */
  | 'left';

export type LeavingEvent =
  /** The next page is of the same origin. */
  | 'stays'
  /** It is not, or that was known too long ago. */
  | 'goes'
  /** The page is gone from the screen. */
  | 'hides'
  /** All is sent or kept. Firefox may end a listener before that: the next listener goes on. */
  | 'finished'
  /** There is something to be sent after all. */
  | 'more'
  /** The page has returned. */
  | 'returns';

/** Events that are not listed change nothing. */
const NEXT: Record<LeavingState, Partial<Record<LeavingEvent, LeavingState>>> = {
  here: { stays: 'staying', hides: 'leaving' },
  staying: { goes: 'here', hides: 'handing-over' },
  leaving: { finished: 'left', returns: 'here' },
  'handing-over': { finished: 'left', returns: 'here' },
  left: { returns: 'here', more: 'leaving' },
};

export const nextLeavingState = (state: LeavingState, event: LeavingEvent): LeavingState => NEXT[state][event] ?? state;
