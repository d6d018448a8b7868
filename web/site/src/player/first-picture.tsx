import { useEffect, useState } from 'react';
import { createAssetReader } from '../api/assets';
import { useSite } from '../site-context';
import { Screen } from './screen';
import { usePlayback } from './use-playback';

/** Protects the list: a larger page is not built for a still of it. Most pages have fewer elements and texts. */
const MAX_NODES = 5_000;
/** Protects the list: what a still needs besides its events. */
const ASSETS = { maxBytes: 3_000_000, maxAssets: 24 };

/** How the recorded page looked at first, drawn from its events: a still, out of everybody's reach. */
export function FirstPicture({
  lines,
  onEnd,
}: {
  lines: readonly string[];
  /** It stands, or there is none to be had. */
  onEnd: () => void;
}) {
  const { api } = useSite();
  const [leaving] = useState(() => new AbortController());
  const [readAsset] = useState(() => createAssetReader(api, { ...ASSETS, signal: leaving.signal }));
  const { state, setRoot } = usePlayback({
    readPage: async () => ({ lines, nextCursor: '', hasMore: false, missing: '', skipped: 0, tail: '' }),
    readAsset,
    createdAtMs: 0,
    autoplay: false,
    maxNodes: MAX_NODES,
  });
  const { hasFrame, faults, phase } = state;
  const hasEnded = hasFrame || faults > 0 || (phase !== 'loading' && phase !== 'ready');
  useEffect(() => {
    if (hasEnded) onEnd();
  }, [hasEnded, onEnd]);
  useEffect(() => () => leaving.abort(), [leaving]);
  if (hasEnded && !hasFrame) return null;
  return (
    <div className={hasFrame ? 'first-picture' : 'first-picture unfinished'} aria-hidden="true">
      <Screen size={state.size} setRoot={setRoot} label="" cover />
    </div>
  );
}
