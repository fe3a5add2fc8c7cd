/** Where the voxels of a volume lie in the patient. */

import { cross, dot, norm, type Point3, unit } from './points';

/** Four rows of four: takes (column, row, slice, 1) to mm, LPS. */
export type Affine = readonly (readonly number[])[];

export interface Grid {
  /** Columns, rows, slices. */
  readonly dimensions: Point3;
  /** Mm from voxel to voxel along columns, rows, slices. */
  readonly spacing: Point3;
  /** The middle of the first voxel. */
  readonly origin: Point3;
  /** Along which directions columns, rows and slices advance; unit vectors. */
  readonly axes: readonly [Point3, Point3, Point3];
}

/** The grid of an affine; a step without length becomes 1 mm, since a grid without extent draws nothing. */
export function gridOf(affine: Affine, dimensions: Point3): Grid {
  const column = (index: number): Point3 => [
    at(affine, 0, index),
    at(affine, 1, index),
    at(affine, 2, index),
  ];
  const steps = [column(0), column(1), column(2)] as const;
  const along = norm(steps[0]) > 0 ? unit(steps[0]) : ([1, 0, 0] as Point3);
  const down = norm(steps[1]) > 0 ? unit(steps[1]) : ([0, 1, 0] as Point3);
  const through = norm(steps[2]) > 0 ? unit(steps[2]) : unit(cross(along, down));
  return {
    dimensions,
    spacing: [norm(steps[0]) || 1, norm(steps[1]) || 1, norm(steps[2]) || 1],
    origin: column(3),
    axes: [along, down, through],
  };
}

/** The place in mm of a voxel; broken indices lie between voxels. */
export function toWorld(grid: Grid, index: Point3): Point3 {
  const place: [number, number, number] = [...grid.origin];
  grid.axes.forEach((axis, which) => {
    const way = (index[which] ?? 0) * (grid.spacing[which] ?? 1);
    for (let i = 0; i < 3; i++) place[i] = (place[i] ?? 0) + (axis[i] ?? 0) * way;
  });
  return place;
}

/** What takes mm to broken voxel indices: three rows and what is added. Axes need not be at right angles. */
export interface ToIndex {
  readonly rows: readonly [Point3, Point3, Point3];
  readonly offset: Point3;
}

/** The way back from mm to voxels. */
export function toIndex(grid: Grid): ToIndex {
  const [a, b, c] = grid.axes;
  const volume = dot(a, cross(b, c));
  const row = (normal: Point3, spacing: number): Point3 => {
    const factor = 1 / (volume * spacing);
    return [normal[0] * factor, normal[1] * factor, normal[2] * factor];
  };
  const rows: [Point3, Point3, Point3] = [
    row(cross(b, c), grid.spacing[0]),
    row(cross(c, a), grid.spacing[1]),
    row(cross(a, b), grid.spacing[2]),
  ];
  return {
    rows,
    offset: [-dot(rows[0], grid.origin), -dot(rows[1], grid.origin), -dot(rows[2], grid.origin)],
  };
}

/** A place in mm as broken voxel indices. */
export function indexAt(map: ToIndex, place: Point3): Point3 {
  return [
    dot(map.rows[0], place) + map.offset[0],
    dot(map.rows[1], place) + map.offset[1],
    dot(map.rows[2], place) + map.offset[2],
  ];
}

/** A direction in mm as steps in voxels. */
export function stepsAlong(map: ToIndex, direction: Point3): Point3 {
  return [dot(map.rows[0], direction), dot(map.rows[1], direction), dot(map.rows[2], direction)];
}

/** The middle of the volume in mm. */
export function middleOf(grid: Grid): Point3 {
  const [columns, rows, slices] = grid.dimensions;
  return toWorld(grid, [(columns - 1) / 2, (rows - 1) / 2, (slices - 1) / 2]);
}

/** The box around all voxels' middles, in mm. */
export function boundsOf(grid: Grid): { low: Point3; high: Point3 } {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const index = grid.dimensions.map((size, axis) => ((corner >> axis) & 1) * (size - 1));
    const place = toWorld(grid, [index[0] ?? 0, index[1] ?? 0, index[2] ?? 0]);
    place.forEach((value, axis) => {
      low[axis] = Math.min(low[axis] ?? value, value);
      high[axis] = Math.max(high[axis] ?? value, value);
    });
  }
  return { low, high };
}

function at(affine: Affine, row: number, column: number): number {
  const value = affine[row]?.[column];
  return value !== undefined && Number.isFinite(value) ? value : 0;
}
