/** The panoramic curve over the axial plane: its points are dragged, or moved with the arrow keys. */

import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { polyline, walk } from '../geometry/curve';
import { cross, type Point2, type Point3, plus, times, unit } from '../geometry/points';
import type { VolumeStage } from '../stage/volume';
import { useWords } from '../words';

const NUDGE: Readonly<Record<string, Point3>> = {
  ArrowLeft: [-0.5, 0, 0],
  ArrowRight: [0.5, 0, 0],
  ArrowUp: [0, -0.5, 0],
  ArrowDown: [0, 0.5, 0],
};

export interface CurveProps {
  readonly stage: VolumeStage;
  readonly points: readonly Point3[];
  readonly thickness: number;
  /** The points as they are now; `done` when the hand has let go. */
  readonly move: (points: Point3[], done: boolean) => void;
}

export function Curve({ stage, points, thickness, move }: CurveProps) {
  const { say } = useWords();
  const layer = useRef<SVGSVGElement>(null);
  const draw = (line: readonly Point3[]): string =>
    line
      .map((place, i) => `${i ? 'L' : 'M'}${stage.toScreen('axial', place).map(rounded).join(' ')}`)
      .join('');
  const put = (index: number, place: Point3, done: boolean): void =>
    move(
      points.map((point, i) => (i === index ? [place[0], place[1], point[2]] : point)),
      done,
    );
  const under = (event: PointerEvent): Point3 => {
    const box = layer.current?.getBoundingClientRect();
    const screen: Point2 = [event.clientX - (box?.left ?? 0), event.clientY - (box?.top ?? 0)];
    return stage.toPlace('axial', screen);
  };
  const onKey = (event: KeyboardEvent, index: number): void => {
    const step = NUDGE[event.key];
    const point = points[index];
    if (!step || !point) return;
    event.preventDefault();
    event.stopPropagation();
    put(index, plus(point, step), true);
  };
  const [inner, outer] = edges(points, thickness);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing is no fieldset of HTML
    <svg ref={layer} className="viewer-curve" role="group" aria-label={say('do.curve')}>
      <path d={draw(polyline(points))} />
      <path className="edge" d={draw(inner)} />
      <path className="edge" d={draw(outer)} />
      {points.map((point, i) => {
        const [x, y] = stage.toScreen('axial', point);
        return (
          // biome-ignore lint/a11y/useSemanticElements: a point of a drawing is no button of HTML
          <circle
            // biome-ignore lint/suspicious/noArrayIndexKey: a point is known by its number
            key={i}
            cx={x}
            cy={y}
            r={7}
            role="button"
            tabIndex={0}
            aria-label={say('curve.point', { number: i + 1 })}
            onKeyDown={(event) => onKey(event, i)}
            onPointerDown={(event) => {
              event.stopPropagation();
              event.currentTarget.setPointerCapture(event.pointerId);
            }}
            onPointerMove={(event) => {
              if (event.currentTarget.hasPointerCapture(event.pointerId)) put(i, under(event), false);
            }}
            onPointerUp={(event) => put(i, under(event), true)}
          />
        );
      })}
    </svg>
  );
}

/** The two borders of the slab on both sides of the curve. */
function edges(points: readonly Point3[], thickness: number): [Point3[], Point3[]] {
  const stations = walk(points, 2);
  const side = (way: number): Point3[] =>
    stations.map(({ place, ahead }) => plus(place, times(unit(cross(ahead, [0, 0, 1])), way)));
  return [side(-thickness / 2), side(thickness / 2)];
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
