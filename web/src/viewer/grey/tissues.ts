/** Where air, soft tissue, bone and tooth divide in a volume whose grey values have no unit. */

import { greyOf, type Histogram } from './histogram';

export interface Tissues {
  /** Between air and soft tissue. */
  readonly skin: number;
  /** Between soft tissue and bone. */
  readonly bone: number;
  /** Between bone and the hardest: enamel, metal. */
  readonly tooth: number;
}

const COARSE = 96;

/**
 * Otsu's method with two thresholds over the whole range, and once more above the upper one. A unit without
 * calibration, a cropped field of view or a noisy scan moves the values; the order of the tissues stays.
 */
export function tissues(of: Histogram): Tissues {
  const counts = coarse(of);
  const [skin, bone] = twoThresholds(counts);
  const tooth = bone + 1 + oneThreshold(counts.subarray(bone + 1));
  const value = (bin: number): number => greyOf(of, ((bin + 1) * of.counts.length) / COARSE - 0.5);
  return { skin: value(skin), bone: value(bone), tooth: value(Math.min(tooth, COARSE - 1)) };
}

function coarse(of: Histogram): Float64Array {
  const counts = new Float64Array(COARSE);
  of.counts.forEach((count, bin) => {
    const to = Math.floor((bin * COARSE) / of.counts.length);
    counts[to] = (counts[to] ?? 0) + count;
  });
  return counts;
}

/** Sums from the start: how many, and how much together. */
function sums(counts: Float64Array): { weight: Float64Array; moment: Float64Array } {
  const weight = new Float64Array(counts.length + 1);
  const moment = new Float64Array(counts.length + 1);
  counts.forEach((count, bin) => {
    weight[bin + 1] = (weight[bin] ?? 0) + count;
    moment[bin + 1] = (moment[bin] ?? 0) + count * bin;
  });
  return { weight, moment };
}

function twoThresholds(counts: Float64Array): [number, number] {
  const share = shares(counts);
  let best = -1;
  let found: [number, number] = [Math.floor(counts.length / 3), Math.floor((2 * counts.length) / 3)];
  for (let first = 0; first < counts.length - 2; first++) {
    for (let second = first + 1; second < counts.length - 1; second++) {
      const spread = share(0, first + 1) + share(first + 1, second + 1) + share(second + 1, counts.length);
      if (spread > best) [best, found] = [spread, [first, second]];
    }
  }
  return found;
}

function oneThreshold(counts: Float64Array): number {
  const share = shares(counts);
  let best = -1;
  let found = Math.floor(counts.length / 2);
  for (let bin = 0; bin < counts.length - 1; bin++) {
    const spread = share(0, bin + 1) + share(bin + 1, counts.length);
    if (spread > best) [best, found] = [spread, bin];
  }
  return found;
}

/** What a class from one bin up to another adds to the variance between classes. */
function shares(counts: Float64Array): (from: number, to: number) => number {
  const { weight, moment } = sums(counts);
  return (from, to) => {
    const heavy = (weight[to] ?? 0) - (weight[from] ?? 0);
    const far = (moment[to] ?? 0) - (moment[from] ?? 0);
    return heavy > 0 ? (far * far) / heavy : 0;
  };
}
