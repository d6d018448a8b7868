/** What the server of a page puts into it before a client. */
declare const settings: { readonly sink: string; readonly token: string };
