/** No recorder, to measure the page itself. */
export {};
