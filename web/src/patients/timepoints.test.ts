import { expect, it } from 'vitest';
import { bySlot, type Image, slotOf, timePoints } from './timepoints';

const an = (category: string, acquiredAt: string | null) =>
  ({ id: `${category}${acquiredAt}`, category, acquiredAt }) as Image;

it('puts images of one month together, newest time point first, undated last', () => {
  const points = timePoints([
    an('CBCT', '2026-03-20T10:00:00'),
    an('PANORAMIC', '2026-03-02T09:00:00'),
    an('PANORAMIC', '2024-01-05'),
    an('BITEWING', null),
  ]);
  expect(points.map((point) => [point.day, point.images.length])).toEqual([
    ['2026-03-02', 2],
    ['2024-01-05', 1],
    [null, 1],
  ]);
});

it('fills the slots of the records; every intra-oral image fills the same one', () => {
  const { slots, others } = bySlot({
    day: null,
    images: [an('BITEWING', null), an('PERIAPICAL', null), an('TMJ', null)],
  });
  expect(slots.INTRA_ORAL.length).toBe(2);
  expect(slots.CBCT).toEqual([]);
  expect(others.length).toBe(1);
});

it('knows no slot for what shows something else', () => {
  expect(slotOf(an('OTHER', null))).toBeNull();
});
