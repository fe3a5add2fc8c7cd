/** What was asked to be retrieved here, and how far each of it is. */
import { useQuery } from '@tanstack/react-query';
import { api, told } from '../api/client';
import { isOpen, type Job } from '../jobs/JobActs';
import { useAction } from '../parts/useAction';
import { useKept } from '../parts/useKept';
import { type Found, keyOf, retrievalOf } from './answers';

export function useRetrieves() {
  // The job of each answer that was asked for, as it was told last.
  const [jobs, change] = useKept<Record<string, Job>>('pacs.jobs', {});
  const all = Object.values(jobs);
  const news = useQuery({
    queryKey: ['job', 'retrieves'],
    queryFn: () => told(api.GET('/api/jobs', { params: { query: { kind: 'retrieve', limit: 200 } } })),
    enabled: all.length > 0,
    refetchInterval: ({ state }) => {
      const told = new Map(state.data?.items.map((one) => [one.id, one]));
      return all.some((job) => isOpen(told.get(job.id) ?? job)) ? 1000 : false;
    },
  });
  const newest = new Map(news.data?.items.map((one) => [one.id, one]));
  const ask = useAction(
    async (wanted: Found[]) => {
      for (const one of wanted) {
        const job = await told(api.POST('/api/imaging/dicom/retrieve', { body: retrievalOf(one) }));
        change((now) => ({ ...now, [keyOf(one)]: job }));
      }
    },
    ['job'],
  );
  const current = Object.fromEntries(
    Object.entries(jobs).map(([key, job]) => [key, newest.get(job.id) ?? job]),
  );
  return { jobs: current, ask };
}

export type Retrieves = ReturnType<typeof useRetrieves>;
