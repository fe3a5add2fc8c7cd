import { expect, it } from 'vitest';
import { type Exposure, lastYear, newest } from './doses';

const an = (category: string, startedAt: string | null, dap: number | null) =>
  ({ startedAt, dapMgycm2: dap, radiationDose: dap, image: { category, acquiredAt: null } }) as Exposure;
const NOW = new Date(2026, 2, 15);

it('sums by month, and does not take an unknown dose for zero', () => {
  const year = lastYear(
    [
      an('PANORAMIC', '2026-03-01T10:00:00', 80),
      an('BITEWING', '2026-03-02T10:00:00', 20),
      an('CBCT', '2025-06-01', null),
    ],
    NOW,
  );
  expect(year.months.length).toBe(12);
  expect(year.values.at(-1)).toBe(100);
  expect(year.values.filter((value) => value !== null)).toEqual([100]);
  expect([year.exposures, year.withoutDose]).toEqual([3, 1]);
  expect(year.counts.get('CBCT')).toBe(1);
});

it('leaves out what is older than a year or has no date', () => {
  const year = lastYear([an('CBCT', '2025-03-14', 1), an('CBCT', null, 1)], NOW);
  expect(year.exposures).toBe(0);
});

it('finds the newest of a category', () => {
  const all = [an('CBCT', '2024-01-01', 1), an('CBCT', '2025-01-01', 1), an('TMJ', '2026-01-01', 1)];
  expect(newest(all, 'CBCT')).toBe('2025-01-01');
  expect(newest(all, 'PANORAMIC')).toBeNull();
});
