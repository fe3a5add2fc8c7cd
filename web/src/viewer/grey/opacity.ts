/** How a volume is drawn in three dimensions: colour and opacity by grey value, after the tissues of this volume. */

import type { Histogram } from './histogram';
import { tissues } from './tissues';

export type RenderingName = 'bone' | 'soft' | 'teeth';

export interface Rendering {
  /** Grey value and opacity per mm, rising grey values. */
  readonly opacity: readonly (readonly [number, number])[];
  /** Grey value, red, green, blue (0 to 1), rising grey values. */
  readonly colour: readonly (readonly [number, number, number, number])[];
}

type Stop = readonly [value: number, opacity: number, red: number, green: number, blue: number];

/** The named rendering of a volume with that histogram. */
export function rendering(name: RenderingName, of: Histogram): Rendering {
  const stops = rising(STOPS[name](tissues(of), of), of);
  return {
    opacity: stops.map(([value, opacity]) => [value, opacity]),
    colour: stops.map(([value, , red, green, blue]) => [value, red, green, blue]),
  };
}

const STOPS: Record<RenderingName, (at: ReturnType<typeof tissues>, of: Histogram) => Stop[]> = {
  bone: ({ skin, bone, tooth }, of) => [
    [of.low, 0, 0.3, 0.2, 0.16],
    [bone - (bone - skin) * 0.15, 0, 0.55, 0.4, 0.3],
    [bone + (tooth - bone) * 0.3, 0.35, 0.86, 0.75, 0.6],
    [tooth, 0.8, 0.97, 0.93, 0.84],
    [of.high, 0.95, 1, 1, 1],
  ],
  soft: ({ skin, bone, tooth }, of) => [
    [of.low, 0, 0.35, 0.2, 0.15],
    [skin, 0, 0.6, 0.38, 0.3],
    [skin + (bone - skin) * 0.35, 0.12, 0.86, 0.62, 0.52],
    [bone, 0.3, 0.95, 0.82, 0.72],
    [tooth, 0.85, 1, 0.98, 0.92],
    [of.high, 0.95, 1, 1, 1],
  ],
  teeth: ({ bone, tooth }, of) => [
    [of.low, 0, 0.5, 0.4, 0.3],
    [bone + (tooth - bone) * 0.55, 0, 0.8, 0.68, 0.5],
    [tooth, 0.3, 0.95, 0.9, 0.78],
    [tooth + (of.high - tooth) * 0.4, 0.9, 1, 0.99, 0.95],
    [of.high, 1, 0.75, 0.85, 1],
  ],
};

/** A transfer function needs values that rise; a volume of one grey value has none that do. */
function rising(stops: readonly Stop[], of: Histogram): Stop[] {
  const gap = Math.max((of.high - of.low) / 1024, 1e-3);
  let last = -Infinity;
  return stops.map(([value, ...rest]) => {
    last = Math.max(value, last + gap);
    return [last, ...rest] as const;
  });
}
