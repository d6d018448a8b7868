import { readFrom, storageOf, writeTo } from './tab-storage';
import { uuidv4 } from './uuid';

const KEY = 'rrweb-store-visitor';

/**
 * The random id that joins the visits of this browser, or of this tab; `undefined` if there is to be none, or where storage
 * is forbidden.
 */
export function visitorId(visitor: 'browser' | 'tab' | 'none'): string | undefined {
  if (visitor === 'none') return undefined;
  const storage = storageOf(visitor === 'tab' ? 'sessionStorage' : 'localStorage');
  const read = (): string | undefined => /^[\w-]{1,64}$/.exec(`${readFrom(storage, KEY) ?? ''}`)?.[0]; // the page may write there too
  const found = read();
  if (!found) writeTo(storage, KEY, uuidv4());
  return found ?? read();
}
