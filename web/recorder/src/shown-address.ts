import { withoutCredentials } from './look-address';
import type { RecorderOptions } from './options';
import { typedValues } from './typed-values';

export type AddressOptions = Pick<RecorderOptions, 'address'>;

/** Of any other scheme the rest is content, not an address: `data:`, `javascript:`, `blob:`. */
const ADDRESS = /^(?:https?|ftp|file|mailto|tel|sms):$/;

/**
 * The address as it may be stored: without query, hash, user name and password, unless the option `address` says otherwise.
 *
 * What a visitor has typed is hidden in it. Empty if it is none. If the page's own function throws, it counts as absent.
 *
 * @param base what a relative address is relative to; without it, there must be none
 */
export function shownAddress(href: string, { address }: AddressOptions, base = href): string {
  const whole = parsed(href, base);
  if (!whole) return '';
  if (!ADDRESS.test(whole.protocol)) return whole.protocol;
  const hidden = withoutCredentials(typedValues.hide(whole.href)); // before a part of a typed address is cut off
  const url = parsed(hidden, hidden);
  if (!url) return hidden;
  url.username = url.password = '';
  try {
    if (typeof address === 'function') return `${address(new URL(url))}`;
  } catch {
    // what the function meant to hide stays hidden
  }
  const kept = Array.isArray(address) ? [...url.searchParams].filter(([name]) => address.includes(name)) : [];
  url.search = `${new URLSearchParams(kept)}`;
  url.hash = '';
  return url.href;
}

function parsed(href: string, base: string): URL | undefined {
  try {
    return new URL(href, base);
  } catch {
    return undefined;
  }
}
