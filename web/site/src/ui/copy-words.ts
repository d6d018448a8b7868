import type { CopyOutcome } from './use-copy';

/** The name of a button that copies; `name` says what. */
export function copyButtonName(name: string, outcome: CopyOutcome | undefined): string {
  if (outcome === 'copied') return 'Copied';
  return outcome === 'denied' ? 'The browser does not allow copying' : `Copy ${name}`;
}
