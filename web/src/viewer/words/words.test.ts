import { describe, expect, it } from 'vitest';
import { measured } from '../geometry/measured';
import { scaleOf } from '../geometry/scale';
import { Unshown } from '../pixels/failure';
import de from './de';
import en from './en';
import { basisLine, quantity, reason, sayIn, told, type Words } from './index';

const english: Words = { language: 'en', say: sayIn('en') };
const german: Words = { language: 'de', say: sayIn('de') };
const line = [
  [0, 0, 0],
  [1234.56, 0, 0],
] as const;

function length(basis: string, category: string) {
  const found = measured('length', line, scaleOf({ mm: [1, 1], basis }, category));
  if (!found) throw new Error('nothing measured');
  return found;
}

describe('what is said', () => {
  it('names what a length rests on', () => {
    expect(told(english, length('calibrated', 'BITEWING'))).toEqual(['1,234.6 mm', 'calibrated']);
    expect(told(german, length('corrected', 'BITEWING'))).toEqual([
      '1.234,6 mm',
      'um die Vergrößerung korrigiert',
    ]);
  });

  it('has no millimetres for a detector plane', () =>
    expect(told(english, length('detector', 'BITEWING'))).toEqual(['1,235 px', 'uncalibrated']));

  it('does not trust lengths of a panoramic', () => {
    expect(told(english, length('calibrated', 'PANORAMIC'))).toEqual([
      'about 1,234.6 mm',
      'not reliable in a panoramic',
    ]);
  });

  it('gives angles no basis', () => {
    const found = measured(
      'angle',
      [
        [1, 0, 0],
        [0, 0, 0],
        [0, 1, 0],
      ],
      'volume',
    );
    expect(found && told(english, found)).toEqual(['90.0°']);
    expect(found && quantity(german, found)).toBe('90,0°');
  });

  it('tells the scale with what it rests on', () => {
    expect(basisLine(english, scaleOf({ mm: [0.0791, 0.0791], basis: 'corrected' }, null))).toBe(
      '0.0791 mm/px, corrected for magnification',
    );
    expect(basisLine(english, scaleOf({ mm: [0.2, 0.1], basis: 'calibrated' }, null))).toContain(
      '0.1 × 0.2 mm/px',
    );
    expect(basisLine(english, scaleOf({ mm: [0.1, 0.1], basis: 'detector' }, null))).toBe(
      'detector plane, uncalibrated: px only',
    );
  });

  it('tells a failure with what the server said of it', () =>
    expect(reason(english, new Unshown('undecodable', 'Frame 1 is cut off.'))).toBe(
      'The pixels cannot be decoded. Frame 1 is cut off.',
    ));

  it('has the same places in both languages', () => {
    const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const word of Object.keys(en) as (keyof typeof en)[])
      expect(places(de[word]), word).toEqual(places(en[word]));
  });
});
