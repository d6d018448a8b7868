export { AssetRefusedError, assetRequest, createAssetStore, isCurrent, isKnown } from './asset-store';
export type { AssetStep, AssetStoreOptions } from './asset-store';
export { base64Of } from './bytes-as-text';
export { base64OfHex, hex, webCryptoDigest } from './digest';
export { MAX_ASSET_BYTES, MIN_ASSET_BYTES, extractAssets } from './extract';
export type { Asset, Extracted, ExtractOptions } from './extract';
export { REFERENCE, escaped } from './reference';
export { restoreAssets } from './restore';
export type { GetAsset, RestoreOptions, Restored } from './restore';
