const PREFIX = 'rrweb-recorder ';

/**
 * Tells other tabs by a Web Lock that this page records.
 *
 * `letGo` of it when the page is left: a page that holds a lock does not come back by the back button as it was.
 */
export function createAliveSign(recordingId: string, locks: LockManager | undefined) {
  let letGo: (() => void) | undefined;

  function hold(): void {
    const held = new Promise<void>((resolve) => (letGo = resolve));
    locks?.request(PREFIX + recordingId, { mode: 'shared' }, () => held).catch(() => undefined);
  }

  return {
    hold,
    letGo: (): void => letGo?.(),
    /** Whether a page records under an id; `undefined` where the browser has no locks. */
    async others(): Promise<(recordingId: string) => boolean | undefined> {
      const held = await locks?.query().then((found) => found.held, () => undefined);
      return (id) => held?.some(({ name }) => name === PREFIX + id);
    },
  };
}
