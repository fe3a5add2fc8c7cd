import { describe, expect, it } from 'vitest';
import { heightOfTeeth, proposeArch } from './arch';
import { gridOf } from './grid';

const SIZE = 60;
const grid = gridOf(
  [
    [1.5, 0, 0, -44],
    [0, 1.5, 0, -44],
    [0, 0, 1.5, -44],
    [0, 0, 0, 1],
  ],
  [SIZE, SIZE, SIZE],
);

/** Teeth along y = -30 + 0.03 x², in the slices 20 to 25. */
function jaw(): Uint16Array {
  const data = new Uint16Array(SIZE ** 3);
  for (let k = 20; k < 26; k++) {
    for (let i = 0; i < SIZE; i++) {
      const x = -44 + 1.5 * i;
      const j = Math.round((-30 + 0.03 * x * x + 44) / 1.5);
      if (Math.abs(x) < 30 && j < SIZE) data[i + j * SIZE + k * SIZE * SIZE] = 3000;
    }
  }
  return data;
}

describe('the proposed arch', () => {
  const voxels = { data: jaw(), grid };

  it('lies on the teeth, from the right of the patient to the left', () => {
    const height = heightOfTeeth(voxels, 2000);
    expect(height).toBeGreaterThanOrEqual(-44 + 20 * 1.5);
    expect(height).toBeLessThanOrEqual(-44 + 25 * 1.5);
    const points = proposeArch(voxels, height, 2000);
    for (const [x, y, z] of points) {
      expect(y).toBeCloseTo(-30 + 0.03 * x * x, -0.5);
      expect(z).toBe(height);
    }
    expect(points[0]?.[0]).toBeLessThan(points.at(-1)?.[0] ?? -99);
  });

  it('is one of usual size where nothing is bright', () => {
    const points = proposeArch({ data: new Uint16Array(SIZE ** 3), grid }, 0, 100);
    expect(points).toHaveLength(7);
    expect((points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0)).toBeGreaterThan(40);
  });
});
