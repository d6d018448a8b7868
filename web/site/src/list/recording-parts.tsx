/** What the cards and the rows of the list show alike. */
import type { SiteRecording } from 'contract';
import type { Length } from '../api/beginning';
import { troublesOf } from '../pages/visitor-facts';
import { Link } from '../routing/link';
import { recordingPath } from '../routing/route';
import { useLibrary } from '../site-context';
import { CheckIcon, PinIcon } from '../ui/icons';
import { browserName, clock, shortened, spoken } from '../ui/words';

const SHOWN_TAGS = 3;

/** The title, as a link over the whole card or row. */
export function OpenLink({ recording: { recordingId, pageTitle = '' } }: { recording: SiteRecording }) {
  const { siteId } = useLibrary();
  const title = shortened(pageTitle);
  return (
    <h2 className="title" dir="auto">
      <Link href={recordingPath(siteId, recordingId)} className="open">
        {title || 'Untitled page'}
      </Link>
    </h2>
  );
}

export function Live({ className = '' }: { className?: string }) {
  return (
    <span className={`live ${className}`}>
      <span className="dot" aria-hidden="true" />
      Live
    </span>
  );
}

/** `1:05`, or `1:05+` of what is longer. */
export function LengthWords({ length: { durationMs, atLeast } }: { length: Pick<Length, 'durationMs' | 'atLeast'> }) {
  return (
    <>
      <span aria-hidden="true">
        {clock(durationMs)}
        {atLeast ? '+' : ''}
      </span>
      <span className="unseen">
        {atLeast ? 'more than ' : ''}
        {spoken(durationMs)}
      </span>
    </>
  );
}

/** What went wrong; nothing if nothing did. */
export function Troubles({ recording }: { recording: SiteRecording }) {
  const troubles = troublesOf(recording);
  if (troubles.length === 0) return null;
  return (
    <ul className="troubles" aria-label="What went wrong">
      {troubles.map((trouble) => (
        <li key={trouble}>{trouble}</li>
      ))}
    </ul>
  );
}

export function DeviceWords({ recording: { browser, userAgent = '', device } }: { recording: SiteRecording }) {
  const words = [browser || browserName(userAgent), device].filter(Boolean).join(' · ');
  return words ? (
    <p className="browser-words" dir="auto">
      {shortened(words, 60)}
    </p>
  ) : null;
}

/** The first tags, and how many more there are. */
export function Tags({ recording: { tags = [] } }: { recording: SiteRecording }) {
  if (tags.length === 0) return null;
  return (
    <ul className="tags" aria-label="Tags">
      {tags.slice(0, SHOWN_TAGS).map((tag) => (
        <li key={tag} dir="auto" title={shortened(tag)}>
          {shortened(tag, 40)}
        </li>
      ))}
      {tags.length > SHOWN_TAGS ? <li title={shortened(tags.slice(SHOWN_TAGS).join(', '), 1000)}>+{tags.length - SHOWN_TAGS}</li> : null}
    </ul>
  );
}

export function Watched() {
  return (
    <span className="seen">
      <CheckIcon />
      Watched
    </span>
  );
}

export function Kept() {
  return (
    <span className="seen" title="It does not expire">
      <PinIcon />
      Kept
    </span>
  );
}
