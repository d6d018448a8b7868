/** Where everything on a page lies: what a recording without texts still shows. */

/** In CSS pixels: browsers round a position between two pixels to either. */
export const MAX_PX_APART = 1;

export interface Box {
  readonly name: string;
  readonly box: readonly number[];
}

/** Runs in the page. Everything in the body that is drawn, in the order of the document. */
export function boxesOf(html: Element): Box[] {
  return [...html.ownerDocument.body.querySelectorAll('*:not(script, noscript, template, option)')]
    .filter((element) => element.checkVisibility())
    .map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const classes = [...element.classList].filter((name) => name !== ':hover'); // rrweb's, in a replay
      return { name: [element.localName, ...classes].join('.'), box: [x, y, width, height].map(Math.round) };
    });
}

/** A line for each box that the replay lacks, has elsewhere, or has besides. */
export function boxesApart(recorded: readonly Box[], replayed: readonly Box[]): string[] {
  const lines = recorded.flatMap(({ name, box }, index) => {
    const other = replayed[index];
    const isThere = other?.name === name && box.every((px, side) => Math.abs(px - other.box[side]!) <= MAX_PX_APART);
    return isThere ? [] : [`${name}: recorded ${box.join(' ')}, replayed ${other ? `${other.name} ${other.box.join(' ')}` : 'nothing'}`];
  });
  return [...lines, ...replayed.slice(recorded.length).map(({ name }) => `${name}: replayed, but not recorded`)];
}
