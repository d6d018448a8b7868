/** States that a replayed element cannot have by itself: the recording gives it an attribute, and rules ask for that. */
export const STATES = ['hover', 'active', 'focus', 'focus-visible', 'focus-within', 'target', 'user-valid', 'user-invalid', 'valid', 'invalid', 'in-range', 'out-of-range'] as const;
export type StateName = (typeof STATES)[number];

export const attributeOf = (state: StateName): string => `data-store-${state}`;
export const UNDEFINED = 'data-store-undefined';
/** Attributes that a replay does not set, since they lead away, load or play, and for which rules ask: links to other tabs have a sign. */
const ASKED_FOR: readonly string[] = [
  ...['target', 'download', 'action', 'formaction', 'ping', 'href', 'rel', 'src', 'srcset', 'srcdoc', 'name', 'allow', 'sandbox', 'data', 'type'],
  ...['content', 'pattern', 'poster', 'http-equiv', 'crossorigin', 'referrerpolicy', 'integrity', 'imagesrcset'],
];
/** rrweb's player writes these with a line before them. */
const HANDLER = 'on(?:load|click|mouse[a-z]+)';
const IS_ASKED_FOR = new RegExp(`^(?:${ASKED_FOR.join('|')}|${HANDLER})$`);
export const isAskedFor = (name: string): boolean => IS_ASKED_FOR.test(name);
export const setAside = (name: string): string => `data-store-own-${name}`;
/** Holds the names of the custom states that a custom element has. */
export const CUSTOM_STATES = 'data-store-states';

/**
 * A string, an attribute that is set aside, or a pseudo-class that is not a part of a longer name or written with an escape. rrweb's player adds a class of
 * its own beside each `:hover`, which no element has: `:not()` of it would be true of all.
 */
const REPLACED = new RegExp(
  String.raw`"(?:[^"\\]|\\.)*"|\[(${ASKED_FOR.join('|')}|${HANDLER})((?:[~|^$*]?="(?:[^"\\]|\\.)*"(?: [is])?)?\])` +
    String.raw`|(?:(?<!\\):|\.\\:(?=hover))(?:(hover|active|focus-visible|focus-within|focus|target|user-valid|user-invalid|defined|(?:in)?valid|(?:in|out-of)-range)(?![\w-])|state\(([\w-]+)\))`,
  'g',
);

/** A selector as the browser writes it, with attributes in place of these states; of the same specificity. */
export function withAttributes(selector: string): string {
  return selector.replace(REPLACED, (found: string, name: string | undefined, rest: string | undefined, state: StateName | 'defined' | undefined, custom: string | undefined) => {
    if (name !== undefined) return `:is(${found}, [${setAside(name)}${rest})`; // other elements may have it
    if (custom !== undefined) return `[${CUSTOM_STATES}~="${custom}"]`;
    if (state === 'valid' || state === 'invalid') return `:is(${found}, [${attributeOf(state)}])`; // a replay knows it of fields
    return state === undefined ? found : state === 'defined' ? `:not([${UNDEFINED}])` : `[${attributeOf(state)}]`;
  });
}
