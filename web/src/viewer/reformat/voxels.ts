/** A volume in memory: column fastest, then row, then slice; one typed array, so that it is there only once. */

import type { Grid } from '../geometry/grid';
import type { Samples } from '../grey/histogram';

export interface Voxels {
  readonly data: Samples;
  readonly grid: Grid;
}

/** A picture computed from a volume. */
export interface Made {
  readonly data: Float32Array;
  readonly columns: number;
  readonly rows: number;
  /** Mm down the rows and along the columns. */
  readonly spacing: readonly [number, number];
}

/** Trilinear value at broken indices; `outside` beyond the outermost voxels' middles. */
export function sampler(voxels: Voxels, outside: number): (i: number, j: number, k: number) => number {
  const { data } = voxels;
  const [columns, rows, slices] = voxels.grid.dimensions;
  const down = columns;
  const deep = columns * rows;
  const [lastI, lastJ, lastK] = [columns - 1, rows - 1, slices - 1];
  const at = (index: number): number => data[index] as number;
  return (i, j, k) => {
    if (!(i >= 0 && j >= 0 && k >= 0 && i <= lastI && j <= lastJ && k <= lastK)) return outside;
    const [i0, j0, k0] = [Math.floor(i), Math.floor(j), Math.floor(k)];
    const [fi, fj, fk] = [i - i0, j - j0, k - k0];
    const base = i0 + j0 * down + k0 * deep;
    const di = i0 < lastI ? 1 : 0;
    const dj = j0 < lastJ ? down : 0;
    const dk = k0 < lastK ? deep : 0;
    const near = at(base) * (1 - fi) + at(base + di) * fi;
    const below = at(base + dj) * (1 - fi) + at(base + dj + di) * fi;
    const behind = at(base + dk) * (1 - fi) + at(base + dk + di) * fi;
    const both = at(base + dj + dk) * (1 - fi) + at(base + dj + dk + di) * fi;
    return (near * (1 - fj) + below * fj) * (1 - fk) + (behind * (1 - fj) + both * fj) * fk;
  };
}
