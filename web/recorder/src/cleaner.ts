import { isRecorded, withoutCredentials } from './look-address';
import { maskedText } from './masked-text';
import { type PlaceOptions, levelOf } from './place';
import { type AddressOptions, shownAddress } from './shown-address';
import { typedValues } from './typed-values';

/** An address in a text, without line and column, which a stack has after it. One that begins with `data:` is a text, to the end of its line. */
const ADDRESS = /\bdata:[\w-]+\/.+|\b(?:http|ws)s?:\/\/[^\s/"'<>)]+(?:\/[^\s"'<>)]*?(?=(?::\d+){0,2}(?:[\s"'<>),;]|$)))?/g;
/** Addresses of mail, and numbers of at least five digits, as those of telephones, cards and customers have. */
const PERSONAL = /[^\s@"'<>(]+(?:@|%40)[^\s@"'<>)]+\.\w+|\d(?:[ -]?\d){4,}/g;

/**
 * Make functions that hide in what a page's program says what its texts, fields and addresses hide: docs/privacy.md.
 *
 * Of such a text no element is known, so the level of the page counts.
 *
 * @param read learns what the fields hold: a script may show a value before rrweb hears of it
 */
export function createCleaner(options: PlaceOptions & AddressOptions, read: () => void = typedValues.read) {
  const level = levelOf(options);

  const shown = (href: string): string => shownAddress(href, options);
  function address(href: string): string {
    read();
    return shown(href);
  }
  /** A place in the program, such as a line of a stack. */
  function place(text: string): string {
    read();
    return typedValues.hide(withoutCredentials(text.replace(ADDRESS, shown)));
  }

  return {
    address,
    /** Of what an element or a style sheet has loaded: only the host, unless the address is recorded with one anyway. */
    loaded(href: string): string {
      const whole = address(href);
      return isRecorded(whole) ? whole : whole.replace(/^(\w+:\/\/[^/]*\/).+/, '$1***');
    },
    place,
    text: (text: string): string => (level === 'private' ? maskedText(text) : place(level === 'text' ? text.replace(PERSONAL, maskedText) : text)),
  };
}

export type Cleaner = ReturnType<typeof createCleaner>;
