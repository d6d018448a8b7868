import type { Absent } from './absent-resources';

const NAMES = { image: ['picture', 'pictures'], font: ['font', 'fonts'], style: ['style sheet', 'style sheets'] } as const;
/** Of more hosts the number is enough. */
const MAX_NAMED = 12;

/** How many pictures, fonts and style sheets are not shown, and the switch that loads them from their hosts. */
export function OtherHosts({
  absent,
  loaded,
  hasFailed,
  isFocused,
  onLoad,
}: {
  absent: Absent;
  /** Origins that are asked now. */
  loaded: readonly string[];
  /** The last attempt to load something failed. */
  hasFailed: boolean;
  /** The switch was pressed before the recording was opened anew. */
  isFocused: boolean;
  /** Asks these origins, and no other. */
  onLoad: (origins: readonly string[]) => void;
}) {
  const said = inWords(absent);
  const asked = loaded.length > 0 ? loaded : absent.origins;
  if (said === '' && loaded.length === 0) return null;
  return (
    <section className="other-hosts">
      <h2>Files on other hosts</h2>
      {said ? <p>{said}</p> : null}
      {asked.length > 0 ? (
        <>
          <label className="check">
            <input
              type="checkbox"
              role="switch"
              aria-describedby="other-hosts-note"
              autoFocus={isFocused}
              checked={loaded.length > 0}
              onChange={(event) => onLoad(event.target.checked ? absent.origins : [])}
            />
            Load files from other hosts
          </label>
          <p className="small" id="other-hosts-note">
            {loaded.length > 0
              ? `${hosts(loaded)} can see your network address until you leave this recording.`
              : `Then ${hosts(asked)} can see your network address, and that someone watches this page. They get no cookies, and nothing of this site's address but its host.`}
          </p>
        </>
      ) : null}
      {loaded.length > 0 && absent.origins.length > 0 ? (
        <button type="button" onClick={() => onLoad([...loaded, ...absent.origins])}>
          Also load from {hosts(absent.origins)}
        </button>
      ) : null}
      {hasFailed ? <p role="alert">The files cannot be loaded: this site does not serve the page that loads them.</p> : null}
    </section>
  );
}

/** `3 pictures and 1 style sheet from 2 other hosts are not shown.`; empty if nothing is absent. */
export function inWords({ counts, origins }: Absent): string {
  const parts = (['image', 'font', 'style'] as const).filter((kind) => counts[kind] > 0);
  if (parts.length === 0) return '';
  const total = parts.reduce((sum, kind) => sum + counts[kind], 0);
  const what = listed(parts.map((kind) => `${counts[kind]} ${NAMES[kind][counts[kind] === 1 ? 0 : 1]}`));
  const from = origins.length === 0 ? '' : ` from ${origins.length === 1 ? '1 other host' : `${origins.length} other hosts`}`;
  return `${what}${from} ${total === 1 ? 'is' : 'are'} not shown.`;
}

function hosts(origins: readonly string[]): string {
  const names = origins.slice(0, MAX_NAMED).map((origin) => new URL(origin).host);
  const more = origins.length - names.length;
  return listed(more > 0 ? [...names, `${more} more`] : names);
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
