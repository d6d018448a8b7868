import { type ComponentProps, useLayoutEffect, useRef } from 'react';

/** A modal dialog, which is open as long as it is rendered, and then gives the focus back. */
export function ModalDialog({ className = '', stays = false, onClose, ...others }: Omit<ComponentProps<'dialog'>, 'ref' | 'onCancel' | 'onClose'> & {
  /** Whether Escape leaves it open. @default false */
  stays?: boolean;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const opened = dialog.current!;
    opened.showModal();
    return () => opened.close(); // which gives the focus back
  }, []);
  return (
    <dialog
      {...others}
      className={`dialog ${className}`}
      ref={dialog}
      onCancel={(event) => {
        // Escape: `close` would come later than the focus, and take back what the next key has opened.
        event.preventDefault();
        if (!stays) onClose();
      }}
      onClose={onClose}
    />
  );
}
