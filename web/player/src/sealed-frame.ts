import { FRAME_RULES, narrowedPolicy } from 'site/src/player/other-hosts-frame';
import { POINTER_RULES } from './styles';

/** The frame did not become what it must be, so nothing is replayed. */
export class SealedFrameError extends Error {
  override readonly name = 'SealedFrameError';
}

/**
 * Opens a frame whose documents run no script and load nothing but `data:` and `blob:`, whatever the page around it may.
 * The site's own policy is not there to forbid it.
 *
 * @returns the element to replay into
 * @throws {SealedFrameError}
 */
export async function openSealedFrame(element: HTMLElement): Promise<HTMLElement> {
  const frame = document.createElement('iframe');
  frame.title = 'The recorded page, which loads nothing';
  frame.sandbox.value = 'allow-same-origin';
  frame.referrerPolicy = 'no-referrer';
  frame.tabIndex = -1;
  frame.inert = true;
  frame.style.cssText = 'width: 100%; height: 100%; border: 0';
  frame.srcdoc = `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="${narrowedPolicy([])}"><style>${FRAME_RULES} ${POINTER_RULES}</style></head><body></body></html>`;
  await new Promise((resolve) => {
    frame.addEventListener('load', resolve, { once: true });
    element.append(frame);
  });
  const inner = frame.contentDocument;
  if (!inner?.querySelector('meta[http-equiv]') || frame.sandbox.value !== 'allow-same-origin') {
    throw new SealedFrameError('the frame of the replay could not be opened');
  }
  return inner.body.appendChild(inner.createElement('div'));
}
