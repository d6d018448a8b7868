/** What the stack that serves this site says of itself, in `/config.json`. */
export interface SiteConfig {
  /** Of the API, without a slash at the end. */
  readonly apiUrl: string;
  /** `iss` of the pool's tokens. */
  readonly issuerUrl: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;
  /** Base of the managed login. */
  readonly signInUrl: string;
  /** Of this site, without a slash at the end. */
  readonly siteUrl: string;
  readonly region: string;
  readonly release: string;
}

/** There is no usable `/config.json`. The message says what is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const NEEDED = ['apiUrl', 'issuerUrl', 'userPoolClientId', 'signInUrl', 'siteUrl'] as const;
const OPTIONAL = ['userPoolId', 'region', 'release'] as const;

/** Rejects with {@link ConfigError}, or as `fetch` does. */
export async function fetchConfig(): Promise<SiteConfig> {
  const answer = await fetch('/config.json', { cache: 'no-store' });
  if (!answer.ok) throw new ConfigError(`/config.json was answered with ${answer.status}`);
  return configOf(await answer.json().catch(() => undefined));
}

/** The configuration that a value of JSON holds, its URLs without a slash at the end. */
export function configOf(value: unknown): SiteConfig {
  const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const text = (name: string): string => {
    const one = given[name];
    return typeof one === 'string' ? one.replace(/\/+$/, '') : '';
  };
  const missing = NEEDED.filter((name) => text(name) === '');
  if (missing.length > 0) throw new ConfigError(`/config.json lacks ${missing.join(', ')}`);
  return Object.fromEntries([...NEEDED, ...OPTIONAL].map((name) => [name, text(name)])) as unknown as SiteConfig;
}
