import { type FormEvent, type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { useLibrary } from '../site-context';
import { ModalDialog } from '../ui/modal-dialog';
import { refusalWords } from './erasure-words';

/** What a request does, and whether to send it. Nothing is sent before the user confirms. */
export function EraseDialog({
  title,
  action,
  losses,
  typed,
  isHarmless = false,
  isSending,
  error,
  refusalOf = refusalWords,
  onConfirm,
  onClose,
  children,
}: {
  title: string;
  /** The name of the button that confirms. */
  action: string;
  /** What is lost, a sentence each. */
  losses: readonly string[];
  /** What the user has to type first. @default nothing */
  typed?: string;
  /** Whether nothing is lost. @default false */
  isHarmless?: boolean;
  isSending: boolean;
  /** Why the API did not accept it. */
  error: unknown;
  /** What the user is told of that. @default the words of an erasure */
  refusalOf?: typeof refusalWords;
  onConfirm: () => void;
  onClose: () => void;
  /** Names what is erased. */
  children: ReactNode;
}) {
  const { siteId } = useLibrary();
  const id = useId();
  const cancel = useRef<HTMLButtonElement>(null);
  const [text, setText] = useState('');
  useLayoutEffect(() => cancel.current!.focus(), []); // after the dialog has opened
  const refusal = error ? refusalOf(error, siteId) : undefined;
  function confirm(event: FormEvent): void {
    event.preventDefault();
    if (!isSending) onConfirm();
  }
  return (
    <ModalDialog
      className="erase-dialog"
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-losses`}
      stays={isSending}
      onClose={onClose}
      onKeyDown={(event: KeyboardEvent) => event.stopPropagation()} // the keys of the player and of the list
    >
      <h2 id={`${id}-title`}>{title}</h2>
      <div id={`${id}-losses`}>
        <p>{children}</p>
        <ul>
          {losses.map((loss) => (
            <li key={loss}>{loss}</li>
          ))}
        </ul>
      </div>
      <form onSubmit={confirm}>
        {typed === undefined ? null : (
          <label>
            <span>
              Type <code>{typed}</code> to confirm
            </span>
            <input type="text" required value={text} autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(event) => setText(event.target.value)} />
          </label>
        )}
        <div role="alert">
          {refusal ? (
            <p className="refusal">
              <strong>{refusal.title}.</strong> {refusal.detail}
            </p>
          ) : null}
        </div>
        <p className="actions">
          <span role="status" className="small">
            {isSending ? 'Sending the request …' : ''}
          </span>
          <button type="button" ref={cancel} disabled={isSending} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={isHarmless ? 'primary' : 'danger'} disabled={typed !== undefined && text.trim() !== typed}>
            {action}
          </button>
        </p>
      </form>
    </ModalDialog>
  );
}
