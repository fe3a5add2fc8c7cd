/** A lateral cephalogram computed from a volume: what rays lose on their way from the right side to the left. */

import { boundsOf, indexAt, stepsAlong, toIndex } from '../geometry/grid';
import type { Point3 } from '../geometry/points';
import { type Made, sampler, type Voxels } from './voxels';

export interface CephWish {
  /** Mm from the source to the middle of the head; null for parallel rays. */
  readonly source: number | null;
  /** Grey values at or below count as air and take nothing from a ray. */
  readonly air: number;
  /** Mm from pixel to pixel, in the plane through the middle of the head. */
  readonly step: number;
}

/**
 * Rows from the top down, the face to the right. A pixel is the mean along its ray of what lies above air. With a
 * source, rays spread from a point on the patient's right (as a cephalostat's do) and the pixel's place is that in
 * the plane through the middle of the head. `onRow` is called after each row: it may wait, or throw to stop.
 */
export async function lateralCeph(
  voxels: Voxels,
  wish: CephWish,
  onRow: (done: number, rows: number) => Promise<void> | undefined = () => undefined,
): Promise<Made> {
  const { low, high } = boundsOf(voxels.grid);
  const columns = Math.floor((high[1] - low[1]) / wish.step + 1e-9) + 1;
  const rows = Math.floor((high[2] - low[2]) / wish.step + 1e-9) + 1;
  const data = new Float32Array(columns * rows);
  const cast = rayCaster(voxels, wish);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      data[row * columns + column] = cast(high[1] - column * wish.step, high[2] - row * wish.step);
    }
    await onRow(row + 1, rows);
  }
  return { data, columns, rows, spacing: [wish.step, wish.step] };
}

/** The mean along the ray that meets the middle plane at (y, z). */
function rayCaster(voxels: Voxels, wish: CephWish): (y: number, z: number) => number {
  const { low, high } = boundsOf(voxels.grid);
  const map = toIndex(voxels.grid);
  const sample = sampler(voxels, wish.air);
  const middle: Point3 = [0, 1, 2].map(
    (axis) => ((low[axis] ?? 0) + (high[axis] ?? 0)) / 2,
  ) as unknown as Point3;
  const count = Math.max(2, Math.ceil((high[0] - low[0]) / Math.min(...voxels.grid.spacing)) + 1);
  const dx = (high[0] - low[0]) / (count - 1);
  return (y, z) => {
    // How far a ray strays for each mm it goes from the right (low x) to the left.
    const slopeY = wish.source ? (y - middle[1]) / wish.source : 0;
    const slopeZ = wish.source ? (z - middle[2]) / wish.source : 0;
    const back = low[0] - middle[0];
    const start = indexAt(map, [low[0], y + slopeY * back, z + slopeZ * back]);
    const step = stepsAlong(map, [dx, slopeY * dx, slopeZ * dx]);
    // A ray along one axis of the grid adds up voxels; any other takes values between them.
    return straight(voxels, start, step, count, wish.air) ?? slanted(sample, start, step, count, wish.air);
  };
}

type Sample = ReturnType<typeof sampler>;

const CLOSE = 1e-3; // of a voxel

function straight(voxels: Voxels, start: Point3, step: Point3, count: number, air: number): number | null {
  const [columns, rows, slices] = voxels.grid.dimensions;
  const whole = start.map(Math.round);
  const fits = [...start, ...step].every((value) => Math.abs(value - Math.round(value)) < CLOSE);
  const [i, j, k] = [whole[0] ?? 0, whole[1] ?? 0, whole[2] ?? 0];
  const stride = Math.round(step[0]) + Math.round(step[1]) * columns + Math.round(step[2]) * columns * rows;
  if (!fits || i < 0 || j < 0 || k < 0 || i >= columns || j >= rows || k >= slices) return null;
  let sum = 0;
  for (let n = 0, index = i + j * columns + k * columns * rows; n < count; n++, index += stride) {
    const value = (voxels.data[index] ?? air) - air;
    if (value > 0) sum += value;
  }
  return sum / count;
}

function slanted(sample: Sample, start: Point3, step: Point3, count: number, air: number): number {
  let sum = 0;
  let [i, j, k] = start;
  for (let n = 0; n < count; n++, i += step[0], j += step[1], k += step[2]) {
    const value = sample(i, j, k) - air;
    if (value > 0) sum += value;
  }
  return sum / count;
}
