import { useEffect, useState } from 'react';

const SHOWN_MS = 1800;

/** How the latest copy ended; `denied` if the browser allows none. */
export type CopyOutcome = 'copied' | 'denied';

/** Copies a text; `outcome` says for a moment afterwards whether it worked. */
export function useCopy(): { outcome: CopyOutcome | undefined; copy: (text: string) => Promise<CopyOutcome> } {
  const [outcome, setOutcome] = useState<CopyOutcome>();
  useEffect(() => {
    if (outcome !== 'copied') return;
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  return {
    outcome,
    copy: async (text) => {
      const ended = await copyText(text);
      setOutcome(ended);
      return ended;
    },
  };
}

/** Copies by the clipboard's API or, where that is missing or denied, as the browser's own menu does. */
async function copyText(text: string): Promise<CopyOutcome> {
  try {
    await navigator.clipboard.writeText(text); // there is no clipboard on a page without TLS
    return 'copied';
  } catch {
    return copyBySelection(text) ? 'copied' : 'denied';
  }
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed'; // or the page would scroll to it
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return isCopied;
}
