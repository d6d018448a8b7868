import type { Continuation } from './continuation';

/**
 * Tokens of one user: the recording's, or else the one that the first token names.
 *
 * @param onOtherUser called when a token names another user
 */
export function createTokenSource(
  getToken: () => Promise<string>,
  recording: Pick<Continuation, 'owner' | 'setOwner'>,
  onOtherUser: () => void,
) {
  let token: string | undefined;

  return {
    /** Calls `getToken` each time, since the user may have changed. Rejects if it does, and for a token of another user or of none. */
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
        if (owner) onOtherUser();
        throw new Error('the token names another user or none');
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

/** Cognito's `sub`; `undefined` for a token of another kind, which the API refuses. */
function ownerOf(token: string): string | undefined {
  try {
    const { sub } = JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}
