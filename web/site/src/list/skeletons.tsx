import type { Density } from '../routing/list-view';

const CARDS = 8;
const ROWS = 12;

/** The shapes of recordings that are still being loaded. */
export function Skeletons({ density }: { density: Density }) {
  return (
    <>
      <p role="status" className="unseen">
        Loading the recordings …
      </p>
      <div className={density} aria-hidden="true">
        {Array.from({ length: density === 'cards' ? CARDS : ROWS }, (_, index) => (
          <div key={index} className={density === 'cards' ? 'card skeleton' : 'recording-row skeleton'}>
            {density === 'cards' ? <div className="thumbnail" /> : null}
            <div className="line" />
            <div className="line short" />
          </div>
        ))}
      </div>
    </>
  );
}
