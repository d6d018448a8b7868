/** States that a replayed element cannot have by itself: the recording gives it an attribute, and rules ask for that. */
export const STATES = ['hover', 'active', 'focus', 'focus-visible', 'focus-within', 'target', 'user-valid', 'user-invalid'] as const;
export type StateName = (typeof STATES)[number];

export const attributeOf = (state: StateName): string => `data-store-${state}`;
export const UNDEFINED = 'data-store-undefined';
/** Attributes that a replay does not set, since they lead away, and for which rules ask: links to other tabs have a sign. */
export const ASKED_FOR: readonly string[] = ['target', 'download', 'action'];
export const setAside = (name: string): string => `data-store-own-${name}`;
/** Holds the names of the custom states that a custom element has. */
export const CUSTOM_STATES = 'data-store-states';

/**
 * A string, an attribute that is set aside, or a pseudo-class that is not a part of a longer name or written with an escape. rrweb's player adds a class of
 * its own beside each `:hover`, which no element has: `:not()` of it would be true of all.
 */
const REPLACED = /"(?:[^"\\]|\\.)*"|\[(target|download|action)((?:[~|^$*]?="(?:[^"\\]|\\.)*"(?: [is])?)?\])|(?:(?<!\\):|\.\\:(?=hover))(?:(hover|active|focus-visible|focus-within|focus|target|user-valid|user-invalid|defined)(?![\w-])|state\(([\w-]+)\))/g;

/** A selector as the browser writes it, with attributes in place of these states; of the same specificity. */
export function withAttributes(selector: string): string {
  return selector.replace(REPLACED, (found: string, name: string | undefined, rest: string | undefined, state: StateName | 'defined' | undefined, custom: string | undefined) => {
    if (name !== undefined) return `:is(${found}, [${setAside(name)}${rest})`; // other elements may have it
    if (custom !== undefined) return `[${CUSTOM_STATES}~="${custom}"]`;
    return state === undefined ? found : state === 'defined' ? `:not([${UNDEFINED}])` : `[${attributeOf(state)}]`;
  });
}
