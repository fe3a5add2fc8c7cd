import { describe, expect, it } from 'vitest';
import { gridOf } from '../geometry/grid';
import type { Point3 } from '../geometry/points';
import { lateralCeph } from './ceph';

const SIZE = 21;
const grid = gridOf(
  [
    [1, 0, 0, -10],
    [0, 1, 0, -10],
    [0, 0, 1, -10],
    [0, 0, 0, 1],
  ],
  [SIZE, SIZE, SIZE],
);

function pins(places: readonly Point3[], value = 210): Int16Array {
  const data = new Int16Array(SIZE ** 3);
  for (const [x, y, z] of places) data[x + 10 + (y + 10) * SIZE + (z + 10) * SIZE * SIZE] = value;
  return data;
}

const parallel = { source: null, air: 0, step: 1 };

describe('a synthetic lateral cephalogram', () => {
  it('has the face to the right and the top above', async () => {
    const made = await lateralCeph({ data: pins([[0, -10, 10]]), grid }, parallel); // front, top
    expect(made.data[20]).toBeCloseTo(10);
    expect(made.data.reduce((sum, value) => sum + value)).toBeCloseTo(10);
  });

  it('adds up what lies behind each other', async () => {
    const made = await lateralCeph(
      {
        data: pins([
          [-8, 3, 2],
          [0, 3, 2],
          [5, 3, 2],
        ]),
        grid,
      },
      parallel,
    );
    expect(made.data[7 + 8 * SIZE]).toBeCloseTo(30);
  });

  it('takes nothing for air', async () => {
    const made = await lateralCeph({ data: pins([[0, 0, 0]], -900), grid }, { ...parallel, air: -500 });
    expect(made.data[10 + 10 * SIZE]).toBeCloseTo((500 * 20) / 21);
  });

  it('says how far it is, and can be stopped', async () => {
    const seen: number[] = [];
    const stop = lateralCeph({ data: pins([]), grid }, parallel, async (done) => {
      seen.push(done);
      if (done === 3) throw new Error('enough');
    });
    await expect(stop).rejects.toThrow('enough');
    expect(seen).toEqual([1, 2, 3]);
  });

  it('gives the same with slices that run from left to right', async () => {
    const sagittal = gridOf(
      [
        [0, 0, 1, -10],
        [1, 0, 0, -10],
        [0, -1, 0, 10],
        [0, 0, 0, 1],
      ],
      [SIZE, SIZE, SIZE],
    );
    const data = new Int16Array(SIZE ** 3);
    data[4 + 10 + (10 - 6) * SIZE + (2 + 10) * SIZE * SIZE] = 210; // x 2, y 4, z 6
    const made = await lateralCeph({ data, grid: sagittal }, parallel);
    expect(made.data[6 + 4 * SIZE]).toBeCloseTo(10);
  });

  it('spreads rays from a source: what is nearer to it lies further out', async () => {
    const whereIs = async (x: number): Promise<number> => {
      const made = await lateralCeph(
        { data: pins([[x, -6, 0]]), grid },
        { ...parallel, source: 40, step: 0.5 },
      );
      const brightest = made.data.indexOf(Math.max(...made.data));
      return 10 - (brightest % made.columns) * 0.5; // y
    };
    expect(await whereIs(0)).toBeCloseTo(-6, 0);
    expect(await whereIs(-10)).toBeCloseTo((-6 * 40) / 30, 0); // right side, near the source
    expect(await whereIs(10)).toBeCloseTo((-6 * 40) / 50, 0);
  });
});
