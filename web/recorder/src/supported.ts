import { canMask } from './masked-text';

/** The newest features that cannot be done without: docs/recorder.md has the versions. An older browser lacks one of them. */
const NEEDED = ['visualViewport', 'ResizeObserver', 'MutationObserver', 'TextEncoder', 'crypto', 'fetch'];

/** Whether this browser is new enough to record at all, and the page lets texts be masked: its expressions may even throw. */
export function isSupported(): boolean {
  try {
    return canMask() && 'replaceAll' in String.prototype && NEEDED.every((name) => window[name as never]);
  } catch {
    return false;
  }
}
