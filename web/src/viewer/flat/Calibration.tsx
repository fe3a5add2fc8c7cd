/** Makes a ruler's known length the scale of an image, and shows what has been decided before. */

import { type FormEvent, useState } from 'react';
import type { Image } from '../source';
import type { Measurement } from '../stage/measuring';
import { useWords } from '../words';
import { type Calibrations, useCalibrations } from './calibrations';

export interface CalibrationProps {
  readonly image: Image;
  readonly frame: number;
  readonly ruler: Measurement | null;
  /** Kept: the ruler's drawing may go. */
  readonly finished: (uid: string | null) => void;
}

export function Calibration({ image, frame, ruler, finished }: CalibrationProps) {
  const { say } = useWords();
  const { kept, keep, undo } = useCalibrations(image.id);
  const [text, setText] = useState('');
  const mm = Number(text.trim().replace(',', '.'));
  const sane = mm >= 0.1 && mm <= 1000;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!ruler || !sane) return;
    keep.mutate({ ends: ruler.points, mm, frame }, { onSuccess: () => finished(ruler.uid) });
  };
  const failed = keep.error ?? undo.error ?? kept.error;
  return (
    <form className="viewer-sheet" onSubmit={submit}>
      {ruler ? (
        <>
          <label>
            {say('calibrate.length')}
            <input
              // biome-ignore lint/a11y/noAutofocus: the line has just been drawn, and its length is what comes next
              autoFocus
              inputMode="decimal"
              value={text}
              aria-invalid={text !== '' && !sane}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
          <button type="submit" className="primary" disabled={!sane || keep.isPending}>
            {say('calibrate.keep')}
          </button>
          {text !== '' && !sane && <p className="viewer-warn">{say('calibrate.bad')}</p>}
        </>
      ) : (
        <p>{say('calibrate.draw')}</p>
      )}
      {kept.data?.warnings.map((warning) => (
        <p className="viewer-warn" key={warning}>
          {warning}
        </p>
      ))}
      {failed && (
        <p className="viewer-warn" role="alert">
          {failed.message}
        </p>
      )}
      {kept.data && <History items={kept.data.items} undo={(decision) => undo.mutate(decision)} />}
    </form>
  );
}

function History({ items, undo }: { items: Calibrations['items']; undo: (decision: string) => void }) {
  const { say, language } = useWords();
  if (items.length === 0) return null;
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <ul aria-label={say('calibrate.history')}>
      {items.map(({ decisionId, start, end, mm, by, madeAt, undone }) => (
        <li key={decisionId}>
          {say('calibrate.by', {
            mm,
            px: Math.round(Math.hypot(end.x - start.x, end.y - start.y)),
            who: by,
            when: when.format(new Date(madeAt)),
          })}{' '}
          {undone ? (
            <em>{say('calibrate.undone')}</em>
          ) : (
            <button type="button" className="quiet" onClick={() => undo(decisionId)}>
              {say('calibrate.undo')}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
