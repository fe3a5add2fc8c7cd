import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useT } from '../messages';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog that takes the focus and gives it back; Escape closes it. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const t = useT();
  const place = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = place.current;
    dialog?.showModal();
    // The first thing to fill in, rather than the sign that closes.
    dialog?.querySelector<HTMLElement>('input, select, textarea, button.primary')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={place} aria-labelledby={heading} onClose={onClose} className="card">
      <div className="dialog-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="quiet" onClick={onClose} aria-label={t('frame.close')}>
          ✕
        </button>
      </div>
      {children}
    </dialog>
  );
}
