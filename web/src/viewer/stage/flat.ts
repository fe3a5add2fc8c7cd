/** Flat pictures beside each other: radiographs, and what is computed from a volume. */

import { Enums, RenderingEngine, type StackViewport, type Types } from '@cornerstonejs/core';
import { Enums as ToolEnums } from '@cornerstonejs/tools';
import type { Scale } from '../geometry/scale';
import { autoWindow, type GreyWindow, wholeWindow } from '../grey/windows';
import { Unshown } from '../pixels/failure';
import { listen } from './listen';
import { type Measurement, measurementsOf, redraw, removeMeasurement } from './measuring';
import { firstWindow, forget, type Picture } from './picture';
import { type Hand, type Speech, Toolset } from './toolset';

export type FlatWindow = 'file' | 'auto' | 'whole';

/** What a view shows, for the page around it. */
export interface FlatState {
  readonly zoom: number;
  readonly window: GreyWindow;
  /** Whether the image is seen with the sides exchanged, by which turns and flips it may be. */
  readonly mirrored: boolean;
  readonly inverted: boolean;
}

interface Pane {
  readonly viewport: StackViewport;
  picture: Picture | null;
  scale: Scale;
}

const UNKNOWN: Scale = { basis: 'none', mm: null, shape: [1, 1], even: true };

export class FlatStage {
  private readonly engine: RenderingEngine;
  private readonly panes: Pane[];
  private readonly tools: Toolset;
  private readonly stop: () => void;
  private following = false;
  private together = true;

  /** Start must have been awaited. `changed` is called after whatever a person did. */
  constructor(
    readonly id: string,
    elements: readonly HTMLDivElement[],
    hands: readonly Hand[],
    speech: Speech,
    private readonly changed: () => void,
  ) {
    this.engine = new RenderingEngine(id);
    this.panes = elements.map((element, index) => ({
      viewport: this.open(element, index),
      picture: null,
      scale: UNKNOWN,
    }));
    this.tools = new Toolset({
      id,
      hands,
      wheel: 'zoom',
      engine: id,
      viewports: this.panes.map(({ viewport }) => viewport.id),
      groundOf: (target) => this.scaleOf(target),
      speech,
    });
    this.stop = this.listen(elements);
  }

  /** Show a picture; the one before is forgotten. */
  async show(index: number, picture: Picture, scale: Scale): Promise<void> {
    const pane = this.pane(index);
    const before = pane.picture;
    pane.picture = picture;
    pane.scale = scale;
    await pane.viewport.setStack([picture.id]);
    // A picture that Cornerstone could not take leaves a black view without an error.
    if (!pane.viewport.getDefaultActor()) throw new Unshown('graphics');
    this.reset(index);
    if (before && before.id !== picture.id) forget(before.id);
  }

  /** A scale has become known or has been taken back. */
  rescale(index: number, scale: Scale): void {
    this.pane(index).scale = { ...scale, shape: this.pane(index).scale.shape };
    redraw(this.panes.map(({ viewport }) => viewport.id));
    this.changed();
  }

  take(hand: Hand): void {
    this.tools.take(hand);
    this.changed();
  }

  get hand(): Hand | null {
    return this.tools.held;
  }

  get linked(): boolean {
    return this.together;
  }

  link(together: boolean): void {
    this.together = together;
    const [first] = this.panes;
    if (together && first) this.lead(first.viewport);
    this.changed();
  }

  state(index: number): FlatState {
    const { viewport, picture } = this.pane(index);
    const { voiRange, invert } = viewport.getProperties();
    const window = { low: voiRange?.lower ?? 0, high: voiRange?.upper ?? 0 };
    const { flipHorizontal = false, flipVertical = false } = viewport.getCamera();
    return {
      zoom: viewport.getZoom(),
      window,
      mirrored: flipHorizontal !== flipVertical,
      inverted: (invert ?? false) !== (picture?.invert ?? false),
    };
  }

  window(index: number, name: FlatWindow): void {
    const { picture } = this.pane(index);
    if (!picture) return;
    const stated = picture.stated ?? autoWindow(picture.histogram);
    const chosen = {
      file: stated,
      auto: autoWindow(picture.histogram),
      whole: wholeWindow(picture.histogram),
    };
    this.set(index, picture.colour ? { low: 0, high: 255 } : chosen[name]);
  }

