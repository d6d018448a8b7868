import { CheckIcon, CopyIcon } from './icons';
import { useCopy } from './use-copy';

/** A button that copies a short text; `name` says which. */
export function CopyButton({ text, name }: { text: string; name: string }) {
  const { copied, copy } = useCopy();
  return (
    <button
      type="button"
      className="icon-only quiet"
      aria-label={copied ? 'Copied' : `Copy ${name}`}
      title={`Copy ${name}`}
      onClick={() => void copy(text)}
    >
      {copied ? <CheckIcon /> : <CopyIcon />}
    </button>
  );
}
