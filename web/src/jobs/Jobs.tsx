import { useInfiniteQuery } from '@tanstack/react-query';
import { api, told } from '../api/client';
import { useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { momentOf } from '../parts/format';
import { Section } from '../parts/Section';
import { isOpen, type Job, JobActs } from './JobActs';

/** Work that takes longer than a request: how far it is, and what became of it. */
export default function Jobs() {
  const { t } = useSpeech();
  const found = useInfiniteQuery({
    queryKey: ['job', 'all'],
    queryFn: ({ pageParam }) =>
      told(api.GET('/api/jobs', { params: { query: { limit: 50, cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((job) => isOpen(job))) ? 2000 : 15_000,
  });
  return (
    <div className="screen">
      <h1>{t('frame.jobs')}</h1>
      <Section title={t('jobs.all')} found={found}>
        {({ pages }) => {
          const jobs = pages.flatMap((page) => page.items);
          return jobs.length === 0 ? <p className="soft">{t('jobs.none')}</p> : <Rows jobs={jobs} />;
        }}
      </Section>
      {found.hasNextPage && (
        <button type="button" onClick={() => found.fetchNextPage()}>
          {t('frame.more')}
        </button>
      )}
    </div>
  );
}

function Rows({ jobs }: { jobs: Job[] }) {
  const { t } = useSpeech();
  return (
    <div className="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('jobs.job')}</th>
            <th scope="col">{t('jobs.state')}</th>
            <th scope="col">{t('jobs.progress')}</th>
            <th scope="col">{t('jobs.by')}</th>
            <th scope="col">{t('patients.when')}</th>
            <th scope="col">
              <span className="hidden">{t('jobs.act')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <Row key={job.id} job={job} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ job }: { job: Job }) {
  const { language } = useSpeech();
  return (
    <tr>
      <td>
        <strong>
          <Data>{job.kind}</Data>
        </strong>{' '}
        <span className="mono">
          <Data>{job.subject}</Data>
        </span>
      </td>
      <td>
        <Data>{job.state}</Data>
        {job.error && (
          <p lang="en" className="small">
            <Data>{job.error}</Data>
          </p>
        )}
      </td>
      <td className="mono">
        <Data>{toldOf(isOpen(job) ? job.progress : (job.result ?? job.progress))}</Data>
      </td>
      <td>
        <Data>{job.createdBy}</Data>
      </td>
      <td>{momentOf(job.createdAt, language)}</td>
      <td>
        <JobActs job={job} />
      </td>
    </tr>
  );
}

/** What a kind of job tells of itself, in a line. */
function toldOf(said: Record<string, unknown>): string {
  return Object.entries(said)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ');
}
