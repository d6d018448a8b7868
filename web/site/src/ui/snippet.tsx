import { useRef } from 'react';
import { CheckIcon, CopyIcon } from './icons';
import { useCopy } from './use-copy';

/** Code with a button that copies it. Where the browser allows no copying, the button selects it. */
export function Snippet({ code, name, wraps = false }: { code: string; name: string; wraps?: boolean }) {
  const { outcome, copy } = useCopy();
  const shown = useRef<HTMLPreElement>(null);
  async function copyOrSelect(): Promise<void> {
    if ((await copy(code)) === 'copied' || !shown.current) return;
    shown.current.focus();
    getSelection()?.selectAllChildren(shown.current);
  }
  return (
    <div className="snippet">
      <pre ref={shown} tabIndex={0} aria-label={name} className={wraps ? 'wraps' : undefined}>
        <code>{code}</code>
      </pre>
      <button type="button" onClick={() => void copyOrSelect()} aria-label={outcome === 'copied' ? 'Copied' : `Copy ${name}`}>
        {outcome === 'copied' ? <CheckIcon /> : <CopyIcon />}
        {outcome === 'copied' ? 'Copied' : 'Copy'}
      </button>
      <p role="status" className="small">
        {outcome === 'denied' ? 'The browser does not allow copying. The text is selected: press Ctrl or ⌘ and C.' : ''}
      </p>
    </div>
  );
}
