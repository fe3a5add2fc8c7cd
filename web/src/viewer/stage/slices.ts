/** A volume as Cornerstone takes it: its slices are views of our one array, and nothing is copied. */

import { cache, ImageVolume, type Types, utilities } from '@cornerstonejs/core';
import { type Grid, toWorld } from '../geometry/grid';
import type { Voxels } from '../reformat/voxels';

/** Makes a volume known under that name; its samples may still be empty. */
export function registerVolume(volumeId: string, { data, grid }: Voxels): Types.IImageVolume {
  const size = grid.dimensions[0] * grid.dimensions[1];
  const imageIds = Array.from({ length: grid.dimensions[2] }, (_, slice) => {
    const imageId = `${volumeId}_slice_${slice}`;
    placeSlice(imageId, slice, grid, volumeId);
    cache.putImageSync(imageId, sliceImage(imageId, data.subarray(slice * size, (slice + 1) * size), grid));
    return imageId;
  });
  const volume = new ImageVolume({
    volumeId,
    imageIds,
    dataType: data.constructor.name as Types.PixelDataTypedArrayString,
    dimensions: [...grid.dimensions],
    spacing: [...grid.spacing],
    origin: [...grid.origin],
    direction: grid.axes.flat() as unknown as Types.Mat3,
    metadata: metadataOf(volumeId, grid, data.BYTES_PER_ELEMENT * 8),
    numberOfComponents: 1,
  });
  cache.putVolumeSync(volumeId, volume);
  return volume;
}

/** Gives the memory back. */
export function forgetVolume(volume: Types.IImageVolume): void {
  for (const imageId of volume.imageIds) cache.removeImageLoadObject(imageId, { force: true });
  cache.removeVolumeLoadObject(volume.volumeId);
}

/** Cornerstone's own way to a local image looks for the extremes of each slice, while all are still zero. */
function sliceImage(imageId: string, samples: Voxels['data'], grid: Grid): Types.IImage {
  const [width, height] = grid.dimensions;
  const scalarData = samples as Types.PixelDataTypedArray;
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    width,
    height,
    scalarData,
    id: imageId,
  });
  const image = {
    imageId,
    dataType: samples.constructor.name,
    voxelManager,
    getPixelData: () => scalarData,
    rows: height,
    columns: width,
    height,
    width,
    numberOfComponents: 1,
    color: false,
    invert: false,
    slope: 1,
    intercept: 0,
    minPixelValue: 0,
    maxPixelValue: 1,
    windowCenter: 0.5,
    windowWidth: 1,
    columnPixelSpacing: grid.spacing[0],
    rowPixelSpacing: grid.spacing[1],
    sizeInBytes: samples.byteLength,
  };
  return image as unknown as Types.IImage;
}

/** Where a slice lies, so that the one nearest to a plane is found. */
function placeSlice(imageId: string, slice: number, grid: Grid, frame: string): void {
  const [along, down] = grid.axes;
  const metadata = {
    frameOfReferenceUID: frame,
    rows: grid.dimensions[1],
    columns: grid.dimensions[0],
    imageOrientationPatient: [...along, ...down],
    rowCosines: [...along],
    columnCosines: [...down],
    imagePositionPatient: [...toWorld(grid, [0, 0, slice])],
    pixelSpacing: [grid.spacing[1], grid.spacing[0]],
    rowPixelSpacing: grid.spacing[1],
    columnPixelSpacing: grid.spacing[0],
  };
  utilities.genericMetadataProvider.add(imageId, { type: 'imagePlaneModule', metadata });
}

function metadataOf(frame: string, grid: Grid, bits: number): Types.Metadata {
  return {
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelRepresentation: 0,
    // No unit follows from this: the page never calls a cone-beam value HU.
    Modality: 'OT',
    ImageOrientationPatient: [...grid.axes[0], ...grid.axes[1]],
    PixelSpacing: [grid.spacing[1], grid.spacing[0]],
    FrameOfReferenceUID: frame,
    Columns: grid.dimensions[0],
    Rows: grid.dimensions[1],
    voiLut: [],
    VOILUTFunction: 'LINEAR',
  };
}
