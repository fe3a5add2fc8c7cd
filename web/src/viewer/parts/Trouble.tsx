import { asFailure } from '../pixels/failure';
import { reason, useWords } from '../words';

/** Why nothing is drawn, where it would have been. */
export function Trouble({ error, again }: { error: unknown; again?: (() => void) | undefined }) {
  const words = useWords();
  return (
    <div className="viewer-trouble" role="alert">
      <p>{reason(words, asFailure(error))}</p>
      {again && (
        <button type="button" onClick={again}>
          {words.say('again')}
        </button>
      )}
    </div>
  );
}
