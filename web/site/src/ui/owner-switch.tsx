import { type FocusEvent, useEffect, useRef, useState } from 'react';
import { useSites } from '../api/queries';
import { Link } from '../routing/link';
import { recordingsPath } from '../routing/route';
import { CheckIcon, ChevronIcon } from './icons';

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

/** What a button opens until the focus or a press leaves it, or Escape closes it. */
function useDisclosure() {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const onPress = ({ target }: PointerEvent) => box.current?.contains(target as Node) || setOpen(false);
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    addEventListener('pointerdown', onPress);
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('pointerdown', onPress);
      removeEventListener('keydown', onKey);
    };
  }, [isOpen]);
  const onBlur = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget && !box.current?.contains(relatedTarget)) setOpen(false); // without one, the window has lost the focus
  };
  return { isOpen, setOpen, box, button, onBlur };
}
