/** As `fetch`, but whatever the page's own policy is, the address of the page goes along without path, query and hash. */
export const quietFetch: typeof fetch = (url, request) => fetch(url, { ...request, referrerPolicy: 'strict-origin' });
