/** Frames into numbers: native ones at once, compressed ones in Cornerstone's workers. */

import { getWebWorkerManager } from '@cornerstonejs/core';
import type { Samples } from '../grey/histogram';
import { Unshown } from './failure';
import { arrayFor, type Form, samplesOf } from './form';

const NATIVE = '1.2.840.10008.1.2.1';
const HTJ2K: readonly string[] = [
  '1.2.840.10008.1.2.4.201',
  '1.2.840.10008.1.2.4.202',
  '1.2.840.10008.1.2.4.203',
];

/** What a part's Content-Type says of the transfer syntax (PS3.18 8.7.3); native where it says nothing. */
export function transferSyntaxOf(type: string): string {
  const named = /transfer-syntax="?([0-9.]+)"?/i.exec(type)?.[1];
  if (named) return named;
  return /image\/jphc/i.test(type) ? (HTJ2K[0] as string) : NATIVE;
}

/** One frame's samples. */
export async function decoded(bytes: Uint8Array<ArrayBuffer>, syntax: string, form: Form): Promise<Samples> {
  if (syntax === NATIVE) return samplesOf(bytes, form);
  if (!HTJ2K.includes(syntax)) throw new Unshown('undecodable', `transfer syntax ${syntax}`);
  const frame = await inWorker(bytes, syntax, form);
  const samples = frame.pixelData;
  if (!samples || samples.length < form.rows * form.columns) throw new Unshown('undecodable');
  return ofKind(samples, form);
}

interface WorkerFrame {
  readonly pixelData?: Samples;
}

function inWorker(bytes: Uint8Array<ArrayBuffer>, syntax: string, form: Form): Promise<WorkerFrame> {
  const imageFrame = {
    samplesPerPixel: form.samples,
    photometricInterpretation: form.photometric,
    planarConfiguration: 0,
    rows: form.rows,
    columns: form.columns,
    bitsAllocated: form.bitsAllocated,
    bitsStored: form.bitsStored,
    pixelRepresentation: form.signed ? 1 : 0,
  };
  const task = {
    imageFrame,
    transferSyntax: syntax,
    pixelData: bytes,
    options: { preScale: { enabled: false } },
    decodeConfig: {},
  };
  return getWebWorkerManager().executeTask('dicomImageLoader', 'decodeTask', task) as Promise<WorkerFrame>;
}

/** A decoder may choose another kind of array than the volume's. */
function ofKind(samples: Samples, form: Form): Samples {
  const Kind = arrayFor(form);
  if (samples instanceof Kind) return samples;
  const out = new Kind(samples.length);
  out.set(samples);
  return out;
}
