import { describe, expect, it } from 'vitest';
import { type Ground, measured, toPixels } from './measured';
import type { Point3 } from './points';
import { scaleOf } from './scale';

const calibrated = scaleOf({ mm: [0.2, 0.1], basis: 'calibrated' }, 'PERIAPICAL');
const detector = scaleOf({ mm: [0.2, 0.1], basis: 'detector' }, 'PERIAPICAL');

/** A drawing in the world of a picture, whose axes are mm where something is stated. */
const world = (...pixels: [number, number][]): Point3[] => pixels.map(([x, y]) => [x * 0.1, y * 0.2, 0]);

describe('a length', () => {
  it('is in millimetres on a calibrated picture', () =>
    expect(measured('length', world([0, 0], [30, 20]), calibrated)).toMatchObject({ value: 5, unit: 'mm' }));
  it('is in pixels on a detector plane', () =>
    expect(measured('length', world([0, 0], [30, 40]), detector)).toMatchObject({ value: 50, unit: 'px' }));
  it('is in millimetres in a volume, whichever way it goes', () =>
    expect(
      measured(
        'length',
        [
          [1, 1, 1],
          [3, 4, 7],
        ],
        'volume',
      ),
    ).toMatchObject({ value: 7, unit: 'mm' }));
  it('is none while only one end is there', () =>
    expect(measured('length', [[0, 0, 0]], calibrated)).toBeNull());
});

describe('an angle', () => {
  const corner: [number, number][] = [
    [10, 0],
    [0, 0],
    [0, 10],
  ];
  it.each<[string, Ground]>([
    ['a picture', calibrated],
    ['a detector plane', detector],
  ])('is that of the patient on %s, where pixels need not be square', (_, ground) =>
    expect(measured('angle', world(...corner), ground)).toMatchObject({
      value: expect.closeTo(90),
      unit: '°',
    }),
  );
  it('of Cobb needs two lines', () => {
    expect(measured('cobb', world([0, 0], [10, 0], [0, 5]), calibrated)).toBeNull();
    const tilted = world([0, 0], [10, 0], [0, 5], [10, 10]);
    expect(measured('cobb', tilted, calibrated)?.value).toBeCloseTo(45);
  });
  it('lies in the plane of a volume that it was drawn in', () =>
    expect(
      measured(
        'angle',
        [
          [0, 5, 5],
          [0, 0, 0],
          [0, -5, 5],
        ],
        'volume',
      )?.value,
    ).toBeCloseTo(90));
});

describe('pixels', () => {
  it('come back from the world of a picture', () =>
    expect(toPixels([3, 4, 0], calibrated)).toEqual([30, 20]));
});
