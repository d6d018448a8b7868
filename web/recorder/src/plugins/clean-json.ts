import type { Cleaner } from '../cleaner';
import { CREDENTIAL } from '../look-address';
import { maskedText } from '../masked-text';

/** JSON with its texts and numbers cleaned, and what is named a credential as asterisks. */
export function cleanJson(json: string, { text: clean }: Pick<Cleaner, 'text'>): string {
  const kept = (key: string, value: unknown): unknown => {
    if (typeof value !== 'string' && typeof value !== 'number') return value;
    const shown = CREDENTIAL.test(key) ? maskedText(`${value}`) : clean(`${value}`);
    return shown === `${value}` ? value : shown;
  };
  return JSON.stringify(JSON.parse(json, kept));
}
