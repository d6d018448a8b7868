import { useLayoutEffect, useRef } from 'react';

/** What keys do on this page, as key and effect, above the page. */
export function KeysHelp({ keys, onClose }: { keys: readonly (readonly [key: string, effect: string])[]; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const opened = dialog.current!;
    opened.showModal();
    return () => opened.close(); // which gives the focus back
  }, []);
  return (
    <dialog
      className="dialog"
      ref={dialog}
      aria-labelledby="keys-title"
      onCancel={(event) => {
        event.preventDefault(); // as in EraseDialog
        onClose();
      }}
      onClose={onClose}
    >
      <h2 id="keys-title">Keyboard shortcuts</h2>
      <dl className="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={onClose}>
        Close
      </button>
    </dialog>
  );
}
