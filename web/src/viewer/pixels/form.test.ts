import { describe, expect, it } from 'vitest';
import { Unshown } from './failure';
import { arrayFor, type DicomJson, formOf, isGrey, samplesOf } from './form';

function header(values: Record<string, unknown>): DicomJson {
  return Object.fromEntries(
    Object.entries(values).map(([tag, value]) => [tag, { vr: 'US', Value: [value] }]),
  );
}

const panoramic = header({
  '00280010': 2,
  '00280011': 3,
  '00280100': 16,
  '00280101': 12,
  '00280103': 0,
  '00280004': 'MONOCHROME1',
});

describe('the form of pixels', () => {
  it('is read from DICOM JSON', () =>
    expect(formOf(panoramic)).toEqual({
      rows: 2,
      columns: 3,
      frames: 1,
      samples: 1,
      bitsAllocated: 16,
      bitsStored: 12,
      signed: false,
      photometric: 'MONOCHROME1',
    }));

  it.each([
    {},
    { '00280010': 0, '00280011': 5 },
    { '00280010': -3, '00280011': 5 },
    { '00280010': 'x', '00280011': 2 },
  ])('is none for %o', (values) => expect(() => formOf(header(values))).toThrow(Unshown));

  it('is not grey in colour or in one bit', () => {
    const form = formOf(panoramic);
    expect(isGrey(form)).toBe(true);
    expect(isGrey({ ...form, samples: 3, photometric: 'RGB' })).toBe(false);
    expect(isGrey({ ...form, photometric: 'PALETTE COLOR' })).toBe(false);
    expect(isGrey({ ...form, bitsAllocated: 1 })).toBe(false);
  });
});

describe('samples', () => {
  const form = { ...formOf(panoramic), rows: 1, columns: 2 };
  const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

  it('are rid of what stands above the stored bits', () =>
    expect([...samplesOf(bytes(0x34, 0xf2, 0xff, 0x0f), form)]).toEqual([0x234, 0xfff]));

  it('carry their sign from the highest stored bit', () =>
    expect([...samplesOf(bytes(0xff, 0x0f, 0x01, 0x00), { ...form, signed: true })]).toEqual([-1, 1]));

  it('of 16 stored bits are not copied', () => {
    const raw = bytes(1, 0, 0xff, 0xff);
    const samples = samplesOf(raw, { ...form, bitsStored: 16 });
    expect([...samples]).toEqual([1, 65_535]);
    expect(samples.buffer).toBe(raw.buffer);
  });

  it('may begin at an odd place', () => {
    const odd = bytes(9, 1, 0, 2, 0).subarray(1);
    expect([...samplesOf(odd, { ...form, bitsStored: 16 })]).toEqual([1, 2]);
  });

  it('of signed bytes have room', () => {
    const small = { ...form, bitsAllocated: 8, bitsStored: 8, signed: true };
    expect([...samplesOf(bytes(0xff, 0x7f), small)]).toEqual([-1, 127]);
    expect(arrayFor(small)).toBe(Int16Array);
  });

  it('that are too few are a failure, not a picture', () =>
    expect(() => samplesOf(bytes(1, 2, 3), form)).toThrow(Unshown));
});
