import { describe, expect, it } from 'vitest';
import { histogram, quantile } from './histogram';
import { rendering } from './opacity';
import { tissues } from './tissues';
import { autoWindow, fileWindow, volumeWindow, wholeWindow } from './windows';

/** A head as a cone-beam unit gives it, shifted and stretched as units do. */
function head(shift = 0, stretch = 1): Int16Array {
  let seed = 7;
  const noise = (): number => {
    seed = (seed * 48271) % 2147483647;
    return (seed / 2147483647 - 0.5) * 160;
  };
  const parts = [
    [40_000, 0],
    [35_000, 1000],
    [14_000, 2000],
    [3_000, 3400],
  ] as const;
  const values = parts.flatMap(([count, grey]) => Array.from({ length: count }, () => grey + noise()));
  return Int16Array.from(values, (value) => shift + stretch * value);
}

describe('the histogram', () => {
  it('counts every value of small data', () => expect(histogram(new Uint8Array([1, 1, 3])).total).toBe(3));
  it('looks at a large volume evenly', () => {
    const of = histogram(new Uint16Array(4_000_000).fill(9));
    expect(of.total).toBeLessThan(1_500_000);
    expect(of.low).toBe(9);
  });
  it('finds the middle', () => {
    const ramp = Uint16Array.from({ length: 1000 }, (_, i) => i);
    expect(quantile(histogram(ramp), 0.5)).toBeCloseTo(500, -1);
  });
  it('is empty without samples', () => expect(histogram(new Uint8Array()).total).toBe(0));
});

describe('the tissues of a volume', () => {
  it.each([
    [0, 1],
    [-1000, 1],
    [500, 0.5],
  ])('are told apart when grey is shifted by %d and stretched by %d', (shift, stretch) => {
    const { skin, bone, tooth } = tissues(histogram(head(shift, stretch)));
    const grey = (value: number): number => shift + stretch * value;
    expect(skin).toBeGreaterThan(grey(80));
    expect(skin).toBeLessThan(grey(920));
    expect(bone).toBeGreaterThan(grey(1080));
    expect(bone).toBeLessThan(grey(1920));
    expect(tooth).toBeGreaterThan(grey(2080));
    expect(tooth).toBeLessThan(grey(3320));
  });

  it('rise even in a volume of one grey value', () => {
    const flat = histogram(new Uint8Array(100).fill(5));
    for (const name of ['bone', 'soft', 'teeth'] as const) {
      const values = rendering(name, flat).opacity.map(([value]) => value);
      expect([...values].sort((a, b) => a - b)).toEqual(values);
      expect(new Set(values).size).toBe(values.length);
    }
  });

  it('leave air clear and teeth dense in every rendering', () => {
    const of = histogram(head());
    for (const name of ['bone', 'soft', 'teeth'] as const) {
      const { opacity } = rendering(name, of);
      expect(opacity[0]?.[1]).toBe(0);
      expect(opacity.at(-1)?.[1]).toBeGreaterThan(0.9);
    }
  });
});

describe('a window', () => {
  const of = histogram(head());

  it('is not pulled by a few extreme pixels', () => {
    const screw = head();
    screw[0] = 30_000;
    expect(autoWindow(histogram(screw)).high).toBeLessThan(4_000);
    expect(wholeWindow(histogram(screw)).high).toBe(30_000);
  });

  it('follows the file (PS3.3 C.11.2.1.2)', () =>
    expect(fileWindow(['1000', '2'], ['2001'], of)).toEqual({ low: -0.5, high: 1999.5 }));

  it.each([
    ['no numbers', undefined, undefined],
    ['no width', 1000, 0],
    ['a place where nothing is', 60_000, 200],
    ['a sliver', 1000, 10],
  ])('does not follow a file with %s', (_, center, width) =>
    expect(fileWindow(center, width, of)).toBeNull(),
  );

  it('of bone is dark where soft tissue begins, that of soft tissue is narrower', () => {
    const [bone, soft] = [volumeWindow('bone', of), volumeWindow('soft', of)];
    expect(bone.low).toBeGreaterThan(80);
    expect(soft.high - soft.low).toBeLessThan(bone.high - bone.low);
  });

  it('never closes', () => {
    expect(wholeWindow(histogram(new Uint8Array(4))).high).toBeGreaterThan(0);
  });
});
