/** Measurements that Cornerstone's tools draw, told in our words: what a length rests on is never left out. */

import { AngleTool, annotation, CobbAngleTool, LengthTool, utilities } from '@cornerstonejs/tools';
import { type Ground, type Kind, type Measured, measured, toPixels } from '../geometry/measured';
import type { Point3 } from '../geometry/points';

/** A line over something whose length is known; it is drawn as a length is, and becomes a calibration. */
export class RulerTool extends LengthTool {
  static override toolName = 'PorionRuler';
}

export const TOOL_OF: Readonly<Record<Kind, string>> = {
  length: LengthTool.toolName,
  angle: AngleTool.toolName,
  cobb: CobbAngleTool.toolName,
  ruler: RulerTool.toolName,
};
const KIND_OF = new Map(Object.entries(TOOL_OF).map(([kind, tool]) => [tool, kind as Kind]));

export interface Measurement extends Measured {
  readonly uid: string;
  readonly view: string;
  /** The ends in pixels of the picture (x right, y down); in mm in a volume. */
  readonly points: readonly Point3[];
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
