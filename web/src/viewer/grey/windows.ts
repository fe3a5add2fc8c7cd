/** Which grey values become black and white. */

import { type Histogram, quantile } from './histogram';
import { tissues } from './tissues';

export interface GreyWindow {
  readonly low: number;
  readonly high: number;
}

export type WindowName = 'file' | 'auto' | 'whole' | 'soft' | 'bone' | 'teeth';

/** A window over what most pixels hold: a label burnt in at the edge or a bright screw does not darken the rest. */
export function autoWindow(of: Histogram): GreyWindow {
  return atLeastOne(quantile(of, 0.005), quantile(of, 0.998));
}

/** From the smallest to the largest value. */
export function wholeWindow(of: Histogram): GreyWindow {
  return atLeastOne(of.low, of.high);
}

/**
 * What a file states as WindowCenter and WindowWidth (PS3.3 C.11.2.1.2), null where it shows nothing: no number,
 * no width, or wholly outside of the values that occur.
 */
export function fileWindow(center: unknown, width: unknown, of: Histogram): GreyWindow | null {
  const [middle, wide] = [first(center), first(width)];
  if (middle === null || wide === null || wide < 1) return null;
  const window = { low: middle - 0.5 - (wide - 1) / 2, high: middle - 0.5 + (wide - 1) / 2 };
  const seen = Math.min(window.high, of.high) - Math.max(window.low, of.low);
  const absurd = seen <= 0 || seen < (of.high - of.low) * 0.02;
  return absurd ? null : atLeastOne(window.low, window.high);
}

/** Windows of a volume by what they are for. */
export function volumeWindow(name: WindowName, of: Histogram): GreyWindow {
  const { skin, bone, tooth } = tissues(of);
  switch (name) {
    case 'soft':
      return atLeastOne(skin - (bone - skin) * 0.25, bone + (bone - skin) * 0.5);
    case 'bone':
      return atLeastOne(skin, Math.max(tooth, quantile(of, 0.998)));
    case 'teeth':
      return atLeastOne(bone, of.high);
    case 'whole':
      return wholeWindow(of);
    default:
      return autoWindow(of);
  }
}

function atLeastOne(low: number, high: number): GreyWindow {
  return high > low ? { low, high } : { low: low - 0.5, high: low + 0.5 };
}

function first(value: unknown): number | null {
  const one = Array.isArray(value) ? value[0] : value;
  const number = typeof one === 'string' ? Number.parseFloat(one) : one;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
