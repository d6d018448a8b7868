import { useSite } from '../site-context';
import { Screen } from './screen';
import { usePlayback } from './use-playback';

/** How the recorded page looked at first, drawn from its events: a still, out of everybody's reach. */
export function FirstPicture({ lines }: { lines: readonly string[] }) {
  const { readAsset } = useSite();
  const { state, setRoot } = usePlayback({
    readPage: async () => ({ lines, nextCursor: '', hasMore: false, missing: '', skipped: 0, tail: '' }),
    readAsset,
    createdAtMs: 0,
    autoplay: false,
  });
  return (
    <div className="first-picture" aria-hidden="true">
      <Screen size={state.size} setRoot={setRoot} label="" cover />
    </div>
  );
}
