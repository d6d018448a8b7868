/** Protects the browser: a recorded page may have any title, of which a tab shows some words. */
const MAX_CHARACTERS = 200;

/** Gives the tab a title: what is shown, whose it is, and the name of the site. */
export function showTitle(name: string, siteId: string | undefined): void {
  document.title = [name.slice(0, MAX_CHARACTERS), siteId, 'rrweb store'].filter(Boolean).join(' · ');
}
