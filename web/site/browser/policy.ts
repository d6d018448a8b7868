/** The page of `OTHER_HOSTS_PATH` in components/website/website.py, and its headers. */
export const OTHER_HOSTS_PAGE = '/other-hosts.html';
export const OTHER_HOSTS_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline' data: blob: http: https:; img-src data: blob: http: https:; font-src data: blob: http: https:; " +
    "frame-src about:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  'Cross-Origin-Embedder-Policy': 'credentialless',
};

/** The headers that the site needs from its server; docs/site.md explains them. */
export function siteHeaders({ apiUrl, signInUrl }: { apiUrl: string; signInUrl: string }): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data: blob:",
    `connect-src 'self' ${new URL(apiUrl).origin} ${new URL(signInUrl).origin}`,
    "frame-src 'self' blob: data: about:",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}
