/** Who is signed in, and what the person may do. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, Problem, type Schemas, told } from '../api/client';

export type Session = Schemas['SessionAnswer'];
const KEY = ['session'];

/** The session; null when nobody is signed in. */
export function useSession() {
  return useQuery({ queryKey: KEY, queryFn: read, staleTime: Number.POSITIVE_INFINITY, retry: false });
}

async function read(): Promise<Session | null> {
  try {
    return await told(api.GET('/api/session'));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/** Everything that was fetched belongs to one person: it goes when somebody else comes. */
export function useChangeOfPerson(): (session: Session | null) => void {
  const queries = useQueryClient();
  return (session) => {
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
    queries.setQueryData(KEY, session);
  };
}

/** Whether whoever is signed in has a permission. */
export function useMay(permission: string): boolean {
  return useSession().data?.permissions.includes(permission) ?? false;
}
