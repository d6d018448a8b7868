import { copyButtonName } from './copy-words';
import { AlertIcon, CheckIcon, CopyIcon } from './icons';
import { useCopy } from './use-copy';

/** A button that copies a short text; `name` says which. */
export function CopyButton({ text, name }: { text: string; name: string }) {
  const { outcome, copy } = useCopy();
  return (
    <button
      type="button"
      className="icon-only quiet"
      aria-label={copyButtonName(name, outcome)}
      title={outcome === 'denied' ? copyButtonName(name, outcome) : `Copy ${name}`}
      onClick={() => void copy(text)}
    >
      {outcome === 'copied' ? <CheckIcon /> : outcome === 'denied' ? <AlertIcon /> : <CopyIcon />}
    </button>
  );
}
