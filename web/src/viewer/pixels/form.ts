/** How pixels are written (PS3.3 C.7.6.3), read from DICOM JSON, and their bytes as numbers. */

import type { Samples } from '../grey/histogram';
import { Unshown } from './failure';

export interface Form {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samples: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly photometric: string;
}

/** DICOM JSON (PS3.18 annex F), as far as it is read here. */
export type DicomJson = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

export function firstOf(data: DicomJson, tag: string): unknown {
  return data[tag]?.Value?.[0];
}

export function allOf(data: DicomJson, tag: string): readonly unknown[] | undefined {
  return data[tag]?.Value;
}

/** The form of an instance's pixels; throws Unshown where it has none, or one that no screen can show. */
export function formOf(data: DicomJson): Form {
  const rows = count(data, '00280010');
  const columns = count(data, '00280011');
  if (!rows || !columns) throw new Unshown('noPixels');
  const allocated = count(data, '00280100') || 16;
  return {
    rows,
    columns,
    frames: count(data, '00280008') || 1,
    samples: count(data, '00280002') || 1,
    bitsAllocated: allocated,
    bitsStored: Math.min(count(data, '00280101') || allocated, allocated),
    signed: count(data, '00280103') === 1,
    photometric: String(firstOf(data, '00280004') ?? 'MONOCHROME2'),
  };
}

/** Whether a frame is one grey value per pixel; colour is drawn by the server. */
export function isGrey(form: Form): boolean {
  return (
    form.samples === 1 && form.photometric.startsWith('MONOCHROME') && [8, 16].includes(form.bitsAllocated)
  );
}

type Constructor = new (length: number) => Samples;

/** An array that holds these pixels and no more: 16 bits stay 16 bits. */
export function arrayFor(form: Form): Constructor {
  if (form.bitsAllocated <= 8) return form.signed ? Int16Array : Uint8Array; // no screen takes signed bytes
  return form.signed ? Int16Array : Uint16Array;
}

/** Native little endian bytes of one frame as numbers, rid of what stands above the stored bits (PS3.5 8.1.1). */
export function samplesOf(bytes: Uint8Array<ArrayBuffer>, form: Form): Samples {
  const size = form.rows * form.columns * form.samples;
  const width = form.bitsAllocated > 8 ? 2 : 1;
  if (bytes.length < size * width)
    throw new Unshown('undecodable', `${bytes.length} of ${size * width} bytes`);
  const even = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const raw = rawArray(form, even, size);
  return form.bitsStored < form.bitsAllocated || (form.signed && width === 1) ? stored(raw, form) : raw;
}

function rawArray(form: Form, bytes: Uint8Array<ArrayBuffer>, size: number): Samples {
  if (form.bitsAllocated <= 8) return new Uint8Array(bytes.buffer, bytes.byteOffset, size);
  return new (form.signed ? Int16Array : Uint16Array)(bytes.buffer, bytes.byteOffset, size);
}

/** In place where there is room for the sign: hundreds of frames are not copied once more. */
function stored(raw: Samples, form: Form): Samples {
  const Kind = arrayFor(form);
  const out = raw instanceof Kind ? raw : new Kind(raw.length);
  const unused = 32 - form.bitsStored;
  if (form.signed) for (let i = 0; i < raw.length; i++) out[i] = ((raw[i] as number) << unused) >> unused;
  else for (let i = 0; i < raw.length; i++) out[i] = ((raw[i] as number) << unused) >>> unused;
  return out;
}

function count(data: DicomJson, tag: string): number {
  const value = Number(firstOf(data, tag));
  return Number.isSafeInteger(value) && value > 0 && value < 2 ** 31 ? value : 0;
}
