/** What commands do to a volume's planes. */

import type { Histogram } from '../grey/histogram';
import { volumeWindow } from '../grey/windows';
import type { Command } from '../keys';
import type { Plane, VolumeStage } from '../stage/volume';

const ZOOM = 1.25;

export type Doings = Partial<Record<Command, (plane: Plane) => void>>;

/** The window by itself has to wait until all values are known. */
export function commandsOf(stage: VolumeStage, histogram: Histogram | null): Doings {
  const auto = histogram ? volumeWindow('auto', histogram) : stage.shownWindow;
  return {
    auto: () => stage.window(auto),
    invert: () => stage.invert(),
    reset: () => stage.reset(auto),
    zoomIn: (plane) => stage.zoomBy(plane, ZOOM),
    zoomOut: (plane) => stage.zoomBy(plane, 1 / ZOOM),
    previous: (plane) => stage.scroll(plane, -1),
    next: (plane) => stage.scroll(plane, 1),
    remove: () => {
      const last = stage.measurements().at(-1);
      if (last) stage.remove(last.uid);
    },
  };
}
