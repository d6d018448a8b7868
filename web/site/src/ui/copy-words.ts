import type { CopyOutcome } from './use-copy';

/** How a copy ended. */
export const COPY_OUTCOMES: Readonly<Record<CopyOutcome, string>> = { copied: 'Copied', denied: 'The browser does not allow copying' };

/** The name of a button that copies; `name` says what. */
export function copyButtonName(name: string, outcome: CopyOutcome | undefined): string {
  return outcome ? COPY_OUTCOMES[outcome] : `Copy ${name}`;
}
