import { useQuery } from '@tanstack/react-query';
import { api, type Schemas, told } from '../api/client';

export type Node = Schemas['NodeAnswer'];
export type Use = Schemas['Use'];

export const USES = ['query', 'retrieve', 'worklist', 'forward'] as const satisfies readonly Use[];

/** The clinic's remote nodes. */
export function useNodes() {
  return useQuery({
    queryKey: ['devices', 'nodes'],
    queryFn: () => told(api.GET('/api/imaging/nodes')),
  });
}
