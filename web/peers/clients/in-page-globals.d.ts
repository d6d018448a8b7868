/** Set by the page's server before the client's script. */
declare const settings: { readonly sink: string; readonly token: string };
