import { useQuery } from '@tanstack/react-query';
import { api, told } from '../api/client';

/** What waits, what was done today, and whether everything works; looked at every half minute at least. */
export function useOverview() {
  return useQuery({
    queryKey: ['overview'],
    queryFn: () => {
      const today = new Date(new Date().setHours(0, 0, 0, 0)).toISOString();
      return told(api.GET('/api/overview', { params: { query: { today } } }));
    },
    refetchInterval: 30_000,
  });
}
