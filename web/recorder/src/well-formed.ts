/** The text with U+FFFD for each lone surrogate, which UTF-8 cannot encode and the API refuses. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');

/** The start of the text, well-formed: at most `units` UTF-16 units, cut between characters. */
export const cut = (text: string, units: number): string => wellFormed(text).slice(0, units).replace(/\p{Cs}$/u, '');
