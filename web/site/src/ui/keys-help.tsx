import { ModalDialog } from './modal-dialog';

/** What keys do on this page, as key and effect, above the page. */
export function KeysHelp({ keys, onClose }: { keys: readonly (readonly [key: string, effect: string])[]; onClose: () => void }) {
  return (
    <ModalDialog aria-labelledby="keys-title" onClose={onClose}>
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
    </ModalDialog>
  );
}
