/** Exposures of the last twelve months in numbers; a dose that is not known is counted, never taken for zero. */
import type { Schemas } from '../api/client';
import type { Months } from '../parts/MonthChart';

export type Exposure = Schemas['ExposureAnswer'];

/** Twelve months with their dose-area product in mGy·cm²; null where no exposure states one. */
export interface Year extends Months {
  counts: Map<string, number>;
  exposures: number;
  withoutDose: number;
}

export function lastYear(exposures: readonly Exposure[], now = new Date()): Year {
  const months = Array.from(
    { length: 12 },
    (_, at) => new Date(now.getFullYear(), now.getMonth() - 11 + at, 1),
  );
  const values: (number | null)[] = months.map(() => null);
  const counts = new Map<string, number>();
  const recent = exposures.filter((one) => monthOf(one, months) >= 0);
  for (const one of recent) {
    const at = monthOf(one, months);
    const category = one.image.category ?? 'OTHER';
    counts.set(category, (counts.get(category) ?? 0) + 1);
    if (one.dapMgycm2 !== null) values[at] = (values[at] ?? 0) + one.dapMgycm2;
  }
  const withoutDose = recent.filter((one) => one.radiationDose === null).length;
  return { months, values, counts, exposures: recent.length, withoutDose };
}

/** When an exposure was made, as far as it or its image says. */
export function madeAt(exposure: Exposure): string | null {
  return exposure.startedAt ?? exposure.image.acquiredAt;
}

/** The newest exposure of a category. */
export function newest(exposures: readonly Exposure[], category: string): string | null {
  const moments = exposures.filter((one) => one.image.category === category).map(madeAt);
  return (
    moments
      .filter((one) => one !== null)
      .sort()
      .at(-1) ?? null
  );
}

function monthOf(exposure: Exposure, months: readonly Date[]): number {
  const made = madeAt(exposure);
  if (!made) return -1;
  const at = new Date(made);
  return months.findIndex(
    (month) => month.getFullYear() === at.getFullYear() && month.getMonth() === at.getMonth(),
  );
}
