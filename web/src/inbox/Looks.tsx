import type { ReactNode } from 'react';
import { useT } from '../messages';
import { fieldKey } from '../parts/words';
import { LOOKS, type Look } from './decide';

interface LooksProps {
  ticked: ReadonlySet<Look>;
  tick: (look: Look) => void;
  disabled?: boolean;
  /** What stands beside the legend, and what below the ticks. */
  beside?: ReactNode;
  children?: ReactNode;
}

/** What was looked at and found to agree. */
export function Looks({ ticked, tick, disabled = false, beside, children }: LooksProps) {
  const t = useT();
  return (
    <fieldset className="ticks" disabled={disabled}>
      <legend>
        {t('inbox.verified')} {beside}
      </legend>
      {LOOKS.map((look) => (
        <label key={look} className="tick">
          <input type="checkbox" checked={ticked.has(look)} onChange={() => tick(look)} />
          {t(fieldKey(look) ?? 'field.name')}
        </label>
      ))}
      {children}
    </fieldset>
  );
}
