/** The inbox's data: what waits, and the decisions that take things out of it. */
import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, told } from '../api/client';
import type { Item } from './decide';

// An item comes with its candidates and their evidence, some 6 kB; more follow as one goes down the list.
const AT_ONCE = 12;
const WAITING = ['inbox', 'waiting'];
type Pages = InfiniteData<Schemas['PendingItems'], string | null>;

export interface Done {
  decisionId: string;
  kind: 'linked' | 'rejected';
  name: string;
}

export function useWaiting() {
  const found = useInfiniteQuery({
    queryKey: WAITING,
    queryFn: ({ pageParam }) =>
      told(api.GET('/api/imaging/pending', { params: { query: { limit: AT_ONCE, cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  return { ...found, items: found.data?.pages.flatMap((page) => page.items) ?? [] };
}

/** Takes an item out of the list at once; the server's own word follows. */
function useTakeOut() {
  const queries = useQueryClient();
  return (id: string) => {
    queries.setQueryData<Pages>(
      WAITING,
      (held) =>
        held && {
          ...held,
          pages: held.pages.map((page) => ({ ...page, items: page.items.filter((one) => one.id !== id) })),
        },
    );
    void queries.invalidateQueries({ queryKey: ['inbox'] });
    void queries.invalidateQueries({ queryKey: ['overview'] });
  };
}

export interface LinkWanted {
  item: Item;
  patientId: string;
  verified: string[];
  reason: string | null;
  name: string;
}

export function useLink(done: (done: Done) => void) {
  const takeOut = useTakeOut();
  return useMutation({
    mutationFn: ({ item, patientId, verified, reason }: LinkWanted) =>
      told(
        api.POST('/api/imaging/dicom/match', {
          body: { pendingId: item.id, patientId, verified, snapshot: item.snapshot, reason },
        }),
      ),
    onSuccess: (answer, { item, name }) => {
      takeOut(item.id);
      if ('decisionId' in answer) done({ decisionId: answer.decisionId, kind: 'linked', name });
    },
  });
}

export interface PersonWanted {
  item: Item;
  person: Schemas['NewPatient'];
  /** Whether the person is exactly whom the image claims. */
  asClaimed: boolean;
  verified: string[];
  reason: string | null;
  name: string;
}

/** A new patient and the link to them; somebody typed otherwise than claimed is added first, then linked. */
export function useNewPatient(done: (done: Done) => void) {
  const takeOut = useTakeOut();
  return useMutation({
    mutationFn: async ({ item, person, asClaimed, verified, reason }: PersonWanted) => {
      if (asClaimed) {
        const path = { pending_id: item.id };
        const body = { verified, snapshot: item.snapshot, reason };
        return told(api.POST('/api/imaging/pending/{pending_id}/create-patient', { params: { path }, body }));
      }
      const added = await told(api.POST('/api/patients', { body: person }));
      return told(
        api.POST('/api/imaging/dicom/match', {
          body: { pendingId: item.id, patientId: added.id, verified, reason },
        }),
      );
    },
    onSuccess: (answer, { item, name }) => {
      takeOut(item.id);
      if ('decisionId' in answer) done({ decisionId: answer.decisionId, kind: 'linked', name });
    },
  });
}

export function useReject(done: (done: Done) => void) {
  const takeOut = useTakeOut();
  return useMutation({
    mutationFn: ({ item, reason }: { item: Item; reason: string; name: string }) =>
      told(
        api.POST('/api/imaging/pending/{pending_id}/reject', {
          params: { path: { pending_id: item.id } },
          body: { reason },
        }),
      ),
    onSuccess: (answer, { item, name }) => {
      takeOut(item.id);
      done({ decisionId: answer.decisionId, kind: 'rejected', name });
    },
  });
}

export function useUndo(undone: (itemId: string | null) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (decisionId: string) =>
      told(
        api.POST('/api/imaging/decisions/{decision_id}/undo', {
          params: { path: { decision_id: decisionId } },
        }),
      ),
    onSuccess: async (answer) => {
      await queries.invalidateQueries({ queryKey: ['inbox'] });
      void queries.invalidateQueries({ queryKey: ['overview'] });
      undone(answer.pendingId);
    },
  });
}

/** Records that a claim is certainly not a patient; the item goes on waiting. */
export function useRuleOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ itemId, patientId, reason }: { itemId: string; patientId: string; reason: string }) =>
      told(
        api.POST('/api/imaging/pending/{pending_id}/reject', {
          params: { path: { pending_id: itemId } },
          body: { reason, patientId },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['inbox'] }),
  });
}
