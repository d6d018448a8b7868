/** A shorter text may be on the page by chance. */
const MIN_PART = 5;
/** Also the last lines of a text area; each text of a page is compared with all of them. */
const MAX_VALUES = 20;

/**
 * Make a memory of what a visitor has typed, to hide it where a script of the page shows it again.
 *
 * A text is hidden if it is a typed value or the beginning of one, and any part of it that is a typed value. What a script
 * changes before it shows it, such as the blanks in the number of a card, is not found.
 */
export function createTypedValues() {
  let values: string[] = [];

  /** The text with asterisks in place of typed values, written by `written` as they are in the text. */
  function hide(text: string, written = (value: string) => value): string {
    if (values.length === 0) return text;
    const whole = text.trim();
    const isTyped = (value: string): boolean => value === whole || (whole.length >= MIN_PART && value.startsWith(whole));
    if (whole.length > 1 && values.some(isTyped)) return text.replace(/\S/g, '*');
    for (const value of values) {
      const part = written(value);
      if (value.length >= MIN_PART && text.includes(part)) text = text.replaceAll(part, '*'.repeat(value.length));
    }
    return text;
  }

  return {
    hide,
    hideInAddress: (address: string): string => hide(address, encodeURIComponent),
    add(typed: string): void {
      for (const line of typed.split('\n').slice(-MAX_VALUES)) {
        const value = line.trim();
        if (value.length < 2 || values.some((one) => one.startsWith(value))) continue;
        values = [...values.filter((one) => !value.startsWith(one)), value].slice(-MAX_VALUES); // it replaces its own beginnings
      }
    },
  };
}

/** Of this page: a visitor types into one frame, and another shows it. */
export const typedValues = createTypedValues();
