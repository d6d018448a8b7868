import { useSites } from '../api/queries';
import { Link } from '../routing/link';
import { recordingsPath } from '../routing/route';
import { CheckIcon, ChevronIcon } from './icons';
import { useDisclosure } from './use-disclosure';

/** Switches between the user's own recordings and those of the sites that the token opens; hidden if it opens none. */
export function OwnerSwitch({ siteId }: { siteId: string | undefined }) {
  const { data: sites = [], error, refetch } = useSites();
  const { isOpen, setOpen, box, button, onBlur } = useDisclosure();
  if (error) {
    return (
      <button type="button" className="quiet" title="Your sites could not be loaded" onClick={() => void refetch()}>
        Load sites
      </button>
    );
  }
  if (sites.length === 0) return null;
  const choice = (id: string | undefined) => (
    <Link href={recordingsPath(id)} aria-current={id === siteId ? true : undefined} onClick={() => setOpen(false)}>
      <span>{id ?? 'My recordings'}</span>
      {id === siteId ? <CheckIcon /> : null}
    </Link>
  );
  return (
    <div className="owner-switch" ref={box} onBlur={onBlur}>
      <button type="button" ref={button} aria-expanded={isOpen} aria-controls="owners" onClick={() => setOpen(!isOpen)}>
        <span className="showing">Showing </span>
        <span className="owner">{siteId ?? 'My recordings'}</span>
        <ChevronIcon />
      </button>
      <div id="owners" className="owners" hidden={!isOpen}>
        {choice(undefined)}
        <p id="owners-sites" className="small">
          Sites
        </p>
        <ul aria-labelledby="owners-sites">
          {sites.map(({ siteId: id }) => (
            <li key={id}>{choice(id)}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}
