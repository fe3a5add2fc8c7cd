/** A panoramic picture unrolled from a volume along a curve: a curved planar reformation with a thick slab. */

import { type Station, walk } from '../geometry/curve';
import { boundsOf, indexAt, stepsAlong, toIndex } from '../geometry/grid';
import { cross, type Point3, times, unit } from '../geometry/points';
import { type Made, sampler, type Voxels } from './voxels';

export interface PanoramicWish {
  /** Points of the curve in mm (LPS), from the patient's right to the left: so that the right lies left. */
  readonly curve: readonly Point3[];
  /** Mm across the curve. */
  readonly thickness: number;
  readonly blend: 'mean' | 'max';
  /** Mm from pixel to pixel. */
  readonly step: number;
}

const UP: Point3 = [0, 0, 1];

/**
 * The picture: columns walk along the curve, rows go from the top of the volume down, every pixel is the mean or
 * the largest value across the slab. Beyond the volume lies `outside`. A curve without length gives null.
 */
export function panoramic(voxels: Voxels, wish: PanoramicWish, outside: number): Made | null {
  const stations = walk(wish.curve, wish.step);
  const { low, high } = boundsOf(voxels.grid);
  const rows = Math.floor((high[2] - low[2]) / wish.step + 1e-9) + 1;
  if (stations.length < 2) return null;
  const data = new Float32Array(stations.length * rows);
  const draw = columnOf(voxels, wish, outside, high[2], rows);
  for (const [column, station] of stations.entries()) draw(station, data, column, stations.length);
  return { data, columns: stations.length, rows, spacing: [wish.step, wish.step] };
}

/** Mm across the slab at which values are taken: never further apart than the pixels, and one at least. */
export function acrossSlab(thickness: number, step: number): number[] {
  const count = Math.max(1, Math.round(thickness / step) + 1);
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : (i / (count - 1) - 0.5) * thickness));
}

function columnOf(voxels: Voxels, wish: PanoramicWish, outside: number, top: number, rows: number) {
  const map = toIndex(voxels.grid);
  const sample = sampler(voxels, Number.NaN);
  const depths = acrossSlab(wish.thickness, wish.step);
  const down = stepsAlong(map, [0, 0, -wish.step]);
  const blend = wish.blend === 'max' ? largest : mean;
  return ({ place, ahead }: Station, data: Float32Array, column: number, columns: number): void => {
    const across = unit(cross(ahead, UP));
    const starts = depths.map((depth) => {
      const [x, y] = times(across, depth);
      return indexAt(map, [place[0] + x, place[1] + y, top]);
    });
    for (let row = 0; row < rows; row++) {
      data[row * columns + column] = blend(sample, starts, down, row, outside);
    }
  };
}

type Sample = ReturnType<typeof sampler>;

function mean(sample: Sample, starts: readonly Point3[], down: Point3, row: number, outside: number): number {
  let sum = 0;
  let count = 0;
  for (const [i, j, k] of starts) {
    const value = sample(i + down[0] * row, j + down[1] * row, k + down[2] * row);
    if (!Number.isNaN(value)) {
      sum += value;
      count++;
    }
  }
  return count > 0 ? sum / count : outside;
}

function largest(
  sample: Sample,
  starts: readonly Point3[],
  down: Point3,
  row: number,
  outside: number,
): number {
  let best = -Infinity;
  for (const [i, j, k] of starts) {
    const value = sample(i + down[0] * row, j + down[1] * row, k + down[2] * row);
    if (value > best) best = value;
  }
  return best === -Infinity ? outside : best;
}
