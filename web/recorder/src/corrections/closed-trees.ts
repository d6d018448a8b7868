import { closedTrees } from '../native-functions';
import { createHooks } from './hooked-members';
import type { Recorded, Watcher } from './index';

/** The shadow tree of an element, also one that is closed, if it is known. */
export const shadowTreeOf = (element: Element | null): ShadowRoot | null => element && (element.shadowRoot ?? closedTrees.get(element) ?? null);

/**
 * Finds closed shadow trees, whose content is seen like that of others: as they are attached, or as a custom element asks for
 * its internals.
 *
 * rrweb 2.1.6 leaves them out: https://github.com/rrweb-io/rrweb/issues/1067. Right would be that its `patchAttachShadow`
 * keeps what `attachShadow` returns. A tree that was attached before the recorder came, and one that is declared for an
 * element without a class, stay unknown.
 *
 * web/site/browser/closed-trees.test.ts says when this can go.
 */
export function watchClosedTrees({ copied }: Recorded): Watcher {
  const { hookAll, enter, stop } = createHooks((classes) => {
    const call = (element: Element) => (made: unknown) => {
      const tree = 'host' in (made as object) ? made : (made as ElementInternals).shadowRoot;
      if (tree) closedTrees.set(element, tree as ShadowRoot);
      return made;
    };
    hookAll(classes, { Element: ['attachShadow'], HTMLElement: ['attachInternals'] }, call);
    // No fault of rrweb's, and here since it, too, must begin before the first snapshot: a copy is as closed as what was copied.
    hookAll(classes, { Node: ['cloneNode'], Document: ['importNode'], Range: ['cloneContents'] }, (from: Partial<Range>, [given]) => (copy) => {
      copied((Object(given) === given ? given : (from.commonAncestorContainer ?? from)) as Node, copy as Node);
      return copy;
    });
  });

  enter(document); // before rrweb, which asks for the tree as it is attached
  return { entered: enter, stop };
}
