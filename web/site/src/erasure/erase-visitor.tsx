import { useState } from 'react';
import { shortId } from '../pages/visitor-facts';
import { EraseDialog } from './erase-dialog';
import { visitorCountWords } from './erasure-words';
import { useMayErase, useStartErasure } from './use-erasure';

/** The button that erases all recordings of a visitor, for administrators of the site, and its dialog. */
export function EraseVisitor({
  siteId,
  visitorId,
  known,
  hasMore,
  onStarted,
}: {
  siteId: string;
  visitorId: string;
  /** How many of the visitor's recordings are loaded. */
  known: number | undefined;
  hasMore: boolean;
  onStarted: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const { mutate, reset, isPending, error } = useStartErasure({ visitorId }, onStarted);
  if (!useMayErase()) return null;
  function close(): void {
    setOpen(false);
    reset();
  }
  const losses = [
    visitorCountWords(known, hasMore),
    'Those that are being recorded now are included. A later visit is recorded again.',
    'Within seconds as a rule, no one can open them any more.',
    'Files that they share with other recordings (images, fonts, style sheets) stay until they expire.',
    'Once confirmed, this cannot be undone.',
  ];
  return (
    <>
      <button type="button" className="erase-visitor" onClick={() => setOpen(true)}>
        Erase this visitor …
      </button>
      {isOpen || error ? (
        <EraseDialog title="Erase this visitor?" action="Erase visitor" losses={losses} typed={shortId(visitorId)} isSending={isPending} error={error} onConfirm={mutate} onClose={close}>
          Visitor <code>{visitorId}</code> of {siteId}.
        </EraseDialog>
      ) : null}
    </>
  );
}
