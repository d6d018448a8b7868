import type { eventWithTime } from '@rrweb/types';
import { createResources } from './resources/resources';
import type { ResourceStore } from './resources/resource-store';
import { createStage } from './stage';
import type { View } from './view';

/** The player beside it goes on drawing: half of what a frame of it has. */
const SLICE_MS = 8;

/** Protects the player: a page of more elements and texts gets no still, since building it would keep the browser for more than 50 ms. */
export const MAX_NODES_OF_STILL = 5_000;

export type Stills = ReturnType<typeof createStills>;

/**
 * Stills of a recording's moments, drawn into `root` by a second stage that never plays.
 *
 * @param startMs timestamp from which moments count
 * @param onView called with what the visitor's screen showed
 * @throws {Error} as `createStage`
 */
export function createStills(root: HTMLElement, events: readonly eventWithTime[], startMs: number, store: ResourceStore, onView: (view: View) => void, userAgent?: string) {
  const resources = createResources(store);
  const sinceFirstMs = startMs - events[0]!.timestamp;
  let onFirstFrame = (): void => {};
  const first = new Promise<void>((resolve) => (onFirstFrame = resolve));
  const stage = createStage(root, [...events], { onFirstFrame, onView, onFault: () => {} }, resources, userAgent, SLICE_MS);
  return {
    add: stage.add,
    /** Goes to a moment; it may be sent elsewhere before it gets there. */
    async show(atMs: number): Promise<void> {
      await first;
      stage.pause(atMs + sinceFirstMs);
      await stage.arrived();
    },
    end(): void {
      stage.destroy();
      resources.end();
      root.replaceChildren();
    },
  };
}
