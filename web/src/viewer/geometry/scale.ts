/** Which unit a length may be told in: millimetres only where they rest on something in the patient's plane. */

import type { Spacing } from './measures';

export type Basis = 'calibrated' | 'corrected' | 'detector' | 'none';

/** `GET /api/imaging/images/{id}`: mm are down the rows and along the columns. */
export interface PixelSpacing {
  readonly mm: readonly number[] | null;
  readonly basis: string;
}

export interface Scale {
  readonly basis: Basis;
  /** Null where a length may only be told in pixels. */
  readonly mm: Spacing | null;
  /** For drawing only: square pixels where nothing is known. */
  readonly shape: Spacing;
  /** False where one millimetre is not the same all over the image. */
  readonly even: boolean;
}

const IN_THE_PATIENT: readonly Basis[] = ['calibrated', 'corrected'];
const BASES: readonly string[] = ['calibrated', 'corrected', 'detector', 'none'];
const SMALLEST = 1e-4;
const LARGEST = 1e3;

/** The scale of an image; a spacing that no detector has counts as none. */
export function scaleOf(spacing: PixelSpacing | null | undefined, category: string | null): Scale {
  const stated = usable(spacing?.mm);
  const basis = stated && spacing && BASES.includes(spacing.basis) ? (spacing.basis as Basis) : 'none';
  const known = basis === 'none' ? null : stated;
  return {
    basis,
    mm: IN_THE_PATIENT.includes(basis) ? known : null,
    shape: known ?? [1, 1],
    even: category !== 'PANORAMIC',
  };
}

function usable(mm: readonly number[] | null | undefined): Spacing | null {
  const [down, along] = mm ?? [];
  const sane = (value: number | undefined): value is number =>
    value !== undefined && value >= SMALLEST && value <= LARGEST;
  return sane(down) && sane(along) ? [down, along] : null;
}
