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
      <h2>What other hosts have</h2>
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
            Load what other hosts have
          </label>
          <p className="small" id="other-hosts-note">
            {loaded.length > 0
              ? `Your network address is seen by ${hosts(loaded)}, until you leave this recording.`
              : `Then your network address is seen by ${hosts(asked)}, and that someone watches this page. They get no cookie, and of this site's address no more than its host.`}
          </p>
        </>
      ) : null}
      {loaded.length > 0 && absent.origins.length > 0 ? (
        <button type="button" onClick={() => onLoad([...loaded, ...absent.origins])}>
          Also load from {hosts(absent.origins)}
        </button>
      ) : null}
      {hasFailed ? <p role="alert">What other hosts have cannot be loaded: the site does not serve its page for it.</p> : null}
    </section>
  );
}

/** `3 pictures and 1 style sheet of 2 other hosts are not shown.`; empty if nothing is absent. */
export function inWords({ counts, origins }: Absent): string {
  const parts = (['image', 'font', 'style'] as const).filter((kind) => counts[kind] > 0);
  if (parts.length === 0) return '';
  const total = parts.reduce((sum, kind) => sum + counts[kind], 0);
  const what = listed(parts.map((kind) => `${counts[kind]} ${NAMES[kind][counts[kind] === 1 ? 0 : 1]}`));
  const from = origins.length === 0 ? '' : ` of ${origins.length === 1 ? '1 other host' : `${origins.length} other hosts`}`;
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
