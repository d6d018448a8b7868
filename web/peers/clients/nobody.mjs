/** No recorder: what the page itself costs. */
export {};
