/** The tools' pictures: 20 by 20, drawn with a line of the text's colour. */

import type { Command } from '../keys';

const LINES: Readonly<Partial<Record<Command, string>>> = {
  window: 'M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14',
  pan: 'M10 2v16M2 10h16M10 2 7.5 4.5M10 2l2.5 2.5M10 18l-2.5-2.5M10 18l2.5-2.5M2 10l2.5-2.5M2 10l2.5 2.5M18 10l-2.5-2.5M18 10l-2.5 2.5',
  zoom: 'M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM12.5 12.5 18 18M6 8.5h5M8.5 6v5',
  length: 'M3 17 17 3M1.5 15.5l3 3M15.5 1.5l3 3',
  angle: 'M17 16H3L14 4M8.5 16a6 6 0 0 0-2-4',
  cobb: 'M2 6l12-3M6 17l12-5M9 5v9',
  calibrate: 'M2 7h16v6H2zM5 7v3M8 7v2M11 7v3M14 7v2',
  crosshair: 'M10 1v6M10 13v6M1 10h6M13 10h6M10 9.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1z',
  curve: 'M3 16C3 1 17 1 17 16M3 16h.01M10 5h.01M17 16h.01',
  auto: 'M10 2v3M10 15v3M2 10h3M15 10h3M4.5 4.5l2 2M13.5 13.5l2 2M15.5 4.5l-2 2M6.5 13.5l-2 2M10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  invert: 'M3 3h14v14H3zM3 17 17 3M6 6h3M12 14h3M13.5 12.5v3',
  rotate: 'M16 10a6 6 0 1 1-2-4.5M14 2v4h-4',
  flipHorizontal: 'M10 2v16M7 6 2 14h5zM13 6l5 8h-5z',
  flipVertical: 'M2 10h16M6 7l8-5v5zM6 13l8 5v-5z',
  reset: 'M3 8V3h5M17 8V3h-5M3 12v5h5M17 12v5h-5',
  zoomIn: 'M10 4v12M4 10h12',
  zoomOut: 'M4 10h12',
  previous: 'M12.5 4l-6 6 6 6',
  next: 'M7.5 4l6 6-6 6',
  link: 'M8 12a3 3 0 0 1 0-4l2-2a3 3 0 0 1 4.5 4M12 8a3 3 0 0 1 0 4l-2 2a3 3 0 0 1-4.5-4',
  slab: 'M2 7l8-4 8 4-8 4zM2 10l8 4 8-4M2 13l8 4 8-4',
  help: 'M7 7.5a3 3 0 1 1 4 3c-1 .5-1 1-1 2M10 16h.01',
};

export function Icon({ of }: { of: Command }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width="20"
      height="20"
      aria-hidden="true"
      focusable="false"
      className="viewer-icon"
    >
      <path d={LINES[of]} />
    </svg>
  );
}
