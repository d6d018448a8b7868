import type { SiteRecording } from 'contract';
import { useState } from 'react';
import { beganAtMs } from '../api/moment';
import { titleOf } from '../pages/visitor-facts';
import { useLibrary } from '../site-context';
import { TrashIcon } from '../ui/icons';
import { dateAndTime, shortened } from '../ui/words';
import { EraseDialog } from './erase-dialog';
import { useMayErase, useStartErasure } from './use-erasure';

const LOSSES = [
  'Its events, its screenshot and all facts about it are erased.',
  'Within seconds, no one can open it any more.',
  'Files that it shares with other recordings (images, fonts, style sheets) stay until they expire.',
  'Once confirmed, this cannot be undone.',
];

/** The button that deletes a recording, for those who may, and its dialog. */
export function DeleteRecording({ recording }: { recording: SiteRecording }) {
  const { siteId } = useLibrary();
  const [isOpen, setOpen] = useState(false);
  const { mutate, reset, isPending, error } = useStartErasure({ recordingId: recording.recordingId });
  if (!useMayErase()) return null;
  function close(): void {
    setOpen(false);
    reset();
  }
  return (
    <>
      <button type="button" className="icon-only" aria-label="Delete recording …" title="Delete recording …" onClick={() => setOpen(true)}>
        <TrashIcon />
      </button>
      {isOpen || error ? (
        <EraseDialog title="Delete this recording?" action="Delete recording" losses={LOSSES} isSending={isPending} error={error} onConfirm={mutate} onClose={close}>
          <bdi>{shortened(titleOf(recording))}</bdi>, recorded {dateAndTime(beganAtMs(recording))}
          {siteId === undefined ? '' : ` on ${siteId}`}.
        </EraseDialog>
      ) : null}
    </>
  );
}
