import { describe, expect, it } from 'vitest';
import { angleAt } from './measures';
import { flattened } from './plane';
import { distance, type Point3 } from './points';

describe('points of one plane', () => {
  // A right angle in a tilted plane.
  const points: Point3[] = [
    [1, 1, 1],
    [4, 5, 1],
    [4, 5, 8],
  ];

  it('keep their distances in two coordinates', () => {
    const flat = flattened(points);
    for (const [i, a] of points.entries()) {
      for (const [j, b] of points.entries()) {
        const [p, q] = [flat[i] ?? [0, 0], flat[j] ?? [0, 0]];
        expect(Math.hypot(p[0] - q[0], p[1] - q[1])).toBeCloseTo(distance(a, b));
      }
    }
  });

  it('keep their angles', () => {
    const [a, b, c] = flattened(points);
    expect(angleAt(b ?? [0, 0], a ?? [0, 0], c ?? [0, 0])).toBeCloseTo(90);
  });

  it('may lie on one line or in one place', () => {
    expect(
      flattened([
        [0, 0, 0],
        [0, 2, 0],
        [0, 5, 0],
      ]),
    ).toEqual([
      [0, 0],
      [2, 0],
      [5, 0],
    ]);
    expect(
      flattened([
        [3, 3, 3],
        [3, 3, 3],
      ]),
    ).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});
