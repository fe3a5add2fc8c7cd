/** A flat picture as Cornerstone takes it. */

import { cache, imageLoader, type Types, utilities } from '@cornerstonejs/core';
import type { Spacing } from '../geometry/measures';
import { type Histogram, histogram, type Samples } from '../grey/histogram';
import { autoWindow, fileWindow, type GreyWindow } from '../grey/windows';

export interface Picture {
  readonly id: string;
  readonly columns: number;
  readonly rows: number;
  /** True where small values are white (MONOCHROME1). */
  readonly invert: boolean;
  readonly colour: boolean;
  /** The window that the file states, where it shows something. */
  readonly stated: GreyWindow | null;
  readonly histogram: Histogram;
}

export interface PictureData {
  readonly id: string;
  /** One grey value a pixel, or red, green and blue. */
  readonly samples: Samples;
  readonly columns: number;
  readonly rows: number;
  readonly spacing: Spacing;
  readonly invert?: boolean;
  readonly window?: { center: unknown; width: unknown };
}

const MIDDLE_OF_FIRST_PIXEL: [number, number, number] = [0, 0, 0];
const UPRIGHT = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Hands the samples over; what they show is known by `id` from then on. */
export function register(data: PictureData): Picture {
  const samples = drawable(data.samples);
  forget(data.id);
  const image = imageLoader.createAndCacheLocalImage(data.id, {
    scalarData: samples,
    dimensions: [data.columns, data.rows],
    spacing: [data.spacing[1], data.spacing[0]],
    origin: MIDDLE_OF_FIRST_PIXEL,
    direction: UPRIGHT as unknown as Float32Array<ArrayBuffer>,
    frameOfReferenceUID: data.id,
    targetBuffer: { type: samples.constructor.name as 'Uint16Array' },
  });
  // Cornerstone draws nothing, and says nothing, where no modality is known; none of its rules for one is wanted.
  utilities.genericMetadataProvider.add(data.id, {
    type: 'generalSeriesModule',
    metadata: { modality: 'OT' },
  });
  const colour = samples.length > data.columns * data.rows;
  if (colour) tellColour(image, data);
  const counted = histogram(samples);
  const picture = {
    id: data.id,
    columns: data.columns,
    rows: data.rows,
    invert: data.invert ?? false,
    colour,
    stated: data.window ? fileWindow(data.window.center, data.window.width, counted) : null,
    histogram: counted,
  };
  // A local image is made with a window of no width, which Cornerstone draws with black and white exchanged.
  const { low, high } = firstWindow(picture);
  image.windowWidth = high - low;
  image.windowCenter = (low + high) / 2;
  return picture;
}

/** A local image is taken for one of grey values, whatever its samples are. */
function tellColour(image: Types.IImage, { id, rows, columns }: PictureData): void {
  const metadata = {
    samplesPerPixel: 3,
    photometricInterpretation: 'RGB',
    rows,
    columns,
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
  };
  utilities.genericMetadataProvider.add(id, { type: 'imagePixelModule', metadata });
  image.numberOfComponents = 3;
}

/** Gives the memory of a picture back. */
export function forget(id: string): void {
  if (cache.getImageLoadObject(id)) cache.removeImageLoadObject(id, { force: true });
}

/** The window in which a picture is first seen. */
export function firstWindow(picture: Picture): GreyWindow {
  if (picture.colour) return { low: 0, high: 255 };
  return picture.stated ?? autoWindow(picture.histogram);
}

function drawable(samples: PictureData['samples']): Exclude<Samples, Int8Array> {
  return samples instanceof Int8Array ? Int16Array.from(samples) : samples;
}
