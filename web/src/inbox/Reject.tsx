import { type FormEvent, useState } from 'react';
import { useT } from '../messages';
import { Dialog } from '../parts/Dialog';
import { Failed } from '../parts/Failed';

const REASONS = ['inbox.reason.test', 'inbox.reason.stranger', 'inbox.reason.unusable'] as const;

interface RejectProps {
  pending: boolean;
  error: unknown;
  onClose: () => void;
  reject: (reason: string) => void;
}

/** Why the images are put aside; Enter takes the first reason. */
export function Reject({ pending, error, onClose, reject }: RejectProps) {
  const t = useT();
  const [reason, setReason] = useState(t(REASONS[0]));

  function submit(event: FormEvent) {
    event.preventDefault();
    reject(reason);
  }
  return (
    <Dialog title={t('inbox.rejectTitle')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <p className="soft">{t('inbox.rejectLead')}</p>
        <label>
          {t('inbox.reason')}
          <input
            value={reason}
            list="reasons"
            maxLength={1000}
            required
            onFocus={(event) => event.target.select()}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <datalist id="reasons">
          {REASONS.map((key) => (
            <option key={key} value={t(key)} />
          ))}
        </datalist>
        {Boolean(error) && <Failed error={error} />}
        <div className="acts">
          <button type="submit" className="danger" disabled={pending}>
            <kbd>Enter</kbd> {t('inbox.reject')}
          </button>
          <button type="button" onClick={onClose}>
            <kbd>Esc</kbd> {t('frame.cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
