/** Calibrations of an image: decisions beside it, kept by Porion. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, told } from '../../api/client';
import type { Point3 } from '../geometry/points';

/** Something of known length: its ends in pixels (x right, y down, 0/0 the middle of the first one). */
export interface Ruler {
  readonly ends: readonly Point3[];
  readonly mm: number;
  readonly frame: number;
}

const ask = (id: string) =>
  told(api.GET('/api/imaging/images/{image_id}/calibrations', { params: { path: { image_id: id } } }));

export type Calibrations = Awaited<ReturnType<typeof ask>>;

/** An image's calibrations, and how to add one and to take one back; its scale follows at once. */
export function useCalibrations(id: string) {
  const queries = useQueryClient();
  const queryKey = ['images', 'calibrations', id];
  const again = () => queries.invalidateQueries({ queryKey: ['images'] });
  const kept = useQuery({ queryKey, queryFn: () => ask(id), retry: false });
  const keep = useMutation({ mutationFn: (ruler: Ruler) => measure(id, ruler), onSuccess: again });
  const undo = useMutation({ mutationFn: takeBack, onSuccess: again });
  return { kept, keep, undo };
}

function measure(id: string, { ends, mm, frame }: Ruler) {
  const [start, end] = ends.map(([x, y]) => ({ x, y }));
  if (!start || !end) throw new RangeError('a ruler has two ends');
  const params = { path: { image_id: id } };
  const body = { start, end, mm, frame };
  return told(api.POST('/api/imaging/images/{image_id}/calibrations', { params, body }));
}

function takeBack(decision: string) {
  const params = { path: { decision_id: decision } };
  return told(api.POST('/api/imaging/decisions/{decision_id}/undo', { params }));
}
