import { recordingPath } from '../routing/route';
import { useLibrary, useSite } from '../site-context';
import { copyButtonName } from '../ui/copy-words';
import { AlertIcon, CheckIcon, LinkIcon } from '../ui/icons';
import { useCopy } from '../ui/use-copy';

const NAME = 'a link to this moment';

/** Copies the address of this moment. It grants no access: the same user can open it, or any watcher of the site. */
export function ShareButton({ recordingId, timeMs }: { recordingId: string; timeMs: number }) {
  const { config } = useSite();
  const { siteId } = useLibrary();
  const { outcome, copy } = useCopy();
  return (
    <button
      type="button"
      className="icon-only"
      aria-label={copyButtonName(NAME, outcome)}
      title={outcome === 'denied' ? copyButtonName(NAME, outcome) : `Copy ${NAME}`}
      onClick={() => void copy(config.siteUrl + recordingPath(siteId, recordingId, timeMs))}
    >
      {outcome === 'copied' ? <CheckIcon /> : outcome === 'denied' ? <AlertIcon /> : <LinkIcon />}
    </button>
  );
}
