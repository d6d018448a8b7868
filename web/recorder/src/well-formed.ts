/** The text with U+FFFD for each lone surrogate, which UTF-8 cannot encode and the API refuses. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');

/** The first `units` UTF-16 units of the text at most, well-formed and cut between characters. */
export const cut = (text: string, units: number): string => wellFormed(text).slice(0, units).replace(/\p{Cs}$/u, '');
