import type { SiteRecording } from 'contract';
import { useState } from 'react';
import { EraseDialog } from '../erasure/erase-dialog';
import { useMayErase } from '../erasure/use-erasure';
import { titleOf } from '../pages/visitor-facts';
import { PinIcon } from '../ui/icons';
import { shortened } from '../ui/words';
import { STATE_WORDS, endWords, keepWords, keepingRefusal } from './keeping-words';
import { isChanging } from './keeping-state';
import { useKeeping } from './use-keeping';

/** The button that keeps a recording past its time, or ends that, for those who may, and its dialog. */
export function KeepRecording({ recording }: { recording: SiteRecording }) {
  const [isOpen, setOpen] = useState(false);
  const { state, request } = useKeeping(recording);
  const { mutate, reset, isPending, error } = request;
  if (!useMayErase()) return null;
  const isEnd = recording.kept ?? false;
  const name = isEnd ? 'End keeping recording …' : 'Keep recording …';
  function close(): void {
    setOpen(false);
    reset();
  }
  return (
    <>
      <span role="status" className="small">
        {STATE_WORDS[state]}
      </span>
      <button type="button" className={isEnd ? 'icon-only kept' : 'icon-only'} aria-label={name} title={name} aria-disabled={isChanging(state)} onClick={() => isChanging(state) || setOpen(true)}>
        <PinIcon />
      </button>
      {isOpen || error ? (
        <EraseDialog
          title={isEnd ? 'End keeping this recording?' : 'Keep this recording?'}
          action={isEnd ? 'End keeping' : 'Keep recording'}
          isHarmless={!isEnd}
          losses={isEnd ? endWords(recording, Date.now()) : keepWords(recording)}
          isSending={isPending}
          error={error}
          refusalOf={keepingRefusal}
          onConfirm={() => mutate(isEnd, { onSuccess: () => setOpen(false) })}
          onClose={close}
        >
          <bdi>{shortened(titleOf(recording))}</bdi>
        </EraseDialog>
      ) : null}
    </>
  );
}
