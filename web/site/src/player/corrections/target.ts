import type { Replayer } from '@rrweb/replay';
import { customPayload, isObject } from '../event';
import { attributeOf } from '../replaced-states';
import type { Correction } from './correction';

/** The recorder's event for elements that no attribute tells from others. */
const TAG = 'rrweb-store:top-layer';

/**
 * Marks the element that the hash of the page's address named, for the rules that `createVisitorRules` makes ask for it.
 *
 * rrweb 2.1.6 replays a page under another address, so that `:target` finds nothing. No issue names it yet; right would be to
 * record the element. browser/visitor-states.test.ts says when this can go.
 */
export function createTarget(): Correction {
  let id: unknown;
  let marked: Element | undefined;

  function show(replayer: Replayer): void {
    const node = replayer.getMirror().getNode(id as number);
    const element = node?.nodeType === Node.ELEMENT_NODE ? (node as Element) : undefined;
    if (marked !== element) marked?.removeAttribute(attributeOf('target'));
    element?.setAttribute(attributeOf('target'), '');
    marked = element;
  }

  return {
    restart() {
      id = marked = undefined;
    },
    handler(event, isSync, { replayer }) {
      const elements: unknown = customPayload(event, TAG)?.['elements'];
      if (!Array.isArray(elements)) return;
      id = (elements as unknown[]).filter(isObject).find(({ kind }) => kind === 'target')?.['id'];
      if (!isSync) show(replayer);
    },
    show,
  };
}
