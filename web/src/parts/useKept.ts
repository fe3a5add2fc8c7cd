import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useReducer } from 'react';

/** A screen's own state that is still there when one comes back, and goes when somebody else signs in. */
export function useKept<Kept>(name: string, initial: Kept): [Kept, (change: (before: Kept) => Kept) => void] {
  const queries = useQueryClient();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
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
      // The cache tells of it only later: until then a field would show what it was before the key was pressed.
      redraw();
    },
    [queries, name],
  );
  return [data ?? initial, change];
}
