import { describe, expect, it } from 'vitest';
import { boundsOf, gridOf, indexAt, middleOf, stepsAlong, toIndex, toWorld } from './grid';

// Sagittal slices of a tilted head: nothing lies along the axes.
const turn = Math.PI / 9;
const affine = [
  [0, 0, 0.6, -20],
  [0.3 * Math.cos(turn), 0.4 * Math.sin(turn), 0, 7],
  [0.3 * Math.sin(turn), -0.4 * Math.cos(turn), 0, 30],
  [0, 0, 0, 1],
];

describe('the grid of a volume', () => {
  const grid = gridOf(affine, [20, 30, 40]);

  it('has the steps of its affine', () => {
    for (const [i, mm] of [0.3, 0.4, 0.6].entries()) expect(grid.spacing[i]).toBeCloseTo(mm);
    expect(grid.origin).toEqual([-20, 7, 30]);
  });

  it('goes from voxels to places and back', () => {
    const index = indexAt(toIndex(grid), toWorld(grid, [3, 4.5, 6]));
    for (const [i, value] of [3, 4.5, 6].entries()) expect(index[i]).toBeCloseTo(value);
  });

  it('knows a direction in steps of voxels', () => {
    const [i, j, k] = stepsAlong(toIndex(grid), [1.2, 0, 0]);
    expect([i, j]).toEqual([expect.closeTo(0), expect.closeTo(0)]);
    expect(k).toBeCloseTo(2);
  });

  it('goes back even where slices are sheared against each other', () => {
    const sheared = gridOf(
      [
        [1, 0, 0, 0],
        [0, 1, 0.2, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
      ],
      [4, 4, 4],
    );
    const index = indexAt(toIndex(sheared), toWorld(sheared, [1, 2, 3]));
    for (const [i, value] of [1, 2, 3].entries()) expect(index[i]).toBeCloseTo(value);
  });

  it('has its middle in its bounds', () => {
    const { low, high } = boundsOf(grid);
    for (const [axis, value] of middleOf(grid).entries()) {
      expect(value).toBeCloseTo(((low[axis] ?? 0) + (high[axis] ?? 0)) / 2);
    }
  });

  it('gives a step without length one millimetre', () => {
    const flat = gridOf(
      [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 1],
      ],
      [2, 2, 2],
    );
    expect(flat.spacing).toEqual([1, 1, 1]);
    expect(flat.axes).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });
});
