/** Points and directions: x to the right and y down in an image, LPS in mm in a patient (PS3.3 C.7.6.2.1.1). */

export type Point2 = readonly [number, number];
export type Point3 = readonly [number, number, number];

export const plus = (a: Point3, b: Point3): Point3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const minus = (a: Point3, b: Point3): Point3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const times = (a: Point3, factor: number): Point3 => [a[0] * factor, a[1] * factor, a[2] * factor];
export const dot = (a: Point3, b: Point3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const norm = (a: Point3): number => Math.hypot(a[0], a[1], a[2]);
export const distance = (a: Point3, b: Point3): number => norm(minus(a, b));

export const cross = (a: Point3, b: Point3): Point3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** The direction of `a`; a vector without length stays as it is. */
export function unit(a: Point3): Point3 {
  const length = norm(a);
  return length > 0 ? times(a, 1 / length) : a;
}
