/** Ask for another token so long before this one expires. */
const EXPIRY_MARGIN_MS = 60_000;

/** Keeps a token for as long as it is good, for the moment of leaving, which cannot wait for another. */
export function createTokenSource(getToken: () => Promise<string>) {
  let token: string | undefined;
  let claims: Claims = {};

  return {
    /** Rejects as `getToken` does. */
    async get(): Promise<string> {
      if (token === undefined || Date.now() > (claims.exp ?? Infinity) * 1000 - EXPIRY_MARGIN_MS) {
        token = await getToken();
        claims = claimsOf(token);
      }
      return token;
    },
    /** The API said 401 to it. */
    forget(): void {
      token = undefined;
    },
    /** Without waiting; `undefined` if there is none now. */
    held: (): string | undefined => token,
    /** Whose it is, as the token says; `null` while that is not known. */
    owner: (): string | null => claims.sub ?? null,
  };
}

export type TokenSource = ReturnType<typeof createTokenSource>;

/** As Cognito writes them; of another token anything, which the API refuses. */
interface Claims {
  readonly exp?: number;
  readonly sub?: string;
}

function claimsOf(token: string): Claims {
  try {
    return Object(JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))));
  } catch {
    return {}; // no JWT: then a 401 says when it is over
  }
}
