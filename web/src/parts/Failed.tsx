import { Problem } from '../api/client';
import { useT } from '../messages';

/** What went wrong, in the server's words where it spoke, with a way to try again. */
export function Failed({ error, again }: { error: unknown; again?: (() => void) | undefined }) {
  const t = useT();
  return (
    <div role="alert" className="notice danger">
      <p>{sentenceOf(error, t('frame.failed'), t('frame.unreachable'))}</p>
      {again && (
        <button type="button" onClick={again}>
          {t('frame.again')}
        </button>
      )}
    </div>
  );
}

export function sentenceOf(error: unknown, failed: string, unreachable: string): string {
  if (!(error instanceof Problem)) return failed;
  return error.status === 0 ? unreachable : error.detail || error.title;
}
