import { useCallback, useEffect, useState } from 'react';
import { heightOfTeeth, proposeArch } from '../geometry/arch';
import type { Point3 } from '../geometry/points';
import type { Histogram } from '../grey/histogram';
import { tissues } from '../grey/tissues';
import { panoramic } from '../reformat/panoramic';
import type { Made, Voxels } from '../reformat/voxels';
import type { VolumeStage } from '../stage/volume';

export interface PanoramicState {
  readonly points: readonly Point3[];
  readonly made: Made | null;
  readonly move: (points: Point3[], done: boolean) => void;
  /** Guess the curve anew. */
  readonly again: () => void;
}

export interface Slab {
  readonly thickness: number;
  readonly blend: 'mean' | 'max';
}

/** The curve and what it unrolls into: coarse while a hand drags, fine when it lets go. */
export function usePanoramic(
  wanted: boolean,
  stage: VolumeStage | null,
  histogram: Histogram | null,
  { thickness, blend }: Slab,
): PanoramicState {
  const [curve, setCurve] = useState<{ points: Point3[]; done: boolean }>({ points: [], done: true });
  const [made, setMade] = useState<Made | null>(null);
  const guess = useCallback(() => {
    if (!stage || !histogram) return;
    // Enamel and metal: a thick palate has more of what is only as dense as dentine.
    const { tooth } = tissues(histogram);
    const crown = tooth + (histogram.high - tooth) * 0.4;
    const height = heightOfTeeth(stage.voxels, crown);
    setCurve({ points: proposeArch(stage.voxels, height, crown), done: true });
    const { centre } = stage;
    stage.goTo([centre[0], centre[1], height]);
  }, [stage, histogram]);
  const empty = curve.points.length === 0;
  useEffect(() => {
    if (wanted && empty) guess();
  }, [wanted, empty, guess]);
  useEffect(() => {
    if (!wanted || empty || !stage || !histogram) return undefined;
    const frame = requestAnimationFrame(() => {
      const step = finest(stage.voxels) * (curve.done ? 1 : 3);
      const wish = { curve: curve.points, thickness, blend, step };
      setMade(panoramic(stage.voxels, wish, histogram.low));
    });
    return () => cancelAnimationFrame(frame);
  }, [wanted, empty, stage, histogram, curve, thickness, blend]);
  const move = useCallback((points: Point3[], done: boolean) => setCurve({ points, done }), []);
  return { points: curve.points, made, move, again: guess };
}

/** Pixels as small as the smallest side of a voxel, and no finer than is worth the time. */
export function finest(voxels: Voxels): number {
  return Math.max(0.2, Math.min(...voxels.grid.spacing));
}
