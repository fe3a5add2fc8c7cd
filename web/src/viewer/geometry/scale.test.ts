import { describe, expect, it } from 'vitest';
import { scaleOf } from './scale';

describe('the scale of an image', () => {
  it.each(['calibrated', 'corrected'])('tells millimetres where it is %s', (basis) =>
    expect(scaleOf({ mm: [0.1, 0.08], basis }, 'PERIAPICAL').mm).toEqual([0.1, 0.08]),
  );

  it('tells no millimetres of a detector plane, yet knows its shape', () => {
    const scale = scaleOf({ mm: [0.2, 0.1], basis: 'detector' }, 'CEPHALOMETRIC_LATERAL');
    expect(scale.mm).toBeNull();
    expect(scale.shape).toEqual([0.2, 0.1]);
  });

  it.each([
    ['nothing', null],
    ['zero', { mm: [0, 0], basis: 'calibrated' }],
    ['a negative step', { mm: [-1, 1], basis: 'calibrated' }],
    ['no number', { mm: [Number.NaN, 1], basis: 'corrected' }],
    ['an unknown basis', { mm: [0.1, 0.1], basis: 'guessed' }],
    ['one number', { mm: [0.1], basis: 'corrected' }],
  ])('is none with square pixels for %s', (_, spacing) =>
    expect(scaleOf(spacing, null)).toMatchObject({ basis: 'none', mm: null, shape: [1, 1] }),
  );

  it('says that a panoramic is not even', () => {
    expect(scaleOf({ mm: [0.1, 0.1], basis: 'corrected' }, 'PANORAMIC').even).toBe(false);
    expect(scaleOf({ mm: [0.1, 0.1], basis: 'corrected' }, 'BITEWING').even).toBe(true);
  });
});
