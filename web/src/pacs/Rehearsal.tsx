import { api, told } from '../api/client';
import { Link } from '../frame/Link';
import { addressOf } from '../frame/router';
import { useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { Dialog } from '../parts/Dialog';
import { Failed } from '../parts/Failed';
import { dateOf } from '../parts/format';
import { useAction } from '../parts/useAction';
import { visible } from '../parts/visible';
import { isoOf } from './answers';

/** Shows what a retrieval rule would fetch now. */
export function Rehearsal({ id, name }: { id: string; name: string }) {
  const { language, t } = useSpeech();
  const rehearse = useAction(
    () =>
      told(
        api.POST('/api/imaging/retrieval-rules/{rule_id}/rehearse', { params: { path: { rule_id: id } } }),
      ),
    [],
  );
  const items = rehearse.data?.items;
  return (
    <>
      <button type="button" disabled={rehearse.isPending} onClick={() => rehearse.mutate()}>
        {t('retrieval.rehearse')}
      </button>
      {rehearse.isError && <Failed error={rehearse.error} />}
      {items && (
        <Dialog title={t('retrieval.would', { name: visible(name) })} onClose={() => rehearse.reset()}>
          <p>{t('retrieval.studies', { count: items.length })}</p>
          <ul className="counts">
            {items.map((one) => (
              <li key={one.study}>
                <span>
                  {dateOf(isoOf(one.studyDate), language)} <Data>{one.modalities.join(' ')}</Data>{' '}
                  {t('pacs.heldOf', { held: one.held, stated: one.stated ?? '?' })}
                </span>
                <Link to={addressOf('patients', one.patientId)}>{t('image.toPatient')}</Link>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}
