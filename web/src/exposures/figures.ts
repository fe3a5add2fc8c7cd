/** What the figures of exposures come to on the screen. */
import type { Schemas } from '../api/client';
import type { Months } from '../parts/MonthChart';

export type Group = Schemas['DoseGroupAnswer'];
export type Figures = Pick<Group, 'exposures' | 'withoutDose' | 'spreads'>;
/** From one day to another, both included. */
export interface Days {
  from: string;
  to: string;
}

export type Spread = Schemas['SpreadAnswer'];
/** A reference level that figures of an age are held against. */
export type Level = Schemas['HeldAgainst'];
export type Quantity = Spread['quantity'];

/** How the doses of a quantity lie, if any exposure states it. */
export function spreadOf(figures: Figures, quantity: Quantity): Spread | undefined {
  return figures.spreads.find((one) => one.quantity === quantity);
}

/** The median of a quantity in each month from one day to another; null where no exposure states it. */
export function medians(group: Group, quantity: Quantity, from: string, to: string): Months {
  const known = new Map(group.byMonth.map((one) => [one.month, one]));
  const months = monthsBetween(from, to);
  const values = months.map((month) => {
    const key = `${month.getFullYear()}-${String(month.getMonth() + 1).padStart(2, '0')}`;
    const found = known.get(key);
    return (found && spreadOf(found, quantity)?.median) ?? null;
  });
  return { months, values };
}

/** The first day of every month that two days lie in or between. */
export function monthsBetween(from: string, to: string): Date[] {
  const [first, last] = [from, to].map((day) => {
    const [year = 0, month = 1] = day.split('-').map(Number);
    return year * 12 + month - 1;
  });
  if (first === undefined || last === undefined) return [];
  const count = Math.max(0, last - first + 1);
  return Array.from(
    { length: count },
    (_, at) => new Date(Math.floor((first + at) / 12), (first + at) % 12, 1),
  );
}

/** The year that ends with a day, that day included. */
export function yearTo(last: Date): { from: Date; to: Date } {
  return { from: new Date(last.getFullYear() - 1, last.getMonth(), last.getDate() + 1), to: last };
}

/** Whether somebody has typed both days to their end: a year passes through 0002 and 0020. */
export function areDays({ from, to }: Days): boolean {
  return to.length === 10 && from >= '1895' && from <= to && to < '3';
}
