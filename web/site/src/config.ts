/** The configuration in `/config.json`, written by the stack that serves this site. */
export interface SiteConfig {
  /** Of the API, without a trailing slash. */
  readonly apiUrl: string;
  /** `iss` of the pool's tokens. */
  readonly issuerUrl: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;
  /** Base of the managed login. */
  readonly signInUrl: string;
  /** Of this site, without a trailing slash. */
  readonly siteUrl: string;
  readonly region: string;
  readonly release: string;
}

/** `/config.json` is missing or unusable. The message says why. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const NEEDED = ['apiUrl', 'issuerUrl', 'userPoolClientId', 'signInUrl', 'siteUrl'] as const;
const OPTIONAL = ['userPoolId', 'region', 'release'] as const;

/** Rejects with {@link ConfigError}, or as `fetch` does. */
export async function fetchConfig(): Promise<SiteConfig> {
  const answer = await fetch('/config.json', { cache: 'no-store' });
  if (!answer.ok) throw new ConfigError(`/config.json returned status ${answer.status}`);
  return configOf(await answer.json().catch(() => undefined));
}

/** The configuration in a JSON value, with URLs that have no trailing slash. */
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
