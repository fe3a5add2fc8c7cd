/** How often each grey value occurs; windows and presets follow from it, since cone-beam values are no HU. */

export type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array | Float32Array;

export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: Float64Array;
  readonly total: number;
}

const BINS = 512;
const ENOUGH = 1_000_000; // samples that are looked at: the shape does not change beyond

/** Counts between the smallest and the largest value; large data are looked at evenly, not wholly. */
export function histogram(samples: Samples): Histogram {
  const stride = strideFor(samples.length);
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < samples.length; i += stride) {
    const value = samples[i] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const counts = new Float64Array(BINS);
  if (!(high >= low)) return { low: 0, high: 0, counts, total: 0 };
  const scale = high > low ? (BINS - 1) / (high - low) : 0;
  let total = 0;
  for (let i = 0; i < samples.length; i += stride, total++) {
    const bin = Math.round(((samples[i] ?? 0) - low) * scale);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low, high, counts, total };
}

/** The value below which that share (0 to 1) of the samples lies. */
export function quantile(of: Histogram, share: number): number {
  let seen = 0;
  for (let bin = 0; bin < of.counts.length; bin++) {
    seen += of.counts[bin] ?? 0;
    if (seen >= share * of.total && seen > 0) return greyOf(of, bin);
  }
  return of.high;
}

/** The grey value of a bin. */
export function greyOf(of: Histogram, bin: number): number {
  return of.low + ((of.high - of.low) * bin) / (of.counts.length - 1);
}

// An odd stride does not fall into step with rows of an even width.
function strideFor(length: number): number {
  const stride = Math.max(1, Math.floor(length / ENOUGH));
  return stride > 1 && stride % 2 === 0 ? stride + 1 : stride;
}
