/** A volume in three linked planes and in three dimensions. */

import {
  Enums,
  RenderingEngine,
  setVolumesForViewports,
  type Types,
  type VolumeViewport,
  type VolumeViewport3D,
} from '@cornerstonejs/core';
import { CrosshairsTool, Enums as ToolEnums, ToolGroupManager } from '@cornerstonejs/tools';
import { indexAt, toIndex } from '../geometry/grid';
import type { Ground } from '../geometry/measured';
import type { Point2, Point3 } from '../geometry/points';
import type { Histogram } from '../grey/histogram';
import type { RenderingName } from '../grey/opacity';
import type { GreyWindow } from '../grey/windows';
import type { Voxels } from '../reformat/voxels';
import { listen } from './listen';
import { type Measurement, measurementsOf, redraw, removeMeasurement } from './measuring';
import { forgetVolume, registerVolume } from './slices';
import { fill, openSolid, render } from './solid';
import { type Chosen, type Hand, type Speech, Toolset } from './toolset';

export const PLANES = ['axial', 'coronal', 'sagittal'] as const;
export type Plane = (typeof PLANES)[number];
export type Blend = 'thin' | 'max' | 'mean';

const ORIENTATION: Readonly<Record<Plane, Enums.OrientationAxis>> = {
  axial: Enums.OrientationAxis.AXIAL,
  coronal: Enums.OrientationAxis.CORONAL,
  sagittal: Enums.OrientationAxis.SAGITTAL,
};
/** The colour of each plane's line in the other two, and of its frame. */
export const COLOUR: Readonly<Record<Plane, string>> = {
  axial: '#f2c46d',
  coronal: '#85d69d',
  sagittal: '#63c5cf',
};
const THINNEST = 0.1; // mm: what Cornerstone needs for a plane
/** What can be put in hand over the planes. */
export const HANDS: readonly Chosen[] = ['crosshair', 'window', 'pan', 'zoom', 'length', 'angle', 'cobb'];

export interface VolumeElements extends Readonly<Record<Plane, HTMLDivElement>> {
  readonly solid: HTMLDivElement;
}

export class VolumeStage {
  private readonly engine: RenderingEngine;
  private readonly planes: ReadonlyMap<Plane, VolumeViewport>;
  private readonly solid: VolumeViewport3D;
  private readonly tools: Toolset;
  private readonly turning: Toolset;
  private readonly stops: (() => void)[];
  private readonly volume: Types.IImageVolume;
  readonly voxels: Voxels;

  /** Start must have been awaited; `samples` may still be empty and are filled in place. */
  constructor(
    readonly id: string,
    elements: VolumeElements,
    voxels: Voxels,
    speech: Speech,
    private readonly changed: () => void,
  ) {
    this.voxels = voxels;
    this.volume = registerVolume(`${id}-volume`, voxels);
    this.engine = new RenderingEngine(id);
    this.planes = new Map(PLANES.map((plane) => [plane, this.open(plane, elements[plane])]));
    this.solid = openSolid(this.engine, `${id}-solid`, elements.solid);
    this.tools = new Toolset({
      id,
      hands: HANDS,
      wheel: 'scroll',
      engine: id,
      viewports: PLANES.map((plane) => this.view(plane).id),
      groundOf: (): Ground => 'volume',
      speech,
      crosshair: { getReferenceLineColor: (viewport: string) => this.colourOf(viewport) },
    });
    this.turning = new Toolset({
      id: `${id}-turning`,
      hands: ['rotate3d'],
      wheel: 'zoom',
      engine: id,
      viewports: [this.solid.id],
      groundOf: (): Ground => 'volume',
      speech,
    });
    this.stops = this.listen(elements);
  }

  /** Put the volume into the planes; slices that come later are drawn as they come. */
  async mount(window: GreyWindow, invert: boolean): Promise<void> {
    const views = PLANES.map((plane) => this.view(plane).id);
    await setVolumesForViewports(this.engine, [{ volumeId: this.volume.volumeId }], views);
    for (const plane of PLANES) this.view(plane).setProperties({ invert });
    this.window(window);
    this.tools.take('crosshair');
  }

  /** These slices have been filled. */
  filled(slices: Iterable<number>): void {
    for (const slice of slices) this.volume.vtkOpenGLTexture?.setUpdatedFrame(slice);
    this.volume.imageData?.modified();
    this.renderPlanes();
  }

  /** Show it in three dimensions, once everything is there. */
  async showSolid(name: RenderingName, histogram: Histogram): Promise<void> {
    await fill(this.solid, this.volume.volumeId);
    this.turning.take('rotate3d');
    this.renderSolid(name, histogram);
  }

  renderSolid(name: RenderingName, histogram: Histogram): void {
    render(this.solid, name, histogram);
  }

  take(hand: Hand): void {
    this.tools.take(hand);
    this.changed();
  }

  get hand(): Hand | null {
    return this.tools.held;
  }

  window(window: GreyWindow): void {
    for (const plane of PLANES)
      this.view(plane).setProperties({ voiRange: { lower: window.low, upper: window.high } });
    this.renderPlanes();
    this.changed();
  }

  get shownWindow(): GreyWindow {
    const range = this.view('axial').getProperties()?.voiRange;
    return { low: range?.lower ?? 0, high: range?.upper ?? 0 };
  }

