import type { Continuation } from './continuation';

/**
 * Tokens of one user: the one that the recording belongs to, or else the one that the first token names.
 *
 * @param onOther called when a token names another user
 */
export function createTokenSource(
  getToken: () => Promise<string>,
  recording: Pick<Continuation, 'owner' | 'setOwner'>,
  onOther: () => void,
) {
  let token: string | undefined;

  return {
    /** Calls `getToken` each time, since the user may have changed. Rejects as it does, and for a token of another user or of none. */
    async get(): Promise<string> {
      let given;
      try {
        given = await getToken();
      } finally {
        token = undefined;
      }
      const owner = ownerOf(given);
      const before = recording.owner();
      if (before && owner !== before) {
        if (owner) onOther();
        throw new Error('the token is not of the user who is recorded');
      }
      if (owner) recording.setOwner(owner);
      return (token = given);
    },
    /** The last token, without a call; `undefined` if the last call gave none. */
    held: (): string | undefined => token,
    /** The user that the held token names; `undefined` if the user is unknown. */
    owner: (): string | undefined => token && recording.owner(),
  };
}

export type TokenSource = ReturnType<typeof createTokenSource>;

/** Cognito's `sub`. A token of another kind names nobody; the API refuses it. */
function ownerOf(token: string): string | undefined {
  try {
    const { sub } = JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}
