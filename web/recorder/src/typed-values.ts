/** A shorter text may be on the page by chance. */
const MIN_PART = 5;
/** With so many letters a value is known in groups and in codes too; with a digit sooner. */
const KNOWN_BY_LETTERS = /^(?=.*\d).{5}|.{8}/;
/** Of fields that are gone or hold another value, and of the last lines of a text area; each text of a page is compared with all. */
const MAX_VALUES = 200;
/** So many texts of so many characters are remembered with what was hidden in them. */
const MAX_SHOWN = 500;
const TEXTS = /(["'])(.*?)\1|((?:--[\w-]+|initial-value)\s*:)([^;{}"']*)/g;
/** Fields into which a person writes words or numbers of their own, or for which they choose a file of their own. */
const IS_TYPED = /^(?:text|search|email|tel|url|password|number|textarea|date.*|month|week|time|file)$/;
/** What any address may begin with, while a person types one. */
const SCHEME = /^https?[\Ww]*$/i;
/** A value that is no word of a page or a program, as `userName47` and `ann@page.example` are. */
const NAME = /^(?=.*(?:[A-Z].*[A-Z]|[\d@]))[A-Za-z][\w@.-]{7,}$/;
/** A sign as an address, JSON or HTML may write it, perhaps twice; or any other. */
const SIGNS = /(?:%(?:25)*[\da-f]{2})+|\\+u[\da-f]{4}|&#?\w+;|[^]/gi;
const NO_LETTERS = /(?:%(?:25)*[\da-f]{2})+|\\+u[\da-f]{4}|&#?\w+;|[^a-z\d]/gi;

function decoded(code: string): string {
  try {
    return decodeURIComponent(code);
  } catch {
    return code;
  }
}

/** In small letters, and decoded as an address. */
const small = (text: string): string => text.replace(/(?:%[\da-f]{2})+/gi, decoded).toLowerCase();

/** The letters and digits of a text, in small ones: they stay the same in whichever groups and codes it is written. */
const lettersOf = (text: string): string => text.replace(NO_LETTERS, '').toLowerCase();

/** The text with asterisks in place of each sign that is read as a part of the value, and of what stands between those. */
function without(text: string, value: string, read: (text: string) => string): string {
  const signs = text.match(SIGNS)!;
  const places = signs.flatMap((sign, at) => read(sign).split('').map(() => at));
  const all = read(text);
  for (let at = 0; (at = all.indexOf(value, at)) >= 0; at += value.length) signs.fill('*', places[at], places[at + value.length - 1]! + 1);
  return signs.join('');
}

const linesOf = (typed: string): string[] => [typed, ...typed.split(/[\n\\]/).slice(-MAX_VALUES)].map((line) => line.trim()).filter((line) => line.length > 1 && !SCHEME.test(line));

/**
 * Make a memory of what a visitor has typed, to hide it where a script of the page shows it again.
 *
 * A text is hidden if it is a typed value or the beginning of one, and any part of it that is a typed value. Values of five
 * characters and more are found in small letters and large ones. A long value is also found in groups, as the number of a card,
 * and in codes of addresses, JSON and HTML.
 */
export function createTypedValues() {
  let values: string[] = [];
  /** With those that fields hold now, which nothing drops that is typed elsewhere; undefined after a change. In small letters. */
  let all: string[] | undefined;
  /** Those that are long enough to be hidden in a text, the longest first, and how they start. */
  let parts: string[] = [];
  let starts = new Set<string>();
  /** The letters of those that are known by them. */
  let letters: string[] = [];
  let names: string[] = [];
  /** All as they are written. */
  let written: string[] = [];
  /** What became of texts since the last change. */
  const shown = new Map<string, string>();
  /** Each with the value that was read last. */
  let fields: [field: WeakRef<HTMLInputElement>, value: string][] = [];
  const known = new WeakSet<Element>();

  function allValues(): string[] {
    if (all) return all;
    shown.clear();
    written = [...values, ...fields.flatMap(([, value]) => linesOf(value))];
    all = [...new Set(written.map(small))].sort((a, b) => b.length - a.length);
    parts = all.filter((one) => one.length >= MIN_PART);
    starts = new Set(parts.map((one) => one.slice(0, MIN_PART)));
    letters = [...new Set(parts.map(lettersOf))].filter((one) => KNOWN_BY_LETTERS.test(one));
    names = written.flatMap((one) => (NAME.test(one) ? [one, small(one)] : []));
    return all;
  }

  /** The text with asterisks in place of typed values. A page shows most of its texts often. */
  function hide(text: string): string {
    const all = allValues();
    if (all.length === 0) return text;
    if (shown.size > MAX_SHOWN) shown.clear();
    const known = shown.get(text) ?? hidden(text, all);
    if (text.length < MAX_SHOWN) shown.set(text, known);
    return known;
  }

  function hidden(text: string, all: readonly string[]): string {
    const read = small(text);
    const whole = read.trim();
    const isBeginning = starts.has(whole.slice(0, MIN_PART)) && all.some((one) => one.startsWith(whole));
    const isShort = whole.length < MIN_PART; // in other letters it is a word of the page's own: Tea, where tea was searched
    if (isShort ? written.includes(text.trim()) : isBeginning || all.includes(whole)) return text.replace(/\S/g, '*');
    if (isShort) return text;
    for (const part of parts) if (read.includes(part)) text = without(text, part, small);
    const found = letters.length ? lettersOf(text) : '';
    for (const one of letters) if (found.includes(one)) text = without(text, one, lettersOf);
    return text;
  }

  function add(typed: string): void {
    for (const value of linesOf(typed)) {
      if (values.some((one) => one.startsWith(value))) continue;
      values = [...values.filter((one) => !value.startsWith(one)), value].slice(-MAX_VALUES); // it replaces its own beginnings
    }
    all = undefined;
  }

  return {
    hide,
    /** In strings and custom properties; what the rules of a style sheet say otherwise is no text. */
    hideInCss(css: string): string {
      const read = allValues().length ? small(css) : '';
      return allValues().some((one) => read.includes(one))
        ? css.replace(TEXTS, (_, quote = '', text = '', name = '', value: string = text) => quote + name + hide(value) + quote)
        : css;
    },
    /** In an event, wherever it is: in a class, a selector, the name of an attribute. What goes by a name still does. */
    hideNames(line: string): string {
      allValues();
      for (const name of names) if (line.includes(name)) line = line.replaceAll(name, '_'.repeat(name.length));
      return line;
    },
    add,
    /** Remember what is typed into a field, as long as it lives. */
    watch(field: HTMLInputElement): void {
      if (known.has(field) || !IS_TYPED.test(field.type)) return;
      known.add(field);
      fields.push([new WeakRef(field), '']);
    },
    /** Read the fields: a script may show a value before rrweb hears of it. */
    read(): void {
      fields = fields.filter((one) => {
        const field = one[0].deref();
        if (!field) add(one[1]);
        else if (field.value !== one[1]) add((one[1] = field.value));
        return field;
      });
    },
  };
}

/** Of this page: a visitor types into one frame, and another shows it. */
export const typedValues = createTypedValues();
