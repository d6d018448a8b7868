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
