import type { Cleaner } from '../cleaner';
import { CREDENTIAL } from '../look-address';
import { maskedText } from '../masked-text';

/** JSON with its texts and numbers cleaned, and what is named a credential as asterisks. */
export function cleanJson(json: string, { text: clean }: Pick<Cleaner, 'text'>): string {
  const kept = (key: string, value: unknown): unknown => {
    if (Array.isArray(value) && value.length === 2 && CREDENTIAL.test(String(value[0]))) return [value[0], '***']; // an entry of a map, or a header
    const isSecret = CREDENTIAL.test(key);
    if (typeof value !== 'string' && typeof value !== 'number') return isSecret && Object(value) === value ? '***' : value;
    const shown = isSecret ? maskedText(`${value}`) : clean(`${value}`);
    return shown === `${value}` ? value : shown;
  };
  return JSON.stringify(JSON.parse(json, kept));
}
