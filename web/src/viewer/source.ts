/** Where images and their pixels come from: Porion's API. */

import { api, Problem, told } from '../api/client';
import type { Samples } from './grey/histogram';
import { coloursOf } from './pixels/colour';
import { decoded, transferSyntaxOf } from './pixels/decode';
import { Unshown, whyOf } from './pixels/failure';
import { arrayFor, type DicomJson, type Form } from './pixels/form';
import { partsOf } from './pixels/multipart';

const askImage = (id: string) =>
  told(api.GET('/api/imaging/images/{image_id}', { params: { path: { image_id: id } } }));
const askImages = (query: { patientId?: string; pendingId?: string; limit: number }) =>
  told(api.GET('/api/imaging/images', { params: { query } }));

export type Image = Awaited<ReturnType<typeof askImage>>;
export type ListedImage = Awaited<ReturnType<typeof askImages>>['items'][number];

const RENDERED = '/dicom-web/studies/{study}/series/{series}/instances/{instance}/frames/{frames}/rendered';
const NATIVE = '1.2.840.10008.1.2.1';
const HTJ2K = '1.2.840.10008.1.2.4.201';
const HERE = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** On one machine nothing is quicker than the bytes as they are; over a network half of them is. */
export function wantedSyntax(host: string = window.location.hostname): string {
  return HERE.test(host) ? NATIVE : HTJ2K;
}

export function dicomOf(image: Image): DicomJson {
  return image.dicomData as DicomJson;
}

export async function fetchImage(id: string): Promise<Image> {
  return failing(askImage(id));
}

const askVolume = (id: string) =>
  told(api.GET('/api/imaging/images/{image_id}/volume', { params: { path: { image_id: id } } }));

export type Manifest = Awaited<ReturnType<typeof askVolume>>;

/** Which frame goes where, and whether all are there. */
export async function fetchManifest(id: string): Promise<Manifest> {
  return failing(askVolume(id));
}

/** Images of the same patient, or of the same pending item as long as nobody has said whose they are. */
export async function fetchRelatives(image: ListedImage): Promise<ListedImage[]> {
  const whose = image.patientId ? { patientId: image.patientId } : { pendingId: image.pendingId };
  const answer = await askImages({ ...whose, limit: 200 });
  return answer.items;
}

export interface FramesWish {
  readonly instance?: string;
  readonly frame?: number;
}

export interface FetchedFrame {
  readonly instance: string;
  readonly number: number;
  /** Null where the server could not show it, and why. */
  readonly samples: Promise<Samples> | null;
  readonly reason: string;
}

/** An answer with frames that has begun. */
export interface FramesAnswer {
  readonly type: string;
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Asks for the frames of an image; they can be on their way before anybody knows where they go. */
export async function askFrames(id: string, wish: FramesWish, signal: AbortSignal): Promise<FramesAnswer> {
  const params = { path: { image_id: id }, query: { ...wish, transferSyntax: wantedSyntax() } };
  const { data, error, response } = await api
    .GET('/api/imaging/images/{image_id}/frames', { params, parseAs: 'stream', signal })
    .catch(() => {
      throw new Unshown('network');
    });
  if (!response.ok) throw unshownBy(response.status, error);
  const body = data as ReadableStream<Uint8Array<ArrayBuffer>>;
  return { type: response.headers.get('content-type') ?? '', body };
}

/** The frames of an answer as they come; they are decoded while others arrive. */
export async function* framesOf({ type, body }: FramesAnswer, form: Form): AsyncGenerator<FetchedFrame> {
  for await (const part of partsOf(type, body)) {
    const bad = part.type.startsWith('text/plain');
    yield {
      ...placeOf(part.location),
      samples: bad ? null : decoded(part.body, transferSyntaxOf(part.type), form),
      reason: bad ? new TextDecoder().decode(part.body) : '',
    };
  }
}

/** One frame. */
export async function fetchFrame(
  id: string,
  form: Form,
  wish: FramesWish,
  signal: AbortSignal,
): Promise<Samples> {
  for await (const { samples, reason } of framesOf(
    await askFrames(id, { frame: 1, ...wish }, signal),
    form,
  )) {
    if (!samples) throw new Unshown('undecodable', reason);
    return samples;
  }
  throw new Unshown('undecodable');
}

/** One frame in colour, as the server draws it. */
export async function fetchColours(image: Image, instance: string, frame: number, signal: AbortSignal) {
  const path = { study: image.studyId, series: image.seriesId, instance, frames: String(frame) };
  const answer = await api
    .GET(RENDERED, { params: { path }, headers: { Accept: 'image/png' }, parseAs: 'blob', signal })
    .catch(() => {
      throw new Unshown('network');
    });
  if (!answer.response.ok) throw unshownBy(answer.response.status, answer.error);
  return coloursOf(answer.data as Blob);
}

/** An empty volume of that form. */
export function roomFor(form: Form, slices: number): Samples {
  return new (arrayFor(form))(form.rows * form.columns * slices);
}

/** Instance and frame of a place in DICOMweb (PS3.18 table 10.4.1-1). */
export function placeOf(location: string): { instance: string; number: number } {
  const found = /\/instances\/([0-9.]+)\/frames\/(\d+)$/.exec(location);
  if (!found) throw new Unshown('undecodable', 'a frame without its place');
  return { instance: found[1] as string, number: Number(found[2]) };
}

async function failing<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw error instanceof Problem ? unshownBy(error.status, error) : error;
  }
}

function unshownBy(status: number, body: unknown): Unshown {
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? String(body.detail) : '';
  return new Unshown(whyOf(status), detail);
}
