/** Lengths and angles on one image, from points in pixels (x right, y down). */

import type { Point2 } from './points';

/** What a pixel covers: [down the rows, along the columns], in mm or as a ratio. */
export type Spacing = readonly [number, number];

const SQUARE: Spacing = [1, 1];

/** The way from `a` to `b`, in the unit of `spacing` (pixels without). */
export function lengthOf(a: Point2, b: Point2, spacing: Spacing = SQUARE): number {
  const [x, y] = step(a, b, spacing);
  return Math.hypot(x, y);
}

/** The angle at `corner` between the ways to `a` and `b`, 0 to 180 degrees; null where a way has no length. */
export function angleAt(corner: Point2, a: Point2, b: Point2, spacing: Spacing = SQUARE): number | null {
  return between(step(corner, a, spacing), step(corner, b, spacing));
}

/**
 * Cobb's angle between two lines, 0 to 90 degrees: lines have no direction, so that it does not matter
 * from which end each one was drawn.
 */
export function cobbAngle(
  first: readonly [Point2, Point2],
  second: readonly [Point2, Point2],
  spacing: Spacing = SQUARE,
): number | null {
  const angle = between(step(...first, spacing), step(...second, spacing));
  return angle === null ? null : Math.min(angle, 180 - angle);
}

function step(a: Point2, b: Point2, spacing: Spacing): Point2 {
  return [(b[0] - a[0]) * spacing[1], (b[1] - a[1]) * spacing[0]];
}

function between(a: Point2, b: Point2): number | null {
  if (Math.hypot(...a) === 0 || Math.hypot(...b) === 0) return null;
  const turned = Math.atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1]);
  return Math.abs((turned * 180) / Math.PI);
}
