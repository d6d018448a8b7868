import { recordingPath } from '../routing/route';
import { useSite } from '../site-context';
import { CheckIcon, LinkIcon } from '../ui/icons';
import { useCopy } from '../ui/use-copy';

/** Copies the address of this moment. Only the same user can open it: the link grants no access. */
export function ShareButton({ recordingId, timeMs }: { recordingId: string; timeMs: number }) {
  const { config } = useSite();
  const { copied, copy } = useCopy();
  return (
    <button
      type="button"
      className="icon-only"
      aria-label={copied ? 'Copied' : 'Copy a link to this moment'}
      title="Copy a link to this moment"
      onClick={() => void copy(config.siteUrl + recordingPath(recordingId, timeMs))}
    >
      {copied ? <CheckIcon /> : <LinkIcon />}
    </button>
  );
}
