import { type Asset, type AssetStep, createAssetStore, hex, isCurrent, webCryptoDigest } from 'assets';
import type { Destination } from './destination';
import { knownAssets } from './known-assets';
import { quietFetch } from './quiet-fetch';

/** So many unknown assets are worth a list: asking for it costs a request, and storing it two. */
const MIN_LISTED = 3;
const WEEK_MS = 7 * 24 * 3600 * 1000;

/** The budget of a page does not allow these bytes to be sent. */
class OverBudgetError extends Error {
  override readonly name = 'OverBudgetError';
}

/**
 * Make a function that stores assets apart from the batches, which must not wait for it. It returns the digests of those
 * that `maySend` refused.
 *
 * After all assets of a page it stores a list of their digests, as an asset too. So the next visitor of the same page asks
 * for that alone, and not for each picture. A list holds for the week in which it was stored.
 */
export function createResourceSender(destination: Destination, storage: Storage | undefined) {
  const known = knownAssets(storage, destination.url, destination.owner);
  const renews = destination.renewsAssets;

  return async (assets: readonly Asset[], maySend: (asset: Asset) => boolean): Promise<ReadonlySet<string>> => {
    const refused = new Set<string>();
    const unknown = assets.filter(({ sha256 }) => !known.has(sha256));
    if (!unknown.length) return refused;
    await destination.identify();
    const ask = async (asset: Asset, step: AssetStep): Promise<Response> => {
      if (step === 'store' && !maySend(asset)) throw new OverBudgetError();
      const [url, request] = destination.asset(asset, step);
      return quietFetch(url, { ...request, priority: 'low' });
    };
    const store = createAssetStore({ ask, renews, known });
    const list = unknown.length < MIN_LISTED ? undefined : await listOf(unknown);
    if (list && isCurrent(await ask(list, 'check'), renews)) {
      for (const { sha256 } of unknown) known.add(sha256);
      return refused;
    }
    for (const asset of unknown) {
      try {
        await store([asset]);
      } catch (error) {
        if (!(error instanceof OverBudgetError)) throw error;
        refused.add(asset.sha256);
      }
    }
    if (list && !refused.size) await store([list]);
    return refused;
  };
}

/** The same for the same assets, in any order. */
async function listOf(assets: readonly Asset[]): Promise<Asset> {
  const digests = assets.map(({ sha256 }) => sha256).sort();
  const bytes = new TextEncoder().encode([...digests, Math.floor(Date.now() / WEEK_MS)].join('\n'));
  return { sha256: hex(await webCryptoDigest!(bytes)), mediaType: 'text/plain', bytes };
}
