import { useMutation, useQueryClient } from '@tanstack/react-query';

/** Something that changes things on the server: what it touches is asked for anew. */
export function useAction<Wanted, Answer>(
  act: (wanted: Wanted) => Promise<Answer>,
  topics: readonly string[],
  then?: (answer: Answer) => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (answer) => {
      for (const topic of topics) void queries.invalidateQueries({ queryKey: [topic] });
      then?.(answer);
    },
  });
}
