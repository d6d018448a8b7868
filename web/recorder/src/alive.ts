const PREFIX = 'rrweb-recorder ';

/**
 * Says to other tabs that this page records, by a Web Lock; `let go` when it is left, since a page that holds one does
 * not come back by the back button as it was.
 */
export function createAliveSign(recordingId: string, locks: LockManager | undefined) {
  let letGo: (() => void) | undefined;

  function hold(): void {
    const held = new Promise<void>((resolve) => (letGo = resolve));
    locks?.request(PREFIX + recordingId, { mode: 'shared' }, () => held).catch(() => undefined);
  }
  hold();

  return {
    hold,
    letGo: (): void => letGo?.(),
    /** Whether some page records under an id; `undefined` where nobody can know. */
    async others(): Promise<(recordingId: string) => boolean | undefined> {
      const held = await locks?.query().then((found) => found.held, () => undefined);
      return (id) => held?.some(({ name }) => name === PREFIX + id);
    },
  };
}
