/**
 * Whether the text of an element is a script, or HTML that only a page without scripts would show.
 *
 * rrweb 2.1.6 knows scripts by a name in capital letters. In SVG and XHTML they have small ones, and rrweb records their
 * texts. No issue of rrweb names it. Right would be to compare the local name.
 *
 * tests/e2e/test_rrweb_masking.py says when this can go.
 */
export const isScript = (element: Element | null): boolean => /(?:^|:)(?:no)?script$/i.test(element?.nodeName ?? '');
