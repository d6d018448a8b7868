import type { SiteRecording } from 'contract';
import { type RefObject, useRef, useState } from 'react';
import type { Length } from '../api/beginning';
import { beganAtMs } from '../api/moment';
import { lengthOf, visitorName } from '../pages/visitor-facts';
import { shortened } from '../ui/words';
import { isLive } from './is-live';
import { useNear } from './use-near';

export interface ListedProps {
  readonly recording: SiteRecording;
  readonly isWatched: boolean;
  /** Rounded, so that a list is not drawn anew all the time. */
  readonly nowMs: number;
}

/** What a card and a row say of a recording, and what is loaded of it while it is near the screen. */
export function useListed(recording: SiteRecording) {
  const element: RefObject<HTMLElement | null> = useRef(null);
  /** `null` without events; `undefined` before it is known. */
  const [loaded, setLoaded] = useState<Length | null>();
  return {
    element,
    isNear: useNear(element),
    loaded,
    setLoaded,
    length: lengthOf(recording, loaded ?? undefined),
    visitor: shortened(visitorName(recording)),
    atMs: beganAtMs(recording),
    isLive: isLive(recording, loaded ?? undefined),
  };
}
