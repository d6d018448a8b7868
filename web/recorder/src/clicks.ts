import type { eventWithTime } from '@rrweb/types';

const INCREMENTAL = 3;
const META = 4;
const MOUSE_INTERACTION = 2;
const CLICK = 2;
/** MouseMove, TouchMove, Drag and Selection: a visitor makes them, and no page answers by them. */
const OF_THE_VISITOR = [1, 6, 12, 14];

/** As PostHog counts them: https://posthog.com/docs/product-analytics/autocapture#rageclicks */
const RAGE_CLICKS = 3;
const RAGE_WITHIN_MS = 1_000;
const RAGE_WITHIN_PX = 30;
/** A page that has shown nothing by then has not answered. */
const DEAD_AFTER_MS = 3_000;

/** What a click is expected to do something at. */
const ACTS = 'a[href], button, summary, [role=button], [role=link], [role=tab], [role=menuitem], input:is([type=submit], [type=button], [type=image])';
/** What may do its work where the page does not show it: in another program, another tab, or nowhere for now. */
const UNSEEN = ':disabled, [aria-disabled=true], [download], [target], [type=reset], a[href*="#"], a[href]:not([href*="/"])';
/** Where many clicks in a row are meant. */
const CLICKED_OFTEN = 'input, textarea, select, canvas, video, audio, [contenteditable]';
/** Where no text is: three clicks select what stands beside it. */
const PICTURE = 'img, svg, svg :not(text, tspan)';

export type ClickKind = 'clicks' | 'rageClicks' | 'deadClicks';

/**
 * Count clicks, from the events of rrweb.
 *
 * @param onClick told of each one, and again where it turns out to be of another kind as well
 */
export function watchClicks(nodeOf: (id: number) => Node | null | undefined, onClick: (kind: ClickKind, id: number) => void) {
  let row: { timestamp: number; x: number; y: number }[] = [];
  let unanswered: ReturnType<typeof setTimeout> | undefined;

  function answered(): void {
    clearTimeout(unanswered);
    unanswered = undefined;
  }

  function click(timestamp: number, id: number, x: number, y: number): void {
    onClick('clicks', id);
    const node = nodeOf(id);
    const element = node instanceof Element ? node : node?.parentElement;
    if (!element) return;
    const last = row[row.length - 1];
    const goesOn = last && timestamp - last.timestamp < RAGE_WITHIN_MS && Math.hypot(x - last.x, y - last.y) < RAGE_WITHIN_PX;
    row = goesOn ? [...row, { timestamp, x, y }] : [{ timestamp, x, y }];
    const selects = getSelection()?.isCollapsed === false && !element.matches(PICTURE); // as two clicks do with a word, and three with a paragraph
    if (row.length === RAGE_CLICKS && !selects && !element.closest(CLICKED_OFTEN)) onClick('rageClicks', id);
    const acting = element.closest(ACTS);
    if (!acting || acting.matches(UNSEEN) || unanswered) return;
    unanswered = setTimeout(() => {
      unanswered = undefined;
      onClick('deadClicks', id);
    }, DEAD_AFTER_MS);
  }

  return {
    see({ type, data, timestamp }: eventWithTime): void {
      if (type > META) return; // what a plugin or we tell
      if (type !== INCREMENTAL) return answered(); // another page
      if (data.source !== MOUSE_INTERACTION) return OF_THE_VISITOR.includes(data.source) ? undefined : answered();
      if ((data.type as number) === CLICK) click(timestamp, data.id, data.x ?? 0, data.y ?? 0);
    },
    /** The page did something that rrweb does not see: a request, a dialog, another window. */
    answered,
  };
}