  invert(index: number): void {
    const { viewport } = this.pane(index);
    viewport.setProperties({ invert: !viewport.getProperties().invert });
    this.drawn(viewport);
  }

  /** A quarter turn clockwise. */
  rotate(index: number): void {
    const { viewport } = this.pane(index);
    const { rotation = 0 } = viewport.getViewPresentation();
    viewport.setViewPresentation({ rotation: (rotation + 90) % 360 });
    this.drawn(viewport);
  }

  flip(index: number, way: 'horizontal' | 'vertical'): void {
    const { viewport } = this.pane(index);
    const { flipHorizontal = false, flipVertical = false } = viewport.getCamera();
    viewport.setCamera(
      way === 'horizontal' ? { flipHorizontal: !flipHorizontal } : { flipVertical: !flipVertical },
    );
    this.drawn(viewport);
  }

  zoomBy(index: number, factor: number): void {
    const { viewport } = this.pane(index);
    viewport.setZoom(viewport.getZoom() * factor);
    this.drawn(viewport);
  }

  /** As it was first seen: window, turn, zoom. Measurements stay. */
  reset(index: number): void {
    const { viewport, picture } = this.pane(index);
    if (!picture) return;
    viewport.setCamera({ flipHorizontal: false, flipVertical: false });
    viewport.setViewPresentation({ rotation: 0 });
    viewport.resetCamera();
    viewport.setProperties({ invert: picture.invert });
    this.set(index, firstWindow(picture));
  }

  measurements(): Measurement[] {
    const grounds = this.panes.flatMap(({ picture, scale }) =>
      picture ? [[picture.id, scale] as const] : [],
    );
    return measurementsOf(new Map(grounds));
  }

  /** Which pane a measurement was drawn on. */
  paneOf(measurement: Measurement): number {
    return this.panes.findIndex(({ picture }) => picture?.id === measurement.view);
  }

  remove(uid: string): void {
    removeMeasurement(uid);
    redraw(this.panes.map(({ viewport }) => viewport.id));
    this.changed();
  }

  resize(): void {
    this.engine.resize(true, true);
  }

  destroy(): void {
    this.stop();
    for (const { uid } of this.measurements()) removeMeasurement(uid);
    this.tools.destroy();
    this.engine.destroy();
    for (const { picture } of this.panes) if (picture) forget(picture.id);
  }

  private open(element: HTMLDivElement, index: number): StackViewport {
    const viewportId = `${this.id}-${index}`;
    this.engine.enableElement({ viewportId, element, type: Enums.ViewportType.STACK });
    return this.engine.getViewport(viewportId) as StackViewport;
  }

  private pane(index: number): Pane {
    const pane = this.panes[index];
    if (!pane) throw new RangeError(`no view ${index}`);
    return pane;
  }

  private scaleOf(target: string): Scale {
    const found = this.panes.find(({ picture }) => picture && target.endsWith(picture.id));
    return found?.scale ?? UNKNOWN;
  }

  private set(index: number, window: GreyWindow): void {
    const { viewport } = this.pane(index);
    viewport.setProperties({ voiRange: { lower: window.low, upper: window.high } });
    this.drawn(viewport);
  }

  private drawn(viewport: StackViewport): void {
    viewport.render();
    this.changed();
  }

  private listen(elements: readonly HTMLDivElement[]): () => void {
    const stops = elements.flatMap((element, index) => [
      listen(element, Enums.Events.CAMERA_MODIFIED, () => this.moved(index)),
      listen(element, Enums.Events.VOI_MODIFIED, this.changed),
    ]);
    const { ANNOTATION_COMPLETED, ANNOTATION_MODIFIED, ANNOTATION_REMOVED } = ToolEnums.Events;
    for (const event of [ANNOTATION_COMPLETED, ANNOTATION_MODIFIED, ANNOTATION_REMOVED]) {
      stops.push(listen(null, event, this.changed));
    }
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Linked views show the same part at the same zoom, each relative to its own picture. */
  private moved(index: number): void {
    if (this.following) return;
    if (this.together && this.panes.length > 1) this.lead(this.pane(index).viewport);
    this.changed();
  }

  private lead(leader: StackViewport): void {
    this.following = true;
    const { zoom, pan } = leader.getViewPresentation();
    for (const { viewport, picture } of this.panes) {
      if (viewport === leader || !picture) continue;
      viewport.setViewPresentation({ zoom, pan } as Types.ViewPresentation);
      viewport.render();
    }
    this.following = false;
  }
}
