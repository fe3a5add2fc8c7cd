/** Which tool a mouse button, a finger or the wheel works with. */

import {
  CrosshairsTool,
  Enums,
  PanTool,
  StackScrollTool,
  ToolGroupManager,
  TrackballRotateTool,
  type Types,
  WindowLevelTool,
  ZoomTool,
} from '@cornerstonejs/tools';
import { type Ground, type Kind, type Measured, measured } from '../geometry/measured';
import type { Command } from '../keys';
import { TOOL_OF } from './measuring';

/** What a person can put in hand. */
export type Chosen = Extract<
  Command,
  'window' | 'pan' | 'zoom' | 'length' | 'angle' | 'cobb' | 'calibrate' | 'crosshair'
>;

/** What the first button does. */
export type Hand = Chosen | 'rotate3d';

const TOOL: Readonly<Record<Hand, string>> = {
  window: WindowLevelTool.toolName,
  pan: PanTool.toolName,
  zoom: ZoomTool.toolName,
  length: TOOL_OF.length,
  angle: TOOL_OF.angle,
  cobb: TOOL_OF.cobb,
  calibrate: TOOL_OF.ruler,
  crosshair: CrosshairsTool.toolName,
  rotate3d: TrackballRotateTool.toolName,
};
/** Whether a command puts a tool in hand. */
export function isHand(command: Command): command is Chosen {
  return command in TOOL;
}

const ANNOTATING = new Set<Hand>(['length', 'angle', 'cobb', 'calibrate']);
const { MouseBindings } = Enums;
const FIRST = { mouseButton: MouseBindings.Primary };
const MIDDLE = { mouseButton: MouseBindings.Auxiliary };
const SECOND = { mouseButton: MouseBindings.Secondary };
const WHEEL = { mouseButton: MouseBindings.Wheel };
const TWO_FINGERS = { numTouchPoints: 2 };

export interface Speech {
  /** Lines beside a drawing. */
  readonly told: (found: Measured) => string[];
}

export interface ToolsetWish {
  readonly id: string;
  readonly hands: readonly Hand[];
  readonly wheel: 'zoom' | 'scroll';
  readonly engine: string;
  readonly viewports: readonly string[];
  /** What a picture or volume is measured on, by Cornerstone's name of it. */
  readonly groundOf: (target: string) => Ground;
  readonly speech: Speech;
  readonly crosshair?: Types.ToolConfiguration;
}

/** The tools of a few views that work together. */
export class Toolset {
  private readonly group: Types.IToolGroup;
  private hand: Hand | null = null;

  constructor(private readonly wish: ToolsetWish) {
    ToolGroupManager.destroyToolGroup(wish.id);
    const group = ToolGroupManager.createToolGroup(wish.id);
    if (!group) throw new Error('no tools');
    this.group = group;
    for (const name of new Set([
      ...wish.hands.map((hand) => TOOL[hand]),
      PanTool.toolName,
      ZoomTool.toolName,
    ])) {
      group.addTool(name, this.configuration(name));
    }
    if (wish.wheel === 'scroll') group.addTool(StackScrollTool.toolName);
    for (const viewport of wish.viewports) group.addViewport(viewport, wish.engine);
    this.bindOthers();
  }

  /** Give the first button and one finger another tool. */
  take(hand: Hand): void {
    if (!this.wish.hands.includes(hand)) return;
    this.release();
    this.hand = hand;
    this.group.setToolActive(TOOL[hand], { bindings: this.bindingsOf(hand) });
  }

  get held(): Hand | null {
    return this.hand;
  }

  destroy(): void {
    ToolGroupManager.destroyToolGroup(this.wish.id);
  }

  private release(): void {
    const { hand } = this;
    if (!hand) return;
    const tool = TOOL[hand];
    // Seen, but no longer in the way of what is drawn along its lines.
    if (hand === 'crosshair') this.group.setToolEnabled(tool);
    else if (ANNOTATING.has(hand)) this.group.setToolPassive(tool, { removeAllBindings: true });
    else this.group.setToolDisabled(tool);
    this.bindOthers();
  }

  /** The middle button pans, the second one zooms, the wheel scrolls or zooms, two fingers do both. */
  private bindOthers(): void {
    const scrolls = this.wish.wheel === 'scroll';
    this.group.setToolActive(PanTool.toolName, { bindings: [MIDDLE] });
    this.group.setToolActive(ZoomTool.toolName, {
      bindings: [SECOND, TWO_FINGERS, ...(scrolls ? [] : [WHEEL])],
    });
    if (scrolls) this.group.setToolActive(StackScrollTool.toolName, { bindings: [WHEEL] });
  }

  private bindingsOf(hand: Hand) {
    const wheel = this.wish.wheel === 'zoom' ? [WHEEL] : [];
    if (hand === 'pan') return [FIRST, MIDDLE];
    return hand === 'zoom' ? [FIRST, SECOND, TWO_FINGERS, ...wheel] : [FIRST];
  }

  private configuration(name: string): Types.ToolConfiguration {
    const kind = (Object.keys(TOOL_OF) as Kind[]).find((one) => TOOL_OF[one] === name);
    if (kind) return { getTextLines: (data: Drawn, target: string) => this.lines(kind, data, target) };
    return name === CrosshairsTool.toolName ? (this.wish.crosshair ?? {}) : {};
  }

  private lines(kind: Kind, data: Drawn, target: string): string[] | undefined {
    const told = measured(kind, data.handles.points, this.wish.groundOf(target));
    return told ? this.wish.speech.told(told) : undefined;
  }
}

interface Drawn {
  readonly handles: { readonly points: [number, number, number][] };
}
