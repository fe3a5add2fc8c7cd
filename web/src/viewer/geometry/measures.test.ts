import { describe, expect, it } from 'vitest';
import { angleAt, cobbAngle, lengthOf } from './measures';

describe('lengths', () => {
  it('are pixels without a spacing', () => expect(lengthOf([10, 10], [13, 14])).toBe(5));
  it('take rows and columns apart where pixels are not square', () =>
    expect(lengthOf([0, 0], [3, 4], [0.5, 2])).toBeCloseTo(Math.hypot(6, 2)));
});

describe('angles', () => {
  it('are a right angle in a corner', () => expect(angleAt([0, 0], [5, 0], [0, 9])).toBeCloseTo(90));
  it('go up to a straight line', () => expect(angleAt([0, 0], [5, 0], [-2, 0])).toBeCloseTo(180));
  it('are those of the patient, not of the pixels', () =>
    expect(angleAt([0, 0], [1, 0], [1, 1], [2, 1])).toBeCloseTo((Math.atan(2) * 180) / Math.PI));
  it('are unknown where a line has no length', () => expect(angleAt([1, 1], [1, 1], [2, 2])).toBeNull());
});

describe("Cobb's angle", () => {
  const level = [
    [0, 0],
    [10, 0],
  ] as const;
  it('is zero between parallel lines', () =>
    expect(
      cobbAngle(level, [
        [0, 5],
        [10, 5],
      ]),
    ).toBeCloseTo(0));
  it('does not care from which end a line was drawn', () => {
    const tilted = [
      [0, 0],
      [10, 10],
    ] as const;
    expect(cobbAngle(level, tilted)).toBeCloseTo(45);
    expect(cobbAngle(level, [tilted[1], tilted[0]])).toBeCloseTo(45);
  });
  it('is never above 90 degrees', () =>
    expect(
      cobbAngle(level, [
        [0, 0],
        [-10, 3],
      ]),
    ).toBeLessThanOrEqual(90));
});
