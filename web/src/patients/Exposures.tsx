import { useQuery } from '@tanstack/react-query';
import { api, told } from '../api/client';
import { useSpeech } from '../messages';
import { Failed } from '../parts/Failed';
import { dateOf } from '../parts/format';
import { Loading } from '../parts/Loading';
import { MonthChart } from '../parts/MonthChart';
import { categoryKey } from '../parts/words';
import { type Exposure, lastYear, madeAt, newest } from './doses';

/** Exposures of the last twelve months by kind, the dose where it is known, and how many do not state one. */
export function Exposures({ patientId }: { patientId: string }) {
  const { t } = useSpeech();
  const found = useQuery({
    queryKey: ['images', 'exposures', patientId],
    queryFn: () =>
      told(api.GET('/api/patients/{patient_id}/exposures', { params: { path: { patient_id: patientId } } })),
  });
  return (
    <section className="card stack" aria-labelledby="exposures">
      <h2 id="exposures">{t('patients.exposures')}</h2>
      {found.isPending && <Loading />}
      {found.isError && <Failed error={found.error} again={() => found.refetch()} />}
      {found.data && <Told exposures={found.data.items} />}
    </section>
  );
}

function Told({ exposures }: { exposures: Exposure[] }) {
  const { language, t } = useSpeech();
  const year = lastYear(exposures);
  const lasts = (['PANORAMIC', 'CBCT'] as const).map(
    (category) => [category, newest(exposures, category)] as const,
  );
  return (
    <>
      <p>{t('patients.inYear', { count: year.exposures })}</p>
      <ul className="counts">
        {[...year.counts].map(([category, count]) => (
          <li key={category}>
            {t(categoryKey(category))} <strong>{count}</strong>
          </li>
        ))}
      </ul>
      {year.values.some((value) => value !== null) && (
        <MonthChart of={year} title={t('patients.dapByMonth')} />
      )}
      {year.withoutDose > 0 && (
        <p className="notice person">{t('patients.withoutDose', { count: year.withoutDose })}</p>
      )}
      {lasts.map(([category, when]) => (
        <p key={category} className="small">
          {t('patients.last', { what: t(categoryKey(category)) })}{' '}
          <strong>{when ? dateOf(when, language) : t('patients.never')}</strong>
        </p>
      ))}
      <details>
        <summary>{t('patients.all', { count: exposures.length })}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('patients.when')}</th>
              <th scope="col">{t('patients.what')}</th>
              <th scope="col" className="number">
                {t('patients.dose')}
              </th>
            </tr>
          </thead>
          <tbody>
            {exposures.map((one) => (
              <tr key={one.id}>
                <td>{dateOf(madeAt(one)?.slice(0, 10), language)}</td>
                <td>{t(categoryKey(one.image.category))}</td>
                <td className="number">
                  {doseOf(one, language) ?? <span className="soft">{t('patients.unknown')}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

export function doseOf(
  one: Pick<Exposure, 'radiationDose' | 'radiationDoseUnit'>,
  language: string,
): string | null {
  if (one.radiationDose === null) return null;
  const number = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(one.radiationDose);
  return `${number} ${one.radiationDoseUnit ?? ''}`;
}
