import { useEffect, useState } from 'react';
import type { Playback } from './playback';
import { Screen } from './screen';
import type { Stills } from './stills';
import { type View, wholeView } from './view';

/** A pointer that has moved within this time is on its way to another moment. */
const REST_MS = 80;
/** Moments closer than this look alike. */
const STEP_MS = 250;

/** A still of the recorded page at a moment, where stills can be drawn. Its page is kept for the next moment. */
export function Still({ playback, atMs }: { playback: Playback; atMs: number | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const wanted = atMs === undefined ? undefined : Math.round(atMs / STEP_MS) * STEP_MS;
  useEffect(() => {
    if (wanted !== undefined && playback.hasStills()) setOpen(true);
  }, [playback, wanted]);
  return isOpen ? <OpenStill playback={playback} wanted={wanted} /> : null;
}

function OpenStill({ playback, wanted }: { playback: Playback; wanted: number | undefined }) {
  const [root, setRoot] = useState<HTMLElement | null>(null);
  const [view, setView] = useState<View>(() => wholeView({ width: 1280, height: 720 }));
  const [stills, setStills] = useState<Stills>();
  const [shown, setShown] = useState<number>();
  useEffect(() => {
    if (root) playback.openStills(root, setView).then(setStills, () => {}); // without its frame there is no still
  }, [playback, root]);
  useEffect(() => {
    if (!stills || wanted === undefined) return;
    let isNewest = true;
    const timer = setTimeout(() => void stills.show(wanted).then(() => isNewest && setShown(wanted)), REST_MS);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [stills, wanted]);
  return (
    <div className={shown === wanted ? 'still' : 'still unfinished'}>
      <Screen view={view} setRoot={setRoot} label="" />
    </div>
  );
}
