/** What a command does to a flat view. */

import type { Command } from '../keys';
import type { FlatStage } from '../stage/flat';
import { isHand } from '../stage/toolset';

const ZOOM = 1.25;

type Doing = (stage: FlatStage, view: number) => void;

const DOINGS: Partial<Record<Command, Doing>> = {
  auto: (stage, view) => stage.window(view, 'auto'),
  invert: (stage, view) => stage.invert(view),
  rotate: (stage, view) => stage.rotate(view),
  flipHorizontal: (stage, view) => stage.flip(view, 'horizontal'),
  flipVertical: (stage, view) => stage.flip(view, 'vertical'),
  reset: (stage, view) => stage.reset(view),
  zoomIn: (stage, view) => stage.zoomBy(view, ZOOM),
  zoomOut: (stage, view) => stage.zoomBy(view, 1 / ZOOM),
  link: (stage) => stage.link(!stage.linked),
  remove: (stage) => {
    const last = stage.measurements().at(-1);
    if (last) stage.remove(last.uid);
  },
};

/** Does it, or takes the tool in hand. */
export function doNow(stage: FlatStage, view: number, command: Command): void {
  if (isHand(command)) stage.take(command);
  else DOINGS[command]?.(stage, view);
}
