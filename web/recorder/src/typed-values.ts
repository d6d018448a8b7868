/** A shorter text may be on the page by chance. */
const MIN_PART = 5;
/** Also the last lines of a text area; each text of a page is compared with all of them. */
const MAX_VALUES = 50;
const TEXTS = /(["'])(.*?)\1|(--[\w-]+\s*:)([^;{}"']*)/g;
/** Fields into which a person writes words or numbers of their own. */
const IS_TYPED = /^(?:text|search|email|tel|url|password|number|textarea)$/;

/**
 * Make a memory of what a visitor has typed, to hide it where a script of the page shows it again.
 *
 * A text is hidden if it is a typed value or the beginning of one, and any part of it that is a typed value. What a script
 * changes before it shows it, such as the blanks in the number of a card, is not found.
 */
export function createTypedValues() {
  let values: string[] = [];
  /** Those that are long enough to be hidden in a text, and how they start. */
  let parts: string[] = [];
  let starts = new Set<string>();
  /** Each with the value that was read last. */
  let fields: [field: WeakRef<HTMLInputElement>, value: string][] = [];
  const known = new WeakSet<Element>();

  /** The text with asterisks in place of typed values, written by `written` as they are in the text. */
  function hide(text: string, written = (value: string) => value): string {
    if (values.length === 0) return text;
    const whole = text.trim();
    const isBeginning = whole.length >= MIN_PART && starts.has(whole.slice(0, MIN_PART)) && values.some((one) => one.startsWith(whole));
    if (whole.length > 1 && (isBeginning || values.includes(whole))) return text.replace(/\S/g, '*');
    for (const value of parts) {
      const part = written(value);
      if (text.includes(part)) text = text.replaceAll(part, '*'.repeat(value.length));
    }
    return text;
  }

  function add(typed: string): void {
    for (const line of [typed, ...typed.split('\n').slice(-MAX_VALUES)]) {
      const value = line.trim();
      if (value.length < 2 || values.some((one) => one.startsWith(value))) continue;
      values = [...values.filter((one) => !value.startsWith(one)), value].slice(-MAX_VALUES); // it replaces its own beginnings
      parts = values.filter((one) => one.length >= MIN_PART);
      starts = new Set(parts.map((one) => one.slice(0, MIN_PART)));
    }
  }

  return {
    hide,
    /** A path has more signs as they are than a parameter, such as `@`. */
    hideInAddress: (address: string): string => hide(hide(address, encodeURIComponent), encodeURI),
    /** In strings and custom properties; what the rules of a style sheet say otherwise is no text. */
    hideInCss: (css: string): string =>
      values.some((one) => css.includes(one))
        ? css.replace(TEXTS, (_, quote = '', text = '', name = '', value: string = text) => quote + name + hide(value) + quote)
        : css,
    add,
    /** Remember what is typed into a field, as long as it lives. */
    watch(field: HTMLInputElement): void {
      if (!known.has(field)) fields.push([new WeakRef(field), '']);
      known.add(field);
    },
    /** Read the fields: a script may show a value before rrweb hears of it. */
    read(): void {
      fields = fields.filter((one) => {
        const field = one[0].deref();
        if (field && IS_TYPED.test(field.type) && field.value !== one[1]) add((one[1] = field.value));
        return field;
      });
    },
  };
}

/** Of this page: a visitor types into one frame, and another shows it. */
export const typedValues = createTypedValues();
