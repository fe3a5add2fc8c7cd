import { useQuery } from '@tanstack/react-query';
import { api, told } from '../api/client';
import { useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { Loading } from '../parts/Loading';
import { visible } from '../parts/visible';
import { type Answered, type Found, hereOf, keyOf, textOf, uidOf } from './answers';
import { Here } from './Here';
import { Ended } from './Outcomes';
import { Day, Modality } from './StudyRow';
import type { Retrieves } from './useRetrieves';

/** The series of a study, as its node lists them. */
export function SeriesRows({ study, retrieves }: { study: Found; retrieves: Retrieves }) {
  const t = useT();
  const asked = useQuery({
    queryKey: ['kept', 'pacs.series', keyOf(study)],
    queryFn: () => seriesOf(study),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (asked.isPending) return <Loading />;
  if (asked.isError) return <Failed error={asked.error} again={() => asked.refetch()} />;
  const { items, outcomes } = asked.data;
  const wrong = outcomes.filter((one) => one.error || one.capped);
  return (
    <div className="stack">
      {wrong.length > 0 && (
        <ul className="findings outcomes">
          {wrong.map((one) => (
            <Ended key={one.node} outcome={one} />
          ))}
        </ul>
      )}
      {items.length === 0 ? (
        <p className="soft">{t('pacs.noSeries')}</p>
      ) : (
        <table aria-label={t('pacs.series')}>
          <tbody>
            {items.map((series) => (
              <SeriesRow key={keyOf(series)} series={series} retrieves={retrieves} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

async function seriesOf(study: Found): Promise<Answered> {
  const keys = { StudyInstanceUID: uidOf(study) };
  const body = { nodes: [study.node], level: 'SERIES' as const, keys, limit: 1000 };
  // The route can answer in two forms; without another wish it is this one.
  return (await told(api.POST('/api/imaging/dicom/query', { body }))) as Answered;
}

function SeriesRow({ series, retrieves }: { series: Found; retrieves: Retrieves }) {
  const t = useT();
  const job = retrieves.jobs[keyOf(series)];
  const description = textOf(series, 'SeriesDescription');
  return (
    <tr>
      <td className="number">
        <Data>{textOf(series, 'SeriesNumber')}</Data>
      </td>
      <td>
        <Data>{description}</Data> <Day found={series} keyword="SeriesDate" />
      </td>
      <td>
        <Modality found={series} keyword="Modality" />
      </td>
      <td>
        <Here found={series} job={job} />
      </td>
      <td>
        {!job && hereOf(series) !== 'all' && (
          <button
            type="button"
            aria-label={`${t('pacs.retrieveSeries')}: ${visible(description || uidOf(series))}`}
            onClick={() => retrieves.ask.mutate([series])}
          >
            {t('pacs.retrieveSeries')}
          </button>
        )}
      </td>
    </tr>
  );
}
