import { useEffect, useState } from 'react';
import type { Histogram } from '../grey/histogram';
import { tissues } from '../grey/tissues';
import { lateralCeph } from '../reformat/ceph';
import type { Made } from '../reformat/voxels';
import type { VolumeStage } from '../stage/volume';
import { finest } from './usePanoramic';

const SOURCE = 1500; // mm from the focus to the middle of the head, as in a cephalostat
const PATIENCE = 24; // ms of work between two breaths

export interface CephState {
  readonly made: Made | null;
  /** How much of it is computed, 0 to 1. */
  readonly share: number;
}

/** A lateral cephalogram of the volume, computed while the page stays usable. */
export function useCeph(
  wanted: boolean,
  stage: VolumeStage | null,
  histogram: Histogram | null,
  parallel: boolean,
): CephState {
  const [state, setState] = useState<CephState>({ made: null, share: 0 });
  useEffect(() => {
    if (!wanted || !stage || !histogram) return undefined;
    let stopped = false;
    let began = performance.now();
    const breathe = async (done: number, rows: number): Promise<void> => {
      if (performance.now() - began < PATIENCE) return;
      if (done < rows) setState({ made: null, share: done / rows });
      await new Promise((resolve) => setTimeout(resolve));
      if (stopped) throw new DOMException('another is wanted', 'AbortError');
      began = performance.now();
    };
    const wish = {
      source: parallel ? null : SOURCE,
      air: tissues(histogram).skin,
      step: finest(stage.voxels),
    };
    setState({ made: null, share: 0 });
    lateralCeph(stage.voxels, wish, breathe).then(
      (made) => !stopped && setState({ made, share: 1 }),
      () => undefined, // only another wish stops it
    );
    return () => {
      stopped = true;
    };
  }, [wanted, stage, histogram, parallel]);
  return state;
}