  invert(): void {
    const invert = !this.view('axial').getProperties()?.invert;
    for (const plane of PLANES) this.view(plane).setProperties({ invert });
    this.renderPlanes();
  }

  /** The planes so many mm thick: the largest value or the mean across. */
  slab(blend: Blend, thickness: number): void {
    const { COMPOSITE, MAXIMUM_INTENSITY_BLEND, AVERAGE_INTENSITY_BLEND } = Enums.BlendModes;
    const mode = { thin: COMPOSITE, max: MAXIMUM_INTENSITY_BLEND, mean: AVERAGE_INTENSITY_BLEND }[blend];
    for (const plane of PLANES) {
      this.view(plane).setBlendMode(mode);
      this.view(plane).setSlabThickness(blend === 'thin' ? THINNEST : Math.max(thickness, THINNEST));
    }
    this.renderPlanes();
    this.changed();
  }

  scroll(plane: Plane, slices: number): void {
    this.view(plane).scroll(slices);
  }

  zoomBy(plane: Plane, factor: number): void {
    const view = this.view(plane);
    view.setZoom(view.getZoom() * factor);
    view.render();
  }

  /** Planes upright through the middle, whole in view; drawings stay. */
  reset(window: GreyWindow): void {
    for (const plane of PLANES) {
      this.view(plane).setOrientation(ORIENTATION[plane]);
      this.view(plane).resetCamera();
    }
    this.crosshair?.resetCrosshairs();
    this.solid.resetCamera();
    this.solid.render();
    this.slab('thin', 0);
    this.window(window);
  }

  /** Where the planes meet, in mm (LPS). */
  get centre(): Point3 {
    const [x = 0, y = 0, z = 0] = this.crosshair?.toolCenter ?? [];
    return [x, y, z];
  }

  /** Let the planes meet there. */
  goTo(place: Point3): void {
    this.crosshair?.setToolCenter([...place]);
  }

  /** The stored value next to a place, null outside. */
  valueAt(place: Point3): number | null {
    const { data, grid } = this.voxels;
    const [i = -1, j = -1, k = -1] = indexAt(toIndex(grid), place).map(Math.round);
    const [columns, rows, slices] = grid.dimensions;
    if (i < 0 || j < 0 || k < 0 || i >= columns || j >= rows || k >= slices) return null;
    return data[i + j * columns + k * columns * rows] ?? null;
  }

  /** How a place is seen in a plane: pixels from the left and from the top of its view. */
  toScreen(plane: Plane, place: Point3): Point2 {
    const [x, y] = this.view(plane).worldToCanvas([...place]);
    return [x, y];
  }

  /** The place in a plane that is seen there. */
  toPlace(plane: Plane, screen: Point2): Point3 {
    const [x, y, z] = this.view(plane).canvasToWorld([...screen]);
    return [x, y, z];
  }

  measurements(): Measurement[] {
    return measurementsOf(new Map<string, Ground>([[this.volume.volumeId, 'volume']]));
  }

  remove(uid: string): void {
    removeMeasurement(uid);
    redraw(PLANES.map((plane) => this.view(plane).id));
    this.changed();
  }

  resize(): void {
    this.engine.resize(true, true);
  }

  destroy(): void {
    for (const stop of this.stops) stop();
    for (const { uid } of this.measurements()) removeMeasurement(uid);
    this.tools.destroy();
    this.turning.destroy();
    this.engine.destroy();
    forgetVolume(this.volume);
  }

  private get crosshair(): CrosshairsTool | undefined {
    return ToolGroupManager.getToolGroup(this.id)?.getToolInstance(CrosshairsTool.toolName);
  }

  private view(plane: Plane): VolumeViewport {
    const view = this.planes.get(plane);
    if (!view) throw new RangeError(`no plane ${plane}`);
    return view;
  }

  private colourOf(viewport: string): string {
    return COLOUR[PLANES.find((plane) => viewport === `${this.id}-${plane}`) ?? 'axial'];
  }

  private open(plane: Plane, element: HTMLDivElement): VolumeViewport {
    const viewportId = `${this.id}-${plane}`;
    this.engine.enableElement({
      viewportId,
      element,
      type: Enums.ViewportType.ORTHOGRAPHIC,
      defaultOptions: { orientation: ORIENTATION[plane], background: [0, 0, 0] },
    });
    return this.engine.getViewport(viewportId) as VolumeViewport;
  }

  private renderPlanes(): void {
    this.engine.renderViewports(PLANES.map((plane) => this.view(plane).id));
  }

  private listen(elements: VolumeElements): (() => void)[] {
    const { ANNOTATION_COMPLETED, ANNOTATION_MODIFIED, ANNOTATION_REMOVED, CROSSHAIR_TOOL_CENTER_CHANGED } =
      ToolEnums.Events;
    const everywhere = [
      ANNOTATION_COMPLETED,
      ANNOTATION_MODIFIED,
      ANNOTATION_REMOVED,
      CROSSHAIR_TOOL_CENTER_CHANGED,
    ];
    return [
      ...everywhere.map((event) => listen(null, event, this.changed)),
      ...PLANES.map((plane) => listen(elements[plane], Enums.Events.CAMERA_MODIFIED, this.changed)),
      ...PLANES.map((plane) => listen(elements[plane], Enums.Events.VOI_MODIFIED, this.changed)),
    ];
  }
}
