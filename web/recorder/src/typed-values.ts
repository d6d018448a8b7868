/** A shorter text may be on the page by chance. */
const MIN_PART = 5;
/** Of fields that are gone or hold another value, and of the last lines of a text area; each text of a page is compared with all. */
const MAX_VALUES = 200;
const TEXTS = /(["'])(.*?)\1|((?:--[\w-]+|initial-value)\s*:)([^;{}"']*)/g;
/** Fields into which a person writes words or numbers of their own. */
const IS_TYPED = /^(?:text|search|email|tel|url|password|number|textarea|date.*)$/;

const linesOf = (typed: string): string[] => [typed, ...typed.split('\n').slice(-MAX_VALUES)].map((line) => line.trim()).filter(({ length }) => length > 1);

/**
 * Make a memory of what a visitor has typed, to hide it where a script of the page shows it again.
 *
 * A text is hidden if it is a typed value or the beginning of one, and any part of it that is a typed value. What a script
 * changes before it shows it, such as the blanks in the number of a card, is not found.
 */
export function createTypedValues() {
  let values: string[] = [];
  /** With those that fields hold now, which nothing drops that is typed elsewhere; undefined after a change. */
  let all: string[] | undefined;
  /** Those that are long enough to be hidden in a text, and how they start. */
  let parts: string[] = [];
  let starts = new Set<string>();
  /** Each with the value that was read last. */
  let fields: [field: WeakRef<HTMLInputElement>, value: string][] = [];
  const known = new WeakSet<Element>();

  function allValues(): string[] {
    if (all) return all;
    all = [...new Set([...values, ...fields.flatMap(([, value]) => linesOf(value))])];
    parts = all.filter((one) => one.length >= MIN_PART);
    starts = new Set(parts.map((one) => one.slice(0, MIN_PART)));
    return all;
  }

  /** The text with asterisks in place of typed values. */
  function hide(text: string): string {
    const all = allValues();
    if (all.length === 0) return text;
    const whole = text.trim();
    const isBeginning = whole.length >= MIN_PART && starts.has(whole.slice(0, MIN_PART)) && all.some((one) => one.startsWith(whole));
    if (whole.length > 1 && (isBeginning || all.includes(whole))) return text.replace(/\S/g, '*');
    for (const part of parts) if (text.includes(part)) text = text.replaceAll(part, '*'.repeat(part.length));
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
    /** However it is encoded there; a blank may be a plus sign. */
    hideInAddress(address: string): string {
      try {
        const plain = decodeURIComponent(address);
        const hidden = hide(hide(plain).replaceAll('+', ' '));
        return hidden === plain.replaceAll('+', ' ') ? address : encodeURI(hidden).replaceAll('#', '%23');
      } catch {
        return hide(address); // a sign of it stands for nothing
      }
    },
    /** In strings and custom properties; what the rules of a style sheet say otherwise is no text. */
    hideInCss: (css: string): string =>
      allValues().some((one) => css.includes(one))
        ? css.replace(TEXTS, (_, quote = '', text = '', name = '', value: string = text) => quote + name + hide(value) + quote)
        : css,
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
