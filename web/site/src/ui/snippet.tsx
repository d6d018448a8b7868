import { CheckIcon, CopyIcon } from './icons';
import { useCopy } from './use-copy';

/** Code with a button that copies it. */
export function Snippet({ code, name }: { code: string; name: string }) {
  const { copied, copy } = useCopy();
  return (
    <div className="snippet">
      <pre tabIndex={0} aria-label={name}>
        <code>{code}</code>
      </pre>
      <button type="button" onClick={() => void copy(code)} aria-label={copied ? 'Copied' : `Copy ${name}`}>
        {copied ? <CheckIcon /> : <CopyIcon />}
        {copied ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}
