/** A volume in three dimensions. */

import {
  Enums,
  getRenderingCapabilities,
  type RenderingEngine,
  type VolumeViewport3D,
} from '@cornerstonejs/core';
import type { Histogram } from '../grey/histogram';
import { type RenderingName, rendering } from '../grey/opacity';

// A processor that stands in for a graphics card takes every third sample.
const COARSER = 3;

/** The part of vtk's volume property that is used here. */
interface Property {
  getRGBTransferFunction(index: number): {
    removeAllPoints(): void;
    addRGBPoint(value: number, red: number, green: number, blue: number): number;
  };
  getScalarOpacity(index: number): {
    removeAllPoints(): void;
    addPoint(value: number, opacity: number): number;
  };
  setScalarOpacityUnitDistance(index: number, mm: number): void;
  setShade(shade: boolean): void;
  setAmbient(share: number): void;
  setDiffuse(share: number): void;
  setSpecular(share: number): void;
  setInterpolationTypeToLinear(): void;
}

/** Makes the view; it shows nothing until `fill`. */
export function openSolid(
  engine: RenderingEngine,
  viewportId: string,
  element: HTMLDivElement,
): VolumeViewport3D {
  engine.enableElement({
    viewportId,
    element,
    type: Enums.ViewportType.VOLUME_3D,
    defaultOptions: { orientation: Enums.OrientationAxis.CORONAL, background: [0, 0, 0] },
  });
  return engine.getViewport(viewportId) as VolumeViewport3D;
}

/** Shows the volume from the front. */
export async function fill(view: VolumeViewport3D, volumeId: string): Promise<void> {
  await view.setVolumes([{ volumeId }], false);
  if (getRenderingCapabilities().softwareRasterizer) view.setSampleDistanceMultiplier(COARSER);
  view.resetCamera();
}

/** Colours and opacities of that name, after the tissues of this volume. */
export function render(view: VolumeViewport3D, name: RenderingName, histogram: Histogram): void {
  const actor = view.getDefaultActor()?.actor;
  if (!actor) return;
  const property = actor.getProperty() as unknown as Property;
  const { colour, opacity } = rendering(name, histogram);
  const colours = property.getRGBTransferFunction(0);
  colours.removeAllPoints();
  for (const [value, red, green, blue] of colour) colours.addRGBPoint(value, red, green, blue);
  const opacities = property.getScalarOpacity(0);
  opacities.removeAllPoints();
  for (const [value, dense] of opacity) opacities.addPoint(value, dense);
  light(property);
  view.render();
}

function light(property: Property): void {
  property.setScalarOpacityUnitDistance(0, 1);
  property.setInterpolationTypeToLinear();
  property.setShade(true);
  property.setAmbient(0.25);
  property.setDiffuse(0.8);
  property.setSpecular(0.2);
}
