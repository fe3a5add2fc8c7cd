/** What a drawing comes to, and what its number may be called. */

import { angleAt, cobbAngle, lengthOf } from './measures';
import { flattened } from './plane';
import { distance, type Point2, type Point3 } from './points';
import type { Scale } from './scale';

export type Kind = 'length' | 'angle' | 'cobb' | 'ruler';

/** What is measured on: a picture with its scale, or the grid of a volume. */
export type Ground = Scale | 'volume';

/** A number and what it may be called. */
export interface Measured {
  readonly kind: Kind;
  readonly value: number;
  readonly unit: 'mm' | 'px' | '°';
  readonly ground: Ground;
}

/** The number of a drawing: points in the coordinates of the view's world, which are mm or the picture's shape. */
export function measured(kind: Kind, points: readonly Point3[], ground: Ground): Measured | null {
  const value = kind === 'length' || kind === 'ruler' ? length(points, ground) : angle(kind, points);
  if (value === null || !Number.isFinite(value)) return null;
  return { kind, value, unit: unitOf(kind, ground), ground };
}

/** Pixels of a picture from its world. */
export function toPixels(point: Point3, scale: Scale): Point2 {
  return [point[0] / scale.shape[1], point[1] / scale.shape[0]];
}

function unitOf(kind: Kind, ground: Ground): Measured['unit'] {
  if (kind === 'angle' || kind === 'cobb') return '°';
  return ground === 'volume' || ground.mm ? 'mm' : 'px';
}

function length(points: readonly Point3[], ground: Ground): number | null {
  const [from, to] = points;
  if (!from || !to) return null;
  if (ground === 'volume') return distance(from, to);
  const [a, b] = [toPixels(from, ground), toPixels(to, ground)];
  return lengthOf(a, b, ground.mm ?? undefined);
}

/** Angles need the shape of the pixels only, which the world has already; in a volume, the plane of the drawing. */
function angle(kind: Kind, points: readonly Point3[]): number | null {
  const [a, b, c, d] = flattened(points);
  if (!a || !b || !c) return null;
  if (kind === 'angle') return angleAt(b, a, c);
  return d ? cobbAngle([a, b], [c, d]) : null;
}
