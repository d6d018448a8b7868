const BROWSERS = [
  ['Edge', /Edg/],
  ['Opera', /OPR\//],
  ['Samsung Internet', /SamsungBrowser/],
  ['Firefox', /Firefox|FxiOS/],
  ['Chrome', /Chrom|CriOS/],
  ['Safari', /Safari/],
] as const;

/** The name of the browser that a User-Agent names; undefined for an unknown one. */
export const browserOf = (userAgent: string): string | undefined => BROWSERS.find(([, sign]) => sign.test(userAgent))?.[0];

/** A tablet of Apple's names itself a Mac. */
export const deviceOf = (userAgent: string): string =>
  /iPad|Tablet|Android(?!.*Mobile)/.test(userAgent) ? 'tablet' : /Mobi/.test(userAgent) ? 'phone' : 'desktop';
