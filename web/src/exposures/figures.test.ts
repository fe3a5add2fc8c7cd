import { expect, test } from 'vitest';
import { dayOf } from '../parts/format';
import { areDays, type Group, medians, monthsBetween, type Quantity, yearTo } from './figures';

const spread = (quantity: Quantity, median: number) => ({ quantity, median }) as Group['spreads'][number];

test('a year ends with its last day and does not hold that day twice', () => {
  const { from, to } = yearTo(new Date(2026, 10, 27));
  expect([from, to].map(dayOf)).toEqual(['2025-11-28', '2026-11-27']);
  expect(dayOf(yearTo(new Date(2024, 1, 29)).from)).toBe('2023-03-02');
});

test('months go from the one of the first day to the one of the last', () => {
  expect(monthsBetween('2025-11-28', '2026-02-01').map(dayOf)).toEqual([
    '2025-11-01',
    '2025-12-01',
    '2026-01-01',
    '2026-02-01',
  ]);
  expect(monthsBetween('2026-02-03', '2026-02-03')).toHaveLength(1);
  expect(monthsBetween('2026-03-01', '2026-02-01')).toEqual([]);
});

test('a month without the quantity has no median, which is not zero', () => {
  const group = {
    byMonth: [
      { month: '2026-01', spreads: [spread('dapMgycm2', 81)] },
      { month: '2026-03', spreads: [spread('entranceMgy', 2)] },
    ],
  } as Group;
  expect(medians(group, 'dapMgycm2', '2026-01-15', '2026-03-02').values).toEqual([81, null, null]);
});

test('days that are still being typed, or turned round, are not asked for', () => {
  expect(areDays({ from: '2025-11-28', to: '2026-11-27' })).toBe(true);
  expect(areDays({ from: '2026-11-27', to: '2026-11-27' })).toBe(true);
  for (const [from, to] of [
    ['', '2026-11-27'],
    ['2026-11-27', ''],
    ['0020-11-27', '2026-11-27'],
    ['2026-11-28', '2026-11-27'],
    ['2026-11-28', '3026-11-27'],
    ['2026-11-28', '20261-11-27'],
  ] as const)
    expect(areDays({ from, to })).toBe(false);
});
