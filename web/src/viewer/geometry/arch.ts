/** A first guess at the dental arch, so that a panoramic curve starts near the teeth and is only corrected by hand. */

import type { Voxels } from '../reformat/voxels';
import { boundsOf, indexAt, middleOf, toIndex, toWorld } from './grid';
import type { Point3 } from './points';

const POINTS = 7;
const COARSE = 1; // mm between the places that are looked at
const WIDEST = 84; // mm: no arch is wider
const FURTHER = 1.3; // behind the last tooth, towards the joints
const FEWEST = 60; // bright places below which there is nothing to fit

/**
 * Points from the patient's right to the left in the axial plane at `height` mm (LPS): a parabola through what is
 * brighter than `bright` there. Where little is, an arch of usual size in the middle of the volume.
 */
export function proposeArch(voxels: Voxels, height: number, bright: number): Point3[] {
  const places = brightPlaces(voxels, height, bright);
  const fitted = places.length >= FEWEST ? parabola(places) : null;
  return fitted ? spread(fitted, height) : usual(voxels, height);
}

interface Parabola {
  readonly centre: number; // x of the front
  readonly front: number; // y of the front
  readonly bend: number; // y = front + bend * (x - centre)^2, y to the back
  readonly half: number; // half of the width
}

function brightPlaces(voxels: Voxels, height: number, bright: number): [number, number][] {
  const { low, high } = boundsOf(voxels.grid);
  const map = toIndex(voxels.grid);
  const [columns, rows, slices] = voxels.grid.dimensions;
  const found: [number, number][] = [];
  for (let y = low[1]; y <= high[1]; y += COARSE) {
    for (let x = low[0]; x <= high[0]; x += COARSE) {
      const [i, j, k] = indexAt(map, [x, y, height]).map(Math.round) as unknown as Point3;
      if (i < 0 || j < 0 || k < 0 || i >= columns || j >= rows || k >= slices) continue;
      if ((voxels.data[i + j * columns + k * columns * rows] ?? 0) > bright) found.push([x, y]);
    }
  }
  return found;
}

/** Least squares of y over 1, x, x²; only what opens to the back as an arch does counts. */
function parabola(places: readonly [number, number][]): Parabola | null {
  const mid = places.reduce((sum, [x]) => sum + x, 0) / places.length;
  const s = [0, 0, 0, 0, 0];
  const t = [0, 0, 0];
  for (const [x, y] of places) {
    for (let power = 0; power < 5; power++) s[power] = (s[power] ?? 0) + (x - mid) ** power;
    for (let power = 0; power < 3; power++) t[power] = (t[power] ?? 0) + y * (x - mid) ** power;
  }
  const [c, b, a] = solved(s, t) ?? [0, 0, 0];
  if (a < 0.005 || a > 0.2) return null;
  const off = -b / (2 * a);
  const widest = Math.max(...places.map(([x]) => Math.abs(x - mid - off)));
  return {
    centre: mid + off,
    front: c - (b * b) / (4 * a),
    bend: a,
    half: Math.min(widest * FURTHER, WIDEST / 2),
  };
}

/** Cramer's rule for the three normal equations. */
function solved(s: readonly number[], t: readonly number[]): [number, number, number] | null {
  const [s0, s1, s2, s3, s4] = s as [number, number, number, number, number];
  const [t0, t1, t2] = t as [number, number, number];
  const whole = det(s0, s1, s2, s1, s2, s3, s2, s3, s4);
  if (Math.abs(whole) < 1e-9) return null;
  return [
    det(t0, s1, s2, t1, s2, s3, t2, s3, s4) / whole,
    det(s0, t0, s2, s1, t1, s3, s2, t2, s4) / whole,
    det(s0, s1, t0, s1, s2, t1, s2, s3, t2) / whole,
  ];
}

function det(
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
  i: number,
) {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

function spread(arch: Parabola, height: number): Point3[] {
  return Array.from({ length: POINTS }, (_, n): Point3 => {
    // Denser in front, where the arch bends most.
    const t = (n / (POINTS - 1)) * 2 - 1;
    const x = arch.half * Math.sign(t) * Math.abs(t) ** 1.4;
    return [arch.centre + x, arch.front + arch.bend * x * x, height];
  });
}

function usual(voxels: Voxels, height: number): Point3[] {
  const { low, high } = boundsOf(voxels.grid);
  const [x, y] = middleOf(voxels.grid);
  const half = Math.min((high[0] - low[0]) * 0.4, 35);
  const deep = Math.min((high[1] - low[1]) * 0.6, 50);
  return spread({ centre: x, front: y - deep / 2, bend: deep / (half * half), half }, height);
}

/** The height of the slice with most of what is brighter than `bright`: where the crowns stand. */
export function heightOfTeeth(voxels: Voxels, bright: number): number {
  const [columns, rows, slices] = voxels.grid.dimensions;
  const deep = columns * rows;
  let best = 0;
  let slice = (slices - 1) / 2;
  for (let k = 0; k < slices; k++) {
    let count = 0;
    for (let n = k * deep; n < (k + 1) * deep; n += 7) if ((voxels.data[n] ?? 0) > bright) count++;
    if (count > best) [best, slice] = [count, k];
  }
  return toWorld(voxels.grid, [(columns - 1) / 2, (rows - 1) / 2, slice])[2];
}
