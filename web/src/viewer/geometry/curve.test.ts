import { describe, expect, it } from 'vitest';
import { polyline, walk } from './curve';
import { distance, type Point3 } from './points';

const halfCircle = Array.from({ length: 9 }, (_, i): Point3 => {
  const turn = Math.PI * (1 - i / 8);
  return [30 * Math.cos(turn), -30 * Math.sin(turn), 5];
});

describe('a walk along a curve', () => {
  it('takes even steps and meets the length of the arc', () => {
    const stations = walk(halfCircle, 0.5);
    expect((stations.length - 1) * 0.5).toBeCloseTo(Math.PI * 30, -1);
    for (let i = 1; i < stations.length; i++) {
      expect(distance(stations[i - 1]?.place ?? [0, 0, 0], stations[i]?.place ?? [0, 0, 0])).toBeCloseTo(
        0.5,
        2,
      );
    }
  });

  it('stays within a hair of the circle that its points lie on', () => {
    for (const { place } of walk(halfCircle, 1)) expect(Math.hypot(place[0], place[1])).toBeCloseTo(30, 0);
  });

  it('looks ahead along the curve', () => {
    const [first] = walk(
      [
        [0, 0, 0],
        [10, 0, 0],
      ],
      1,
    );
    expect(first?.ahead).toEqual([1, 0, 0]);
  });

  it('passes through every point of it', () => {
    for (const point of halfCircle) {
      expect(Math.min(...polyline(halfCircle).map((place) => distance(place, point)))).toBeCloseTo(0);
    }
  });

  it('is nowhere without two different points', () => {
    expect(walk([[1, 2, 3]], 1)).toEqual([]);
    expect(
      walk(
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
        1,
      ),
    ).toEqual([]);
  });
});
