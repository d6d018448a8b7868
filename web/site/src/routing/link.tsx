import type { ComponentPropsWithRef, MouseEvent } from 'react';
import { goTo } from './location';

type LinkProps = ComponentPropsWithRef<'a'> & { href: string };

/** A link to a page of this site. With a modifier key or another button the browser handles it. */
export function Link({ href, onClick, ...rest }: LinkProps) {
  function follow(event: MouseEvent<HTMLAnchorElement>): void {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !plain) return;
    event.preventDefault();
    goTo(href);
  }
  return <a href={href} onClick={follow} {...rest} />;
}
