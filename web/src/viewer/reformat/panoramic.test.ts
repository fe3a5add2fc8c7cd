import { describe, expect, it } from 'vitest';
import { gridOf } from '../geometry/grid';
import type { Point3 } from '../geometry/points';
import { acrossSlab, panoramic } from './panoramic';

const SIZE = 41;
// Mm = voxels - 20: the middle lies at the origin.
const grid = gridOf(
  [
    [1, 0, 0, -20],
    [0, 1, 0, -20],
    [0, 0, 1, -20],
    [0, 0, 0, 1],
  ],
  [SIZE, SIZE, SIZE],
);
const at = (i: number, j: number, k: number): number => i + j * SIZE + k * SIZE * SIZE;

function pins(places: readonly Point3[]): Uint16Array {
  const data = new Uint16Array(SIZE ** 3);
  for (const [x, y, z] of places) data[at(x + 20, y + 20, z + 20)] = 1000;
  return data;
}

const straight: Point3[] = [
  [-15, 0, 0],
  [15, 0, 0],
];
const arch = Array.from({ length: 13 }, (_, i): Point3 => {
  const turn = Math.PI * (1 - i / 12);
  return [15 * Math.cos(turn), -15 * Math.sin(turn), 0];
});

describe('a synthetic panoramic', () => {
  it('walks from the right of the patient to the left and from the top down', () => {
    const made = panoramic(
      { data: pins([[-15, 0, 20]]), grid },
      { curve: straight, thickness: 0, blend: 'mean', step: 1 },
      0,
    );
    expect(made?.columns).toBe(31);
    expect(made?.rows).toBe(41);
    expect(made?.data[0]).toBe(1000);
  });

  it('shows what lies along an arch at its way along it', () => {
    const way = (Math.PI * 15) / 3;
    const turn = Math.PI - way / 15;
    const pin: Point3 = [Math.round(15 * Math.cos(turn)), Math.round(-15 * Math.sin(turn)), 4];
    const made = panoramic(
      { data: pins([pin]), grid },
      { curve: arch, thickness: 6, blend: 'max', step: 0.5 },
      0,
    );
    const brightest = made?.data.indexOf(Math.max(...(made?.data ?? []))) ?? 0;
    const columns = made?.columns ?? 1;
    expect((brightest % columns) * 0.5).toBeCloseTo(way, -0.6);
    expect(20 - Math.floor(brightest / columns) * 0.5).toBeCloseTo(4, 0);
  });

  it('takes the mean or the largest across the slab', () => {
    const data = pins([[0, 2, 0]]);
    const column = (blend: 'mean' | 'max', thickness: number): number =>
      panoramic({ data, grid }, { curve: straight, thickness, blend, step: 1 }, 0)?.data[15 + 20 * 31] ?? -1;
    expect(column('max', 4)).toBe(1000);
    expect(column('mean', 4)).toBeCloseTo(200);
    expect(column('max', 2)).toBe(0);
  });

  it('keeps lengths: a millimetre along the curve is a millimetre in the picture', () => {
    const data = pins([
      [-10, 0, 10],
      [12, 0, 10],
    ]);
    const made = panoramic({ data, grid }, { curve: straight, thickness: 0, blend: 'mean', step: 0.5 }, 0);
    const row = 20;
    const line = [
      ...(made?.data.subarray(row * (made?.columns ?? 0), (row + 1) * (made?.columns ?? 0)) ?? []),
    ];
    const bright = line.flatMap((value, i) => (value === 1000 ? [i] : []));
    expect(((bright[1] ?? 0) - (bright[0] ?? 0)) * 0.5).toBeCloseTo(22);
  });

  it('shows beyond the volume what lies outside', () => {
    const wish = {
      curve: [
        [-40, 0, 0],
        [-30, 0, 0],
      ] as Point3[],
      thickness: 2,
      blend: 'mean' as const,
      step: 1,
    };
    expect(new Set(panoramic({ data: pins([]), grid }, wish, -7)?.data)).toEqual(new Set([-7]));
  });

  it('does not need slices along the axes', () => {
    // Sagittal slices: columns to the back, rows down, slices to the left.
    const sagittal = gridOf(
      [
        [0, 0, 1, -20],
        [1, 0, 0, -20],
        [0, -1, 0, 20],
        [0, 0, 0, 1],
      ],
      [SIZE, SIZE, SIZE],
    );
    const data = new Uint16Array(SIZE ** 3);
    data[at(0 + 20, 20 - 5, -3 + 20)] = 1000; // x -3, y 0, z 5
    const made = panoramic(
      { data, grid: sagittal },
      { curve: straight, thickness: 0, blend: 'mean', step: 1 },
      0,
    );
    expect(made?.data[12 + 15 * 31]).toBe(1000);
  });

  it('is nothing along a curve without length', () =>
    expect(
      panoramic({ data: pins([]), grid }, { curve: [[0, 0, 0]], thickness: 1, blend: 'mean', step: 1 }, 0),
    ).toBeNull());
});

describe('the slab', () => {
  it('is one layer without thickness', () => expect(acrossSlab(0, 0.3)).toEqual([0]));
  it('reaches half to each side', () => expect(acrossSlab(4, 2)).toEqual([-2, 0, 2]));
});
