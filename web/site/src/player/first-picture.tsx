import { useEffect, useState } from 'react';
import { type Kept, recordingAssetReader } from '../api/assets';
import { useLibrary } from '../site-context';
import { isReady } from './playback-state';
import { Screen } from './screen';
import { MAX_NODES_OF_STILL } from './stills';
import { usePlayback } from './use-playback';

/** Protects the list: what a still may load besides its events. */
const ASSETS = { maxBytes: 3_000_000, maxAssets: 8 };

/** A still of the recorded page at its start, drawn from its events. */
export function FirstPicture({
  recording,
  lines,
  onEnd,
}: {
  recording: Kept;
  lines: readonly string[];
  /** The still is drawn, or there will be none. */
  onEnd: () => void;
}) {
  const { api } = useLibrary();
  const [leaving] = useState(() => new AbortController());
  const [readAsset] = useState(() => recordingAssetReader(api, recording, { ...ASSETS, signal: leaving.signal }));
  const { state, setRoot } = usePlayback({
    readPage: async () => ({ lines, nextCursor: '', hasMore: false, missing: '', skipped: 0, tail: '' }),
    readAsset,
    createdAtMs: 0,
    autoplay: false,
    maxNodes: MAX_NODES_OF_STILL, // most pages have fewer
  });
  const isDrawn = isReady(state) && state.faults === 0;
  const hasEnded = isReady(state) || state.faults > 0 || state.name === 'empty' || state.name === 'failed';
  useEffect(() => {
    if (hasEnded) onEnd();
  }, [hasEnded, onEnd]);
  useEffect(() => () => leaving.abort(), [leaving]);
  if (hasEnded && !isDrawn) return null;
  return (
    <div className={isDrawn ? 'first-picture' : 'first-picture unfinished'} aria-hidden="true">
      <Screen view={state.view} setRoot={setRoot} label="" cover />
    </div>
  );
}
