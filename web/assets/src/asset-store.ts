import { base64Of } from './bytes-as-text';
import { unhex } from './digest';
import type { Asset } from './extract';

export interface AssetStoreOptions {
  /** The stack's `apiUrl`. */
  readonly apiUrl: string;
  /** Gives an ID token, asked for before each request. */
  readonly getToken: () => Promise<string>;
  /** The browser's by default. */
  readonly fetch?: typeof globalThis.fetch;
  /** What is stored, as far as is known from before; told of what is found there or sent. */
  readonly known?: { has(sha256: string): boolean; add(sha256: string): void };
}

/** The API did not take an asset. */
export class AssetRefusedError extends Error {
  override readonly name = 'AssetRefusedError';

  constructor(
    readonly sha256: string,
    /** Of HTTP. */
    readonly status: number,
  ) {
    super(`the asset ${sha256} was answered with ${status}`);
  }
}

/** What `PUT /assets/{sha256}` takes as it is called; anything else goes as bytes. */
const STORED_TYPES = new Set([
  'font/otf',
  'font/ttf',
  'font/woff',
  'font/woff2',
  'image/avif',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
]);

/** The user's assets behind the API, each sent once. */
export class AssetStore {
  readonly #options: AssetStoreOptions;
  readonly #there = new Map<string, Promise<void>>();

  constructor(options: AssetStoreOptions) {
    this.#options = options;
  }

  /**
   * Resolves when all are stored, whoever did it. What is known to be there costs no request, what is there one
   * without a body.
   *
   * Rejects with an {@link AssetRefusedError}, or as `fetch` and `getToken` do; another call tries again.
   */
  async ensure(assets: Iterable<Asset>): Promise<void> {
    await Promise.all(Array.from(assets, (asset) => this.#ensureOne(asset)));
  }

  #ensureOne(asset: Asset): Promise<void> {
    const known = this.#there.get(asset.sha256);
    if (known) return known;
    if (this.#options.known?.has(asset.sha256)) return Promise.resolve();
    const stored = this.#store(asset).then(
      () => this.#options.known?.add(asset.sha256),
      (error: unknown) => {
        this.#there.delete(asset.sha256);
        throw error;
      },
    );
    this.#there.set(asset.sha256, stored);
    return stored;
  }

  async #store({ sha256, mediaType, bytes }: Asset): Promise<void> {
    const asked = await this.#request(sha256, { method: 'HEAD' });
    if (asked.ok) return;
    if (asked.status !== 404) throw new AssetRefusedError(sha256, asked.status);
    const answer = await this.#request(sha256, {
      method: 'PUT',
      body: bytes,
      headers: {
        'Content-Type': STORED_TYPES.has(mediaType) ? mediaType : 'application/octet-stream',
        'x-amz-checksum-sha256': base64Of(unhex(sha256)),
      },
    });
    // 412: it is there; 409: another writes it now, and only the same bytes can have this name.
    if (!answer.ok && answer.status !== 412 && answer.status !== 409) {
      throw new AssetRefusedError(sha256, answer.status);
    }
  }

  async #request(sha256: string, request: RequestInit): Promise<Response> {
    const { apiUrl, getToken, fetch = globalThis.fetch } = this.#options;
    const headers = { ...request.headers, Authorization: `Bearer ${await getToken()}` };
    return fetch(`${apiUrl.replace(/\/$/, '')}/assets/${sha256}`, { ...request, headers });
  }
}
