/** The package, which Node.js would take for its own module of that name without the slash. */
declare module 'punycode/' {
  export function toASCII(host: string): string;
  export function toUnicode(host: string): string;
}
