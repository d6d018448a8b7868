/** `components/website` serves it with a policy of its own: docs/adr/0044-what-other-hosts-have.md. */
const PAGE = '/other-hosts.html';
const ORIGIN = /^https?:\/\/[a-z0-9.-]+(:\d+)?$/;

/** The page that a recording is replayed in could not be opened. The replay is possible without what other hosts have. */
export class OtherHostsError extends Error {
  override readonly name = 'OtherHostsError';
}

/**
 * Opens a frame whose documents may load images, fonts and style sheets from these origins, and nothing else.
 *
 * @returns the element to replay into, which replaces `root`
 * @throws {OtherHostsError}
 */
export async function openOtherHostsFrame(root: HTMLElement, origins: readonly string[]): Promise<HTMLElement> {
  const frame = document.createElement('iframe');
  frame.title = 'The recorded page, with what other hosts have';
  frame.referrerPolicy = 'no-referrer';
  frame.tabIndex = -1;
  frame.inert = true;
  frame.style.cssText = 'width: 100%; height: 100%; border: 0';
  frame.src = PAGE;
  await new Promise((resolve) => {
    frame.addEventListener('load', resolve, { once: true });
    root.append(frame);
  });
  const inner = frame.contentDocument;
  if (!inner?.querySelector('meta[name="page"][content="other-hosts"]')) {
    frame.remove();
    throw new OtherHostsError(`${PAGE} of this site could not be opened`);
  }
  const policy = inner.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = narrowedPolicy(origins);
  const style = inner.createElement('style');
  style.textContent = `${FRAME_RULES} ${playerRules()}`;
  inner.head.append(policy, style);
  return inner.body.appendChild(inner.createElement('div'));
}

/** Of a document that holds nothing but a replay. */
export const FRAME_RULES = 'html, body { margin: 0; overflow: hidden; background: none } iframe { border: 0; background: #fff }';

/** The page's own policy allows every host. A browser enforces both, also in the frames within. */
export function narrowedPolicy(origins: readonly string[]): string {
  const hosts = origins.filter((origin) => ORIGIN.test(origin)).join(' ');
  return `default-src 'none'; style-src 'unsafe-inline' data: blob: ${hosts}; img-src data: blob: ${hosts}; font-src data: blob: ${hosts}`;
}

/** What draws rrweb's pointer and frame: the frame has no other style sheet. */
function playerRules(): string {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText));
  return rules.filter((rule) => /replayer-|@keyframes/.test(rule)).join('\n');
}
