/** What the page shall replay, as its address says; undefined for the page that is recorded. */
export function watched(): { src: string; getToken: () => string } | undefined {
  const query = new URLSearchParams(location.search);
  const src = query.get('src');
  return src === null ? undefined : { src, getToken: () => query.get('token') ?? '' };
}
