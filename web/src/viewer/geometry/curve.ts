/** A smooth curve through a few points that a person drags, walked in even steps. */

import { distance, minus, type Point3, plus, times, unit } from './points';

const FINE = 32; // pieces between two points while the way is measured

/** A place on the curve and the direction in which the curve goes on there. */
export interface Station {
  readonly place: Point3;
  readonly ahead: Point3;
}

/**
 * Places every `step` mm along the curve through `points` (a centripetal Catmull-Rom spline: no loops and
 * no overshoot between points that are unevenly far apart). Fewer than two different points give none.
 */
export function walk(points: readonly Point3[], step: number): Station[] {
  const line = polyline(distinct(points));
  const ways = [0];
  for (let i = 1; i < line.length; i++)
    ways.push((ways[i - 1] ?? 0) + distance(at(line, i - 1), at(line, i)));
  const whole = ways.at(-1) ?? 0;
  if (line.length < 2 || step <= 0) return [];
  const places = Array.from({ length: Math.floor(whole / step + 1e-9) + 1 }, (_, i) =>
    placeAt(line, ways, i * step),
  );
  return places.map((place, i) => ({
    place,
    ahead: unit(minus(at(places, Math.min(i + 1, places.length - 1)), at(places, Math.max(i - 1, 0)))),
  }));
}

/** The curve as a fine polyline, to draw. */
export function polyline(points: readonly Point3[]): Point3[] {
  if (points.length < 2) return [...points];
  const out: Point3[] = [];
  for (let i = 0; i + 1 < points.length; i++) {
    for (let piece = 0; piece < FINE; piece++) out.push(between(points, i, piece / FINE));
  }
  out.push(at(points, points.length - 1));
  return out;
}

function distinct(points: readonly Point3[]): Point3[] {
  return points.filter((point, i) => i === 0 || distance(point, at(points, i - 1)) > 1e-6);
}

/** Barry and Goldman's pyramid for the piece from point `i` to the next one, `t` from 0 to 1. */
function between(points: readonly Point3[], i: number, t: number): Point3 {
  const p1 = at(points, i);
  const p2 = at(points, i + 1);
  const p0 = points[i - 1] ?? minus(times(p1, 2), p2);
  const p3 = points[i + 2] ?? minus(times(p2, 2), p1);
  const t1 = Math.sqrt(distance(p0, p1));
  const t2 = t1 + Math.sqrt(distance(p1, p2));
  const t3 = t2 + Math.sqrt(distance(p2, p3));
  const now = t1 + t * (t2 - t1);
  const a1 = mix(p0, p1, now / t1);
  const a2 = mix(p1, p2, (now - t1) / (t2 - t1));
  const a3 = mix(p2, p3, (now - t2) / (t3 - t2));
  return mix(mix(a1, a2, now / t2), mix(a2, a3, (now - t1) / (t3 - t1)), (now - t1) / (t2 - t1));
}

function mix(a: Point3, b: Point3, share: number): Point3 {
  return plus(times(a, 1 - share), times(b, share));
}

function placeAt(line: readonly Point3[], ways: readonly number[], way: number): Point3 {
  let low = 0;
  let high = ways.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((ways[middle] ?? 0) <= way) low = middle;
    else high = middle;
  }
  const from = ways[low] ?? 0;
  const length = (ways[high] ?? from) - from;
  return mix(at(line, low), at(line, high), length > 0 ? Math.min((way - from) / length, 1) : 0);
}

function at(points: readonly Point3[], index: number): Point3 {
  const point = points[index];
  if (!point) throw new RangeError(`no point ${index} of ${points.length}`);
  return point;
}
