/** A volume's frames into one array, in the order of their places. */

import { type Affine, type Grid, gridOf } from '../geometry/grid';
import type { Samples } from '../grey/histogram';
import { Unshown } from '../pixels/failure';
import { type Form, isGrey } from '../pixels/form';
import type { Voxels } from '../reformat/voxels';
import { type FetchedFrame, type FramesAnswer, framesOf, type Manifest, roomFor } from '../source';

/** A volume with room for all its slices, and where each frame goes. */
export interface Room {
  readonly voxels: Voxels;
  readonly form: Form;
  /** The place of each instance's frame, counted from 0; places that are missing stay empty. */
  readonly places: ReadonlyMap<string, number>;
}

export interface Progress {
  readonly done: number;
  readonly whole: number;
  /** Frames that came without pixels, and why the first of them did. */
  readonly unshown: number;
  readonly why: string;
}

const AT_ONCE = 12; // frames that are decoded while others arrive
const LARGEST = 2 ** 31 - 1; // bytes in one array: what browsers give

/** Makes room for a volume; throws Unshown where there is none to draw. */
export function makeRoom(manifest: Manifest): Room {
  const { pixels, affine } = manifest;
  if (!pixels || !affine) throw new Unshown('noPixels', manifest.sentence);
  const form: Form = { ...pixels, frames: 1 };
  if (!isGrey(form)) throw new Unshown('undecodable', form.photometric);
  const depth = 1 + Math.max(...manifest.slices.map(({ place }) => place));
  if (form.rows * form.columns * depth * 2 > LARGEST) throw new Unshown('memory');
  const grid: Grid = gridOf(affine as Affine, [form.columns, form.rows, depth]);
  const places = new Map(
    manifest.slices.map(({ sopInstanceUid, frame, place }) => [`${sopInstanceUid}/${frame}`, place]),
  );
  return { voxels: { data: roomFor(form, depth), grid }, form, places };
}

/** Fills the room; `filled` hears of slices as they come, with how far it is. */
export async function fill(
  answer: FramesAnswer,
  room: Room,
  filled: (slices: number[], progress: Progress) => void,
): Promise<Progress> {
  let progress: Progress = { done: 0, whole: room.places.size, unshown: 0, why: '' };
  const working = new Set<Promise<void>>();
  const place = async (frame: FetchedFrame, slice: number): Promise<void> => {
    const samples = await frame.samples?.catch(() => null);
    if (samples) put(room, samples, slice);
    progress = samples ? { ...progress, done: progress.done + 1 } : without(progress, frame.reason);
    filled(samples ? [slice] : [], progress);
  };
  for await (const frame of framesOf(answer, room.form)) {
    const slice = room.places.get(`${frame.instance}/${frame.number}`);
    if (slice === undefined) continue; // a localizer, a second slice at the same place
    const task: Promise<void> = place(frame, slice).finally(() => working.delete(task));
    working.add(task);
    if (working.size >= AT_ONCE) await Promise.race(working);
  }
  await Promise.all(working);
  if (progress.done === 0) throw new Unshown('undecodable', progress.why);
  return progress;
}

function without(progress: Progress, why: string): Progress {
  return { ...progress, unshown: progress.unshown + 1, why: progress.why || why };
}

function put(room: Room, samples: Samples, slice: number): void {
  const size = room.form.rows * room.form.columns;
  room.voxels.data.set(samples.length > size ? samples.subarray(0, size) : samples, slice * size);
}
