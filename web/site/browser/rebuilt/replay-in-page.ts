/** Runs in a page: replays events as the site does, by each way to a moment. */
import { isEvent } from '../../src/player/event';
import { createSanitizer } from '../../src/player/sanitize-replay';
import { createStage } from '../../src/player/stage';
import { treeOf } from './tree';

const SPEED = 4;

/** The document in the end, after a jump there or after playing. */
export async function replayed(lines: readonly string[], how: 'jump' | 'play'): Promise<{ tree: string[]; faults: string[] }> {
  const sanitize = createSanitizer();
  const events = lines.map((line) => JSON.parse(line) as unknown).filter(isEvent);
  for (const event of events) sanitize(event);
  const root = document.body.appendChild(document.createElement('div'));
  const faults: string[] = [];
  let onFirstFrame = () => {};
  const firstFrame = new Promise<void>((resolve) => (onFirstFrame = resolve));
  const stage = createStage(root, events, { onFirstFrame, onView: () => {}, onFault: (fault) => void faults.push(String(fault)) });
  await firstFrame;
  const endMs = Math.max(...events.map(({ timestamp }) => timestamp)) - events[0]!.timestamp + 1;
  if (how === 'jump') stage.pause(endMs);
  else {
    stage.play(0);
    stage.setSpeed(SPEED);
    while (stage.time() < endMs) {
      stage.ahead();
      await new Promise(requestAnimationFrame);
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  const tree = treeOf(root.querySelector('iframe')!.contentDocument!);
  stage.destroy();
  root.remove();
  return { tree, faults };
}
