/** One frame of an image, fetched and made ready to draw. */

import { type Scale, scaleOf } from '../geometry/scale';
import { allOf, formOf, isGrey } from '../pixels/form';
import { dicomOf, fetchColours, fetchFrame, type Image } from '../source';
import { type Picture, register } from '../stage/picture';

/** Where a picture of an image comes from: an instance of it, and a frame of that. */
export interface Step {
  readonly instance: string;
  readonly frame: number;
}

/** All that can be shown of an image one after another: its instances' frames. */
export function stepsOf(image: Image): Step[] {
  return [...image.instances]
    .sort((a, b) => (a.instanceNumber ?? 0) - (b.instanceNumber ?? 0))
    .flatMap(({ sopInstanceUid, frames }) =>
      Array.from({ length: Math.max(1, frames) }, (_, i) => ({ instance: sopInstanceUid, frame: i + 1 })),
    );
}

export function imageScale(image: Image): Scale {
  return scaleOf(image.pixelSpacing, image.category);
}

/** Fetches a frame and registers it under a name of its own in this view. */
export async function picture(image: Image, step: Step, view: string, signal: AbortSignal): Promise<Picture> {
  const data = dicomOf(image);
  const form = formOf(data);
  const id = `porion-${view}-${step.instance}-${step.frame}`;
  const spacing = imageScale(image).shape;
  if (!isGrey(form))
    return register({ id, spacing, ...(await fetchColours(image, step.instance, step.frame, signal)) });
  const samples = await fetchFrame(image.id, form, step, signal);
  return register({
    id,
    samples,
    columns: form.columns,
    rows: form.rows,
    spacing,
    invert: form.photometric === 'MONOCHROME1',
    window: windowOf(data),
  });
}

// The file's window is in values after the rescale (PS3.3 C.11.1); what is drawn are the stored ones.
function windowOf(data: ReturnType<typeof dicomOf>): { center: unknown; width: unknown } {
  const [slope, intercept] = [
    Number(allOf(data, '00281053')?.[0] ?? 1) || 1,
    Number(allOf(data, '00281052')?.[0] ?? 0),
  ];
  const [center, width] = [allOf(data, '00281050')?.[0], allOf(data, '00281051')?.[0]];
  if (center === undefined || width === undefined) return { center, width };
  return { center: (Number(center) - intercept) / slope, width: Number(width) / Math.abs(slope) };
}
