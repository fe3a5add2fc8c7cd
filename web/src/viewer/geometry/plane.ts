/** Points that lie in one plane of a volume, in two coordinates of that plane. */

import { cross, distance, dot, minus, norm, type Point2, type Point3, unit } from './points';

/**
 * The first point is the origin and the second different one lies along x. All on one line, or all in one
 * place, is a plane as well: y is then zero.
 */
export function flattened(points: readonly Point3[]): Point2[] {
  const [origin] = points;
  const ahead = points.find((point) => origin && distance(origin, point) > 0);
  if (!origin || !ahead) return points.map((): Point2 => [0, 0]);
  const along = unit(minus(ahead, origin));
  const aside = points.find((point) => norm(cross(along, minus(point, origin))) > 1e-6);
  const normal = aside ? cross(along, minus(aside, origin)) : ([0, 0, 0] as Point3);
  const across = unit(cross(normal, along));
  return points.map((point): Point2 => {
    const way = minus(point, origin);
    return [dot(way, along), dot(way, across)];
  });
}
