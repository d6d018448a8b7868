/** States that a replayed element cannot have by itself: the recording gives it an attribute, and rules ask for that. */
export const STATES = ['hover', 'active', 'focus', 'focus-visible', 'focus-within'] as const;
export type StateName = (typeof STATES)[number];

export const attributeOf = (state: StateName): string => `data-store-${state}`;
export const UNDEFINED = 'data-store-undefined';

/** A string, or a pseudo-class that is not a part of a longer name or written with an escape. */
const PSEUDO_CLASS = /"(?:[^"\\]|\\.)*"|(?<!\\):(hover|active|focus-visible|focus-within|focus|defined)(?![\w-])/g;

/** A selector as the browser writes it, with attributes in place of these states; of the same specificity. */
export function withAttributes(selector: string): string {
  return selector.replace(PSEUDO_CLASS, (found, state: StateName | 'defined' | undefined) =>
    state === undefined ? found : state === 'defined' ? `:not([${UNDEFINED}])` : `[${attributeOf(state)}]`,
  );
}
