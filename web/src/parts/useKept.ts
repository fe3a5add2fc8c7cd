import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

/** A screen's own state that is still there when one comes back, and goes when somebody else signs in. */
export function useKept<Kept>(name: string, initial: Kept): [Kept, (change: (before: Kept) => Kept) => void] {
  const queries = useQueryClient();
  const { data } = useQuery<Kept>({
    queryKey: ['kept', name],
    queryFn: () => initial,
    initialData: initial,
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
  const change = useCallback(
    (by: (before: Kept) => Kept) => {
      queries.setQueryData<Kept>(['kept', name], (before) => (before === undefined ? before : by(before)));
    },
    [queries, name],
  );
  return [data ?? initial, change];
}
