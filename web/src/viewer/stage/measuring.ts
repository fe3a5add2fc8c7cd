/** Measurements that Cornerstone's tools draw, told in our words: what a length rests on is never left out. */

import { AngleTool, annotation, CobbAngleTool, LengthTool, utilities } from '@cornerstonejs/tools';
import { angleAt, cobbAngle, lengthOf } from '../geometry/measures';
import { flattened } from '../geometry/plane';
import { distance, type Point2, type Point3 } from '../geometry/points';
import type { Scale } from '../geometry/scale';

/** A line over something whose length is known; it is drawn as a length is, and becomes a calibration. */
export class RulerTool extends LengthTool {
  static override toolName = 'PorionRuler';
}

export type Kind = 'length' | 'angle' | 'cobb' | 'ruler';

export const TOOL_OF: Readonly<Record<Kind, string>> = {
  length: LengthTool.toolName,
  angle: AngleTool.toolName,
  cobb: CobbAngleTool.toolName,
  ruler: RulerTool.toolName,
};
const KIND_OF = new Map(Object.entries(TOOL_OF).map(([kind, tool]) => [tool, kind as Kind]));

/** What is measured on: a picture with its scale, or the grid of a volume. */
export type Ground = Scale | 'volume';

/** A number and what it may be called. */
export interface Measured {
  readonly kind: Kind;
  readonly value: number;
  readonly unit: 'mm' | 'px' | '°';
  readonly ground: Ground;
}

export interface Measurement extends Measured {
  readonly uid: string;
  readonly view: string;
  /** The ends in pixels of the picture (x right, y down); in mm in a volume. */
  readonly points: readonly Point3[];
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

/** Everything that is drawn on these views, oldest first; a view is known by its frame of reference. */
export function measurementsOf(views: ReadonlyMap<string, Ground>): Measurement[] {
  return annotation.state.getAllAnnotations().flatMap((drawn) => {
    const kind = KIND_OF.get(drawn.metadata?.toolName ?? '');
    const view = drawn.metadata?.FrameOfReferenceUID ?? '';
    const ground = views.get(view);
    const points = (drawn.data.handles?.points ?? []) as readonly Point3[];
    const told = kind && ground ? measured(kind, points, ground) : null;
    if (!told) return [];
    return [{ ...told, uid: drawn.annotationUID ?? '', view, points: endsOf(points, told.ground) }];
  });
}

function endsOf(points: readonly Point3[], ground: Ground): readonly Point3[] {
  return ground === 'volume' ? points : points.map((point): Point3 => [...toPixels(point, ground), 0]);
}

export function removeMeasurement(uid: string): void {
  annotation.state.removeAnnotation(uid);
}

/** Draw the texts again, after a scale has changed. */
export function redraw(viewports: readonly string[]): void {
  for (const drawn of annotation.state.getAllAnnotations()) drawn.invalidated = true;
  utilities.triggerAnnotationRenderForViewportIds([...viewports]);
}
