import { type GetAsset, hex, webCryptoDigest } from 'assets';
import { customPayload, isObject } from '../event';
import { safeDrawing } from './safe-drawing';

/** The tag of the recorder's events that say which asset has the bytes of an address, and which addresses have none. */
export const RESOURCES_TAG = 'rrweb-store:resources';

/** Protects the tab: a recording names no more addresses, and so many assets are requested at a time. */
const MAX_ADDRESSES = 5_000;
const AT_ONCE = 6;
/** The only types that are shown. */
const SHOWN_TYPE = /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp|x-icon|svg\+xml)|font\/(?:woff2?|otf|ttf))$/;
const SHA256 = /^[0-9a-f]{64}$/;
const SVG_TYPE = 'image/svg+xml';

interface Stored {
  readonly sha256: string;
  readonly mediaType: string;
}

export type ResourceStore = ReturnType<typeof createResourceStore>;

/** The bytes of the addresses of a recording, as blob URLs. Each asset is requested once, when its address is first seen. */
export function createResourceStore(readAsset: GetAsset) {
  const listeners = new Set<() => void>();
  const byAddress = new Map<string, Stored>();
  /** By digest and type: the URL; empty while it is read, and if it cannot be. */
  const urls = new Map<string, string>();
  const waiting: Stored[] = [];
  let reading = 0;
  let hasEnded = false;

  const keyOf = ({ sha256, mediaType }: Stored): string => `${sha256} ${mediaType}`;

  function find(address: string): Stored | undefined {
    const found = byAddress.get(address) ?? byAddress.get(address.replace(/#.*/s, ''));
    if (found && !urls.has(keyOf(found))) {
      urls.set(keyOf(found), '');
      waiting.push(found);
      readNext();
    }
    return found;
  }

  function readNext(): void {
    for (let next = waiting[0]; next && reading < AT_ONCE; next = waiting[0]) {
      waiting.shift();
      reading += 1;
      void read(next).finally(() => {
        reading -= 1;
        readNext();
      });
    }
  }

  function onReady(): void {
    for (const listener of listeners) listener();
  }

  async function read(one: Stored): Promise<void> {
    try {
      const bytes = webCryptoDigest ? await readAsset(one.sha256) : undefined;
      if (!bytes || hex(await webCryptoDigest!(bytes)) !== one.sha256 || hasEnded) return;
      const content = one.mediaType === SVG_TYPE ? safeDrawing(new TextDecoder().decode(bytes)) : bytes;
      if (content === undefined) return;
      urls.set(keyOf(one), URL.createObjectURL(new Blob([content], { type: one.mediaType })));
      onReady();
    } catch {
      urls.delete(keyOf(one)); // the next time that the address is seen it is requested again
    }
  }

  return {
    /** Calls back when an address that was asked for has a URL; returns the call that ends it. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Learn the addresses of an event; of an address that is known, the bytes stay. */
    learn(event: { readonly type: number; readonly data?: unknown }): void {
      const payload = customPayload(event, RESOURCES_TAG);
      if (!payload) return;
      const { stored } = payload;
      let hasNew = false;
      for (const [address, named] of Object.entries(isObject(stored) ? stored : {})) {
        const one = storedOf(named);
        if (!one || byAddress.has(address) || byAddress.size >= MAX_ADDRESSES) continue;
        byAddress.set(address, one);
        hasNew = true;
      }
      if (hasNew) onReady();
    },
    /** Whether the recording has the bytes of an address. */
    has: (address: string): boolean => byAddress.has(address) || byAddress.has(address.replace(/#.*/s, '')),
    /** The URL that has the bytes of an address; undefined if there is none, or not yet. */
    urlOf(address: string): string | undefined {
      const found = find(address);
      return (found && urls.get(keyOf(found))) || undefined;
    },
    end(): void {
      hasEnded = true;
      for (const url of urls.values()) if (url) URL.revokeObjectURL(url);
    },
  };
}

function storedOf(named: unknown): Stored | undefined {
  const [sha256, mediaType] = Array.isArray(named) ? (named as unknown[]) : [];
  if (typeof sha256 !== 'string' || !SHA256.test(sha256)) return undefined;
  return typeof mediaType === 'string' && SHOWN_TYPE.test(mediaType) ? { sha256, mediaType } : undefined;
}
