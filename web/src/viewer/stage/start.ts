/** Cornerstone, started once and only when an image is opened. */

import { Enums as CoreEnums, getConfiguration, init as initCore } from '@cornerstonejs/core';
import { init as initLoader } from '@cornerstonejs/dicom-image-loader';
import * as tools from '@cornerstonejs/tools';
import { RulerTool } from './measuring';

const TOOLS = [
  tools.WindowLevelTool,
  tools.PanTool,
  tools.ZoomTool,
  tools.LengthTool,
  tools.AngleTool,
  tools.CobbAngleTool,
  tools.StackScrollTool,
  tools.CrosshairsTool,
  tools.TrackballRotateTool,
  RulerTool,
];

// Bright on any X-ray, and told apart by more than colour: what is under the pointer is thicker.
const STYLE = {
  color: '#ffd75e',
  colorHighlighted: '#63c5cf',
  colorSelected: '#63c5cf',
  lineWidth: '1.5',
  lineWidthHighlighted: '2.5',
  textBoxFontFamily: 'system-ui, sans-serif',
  textBoxFontSize: '13px',
  textBoxColor: '#ffd75e',
  textBoxColorHighlighted: '#63c5cf',
  textBoxColorSelected: '#63c5cf',
  textBoxBackground: 'rgba(0, 0, 0, 0.6)',
  shadow: true,
};

let started: Promise<void> | null = null;

/** Idempotent; a start that failed may be tried again. */
export function start(): Promise<void> {
  started ??= begin().catch((error: unknown) => {
    started = null;
    throw error;
  });
  return started;
}

async function begin(): Promise<void> {
  // One drawing surface for all views: a volume then lies in the graphics memory once, not once a view.
  await initCore({
    ...getConfiguration(),
    rendering: { renderingEngineMode: CoreEnums.RenderingEngineModeEnum.Tiled },
  });
  initLoader({ maxWebWorkers: Math.max(1, Math.min(6, (navigator.hardwareConcurrency || 2) - 1)) });
  await tools.init();
  for (const tool of TOOLS) tools.addTool(tool);
  const { style } = tools.annotation.config;
  const usual = style.getDefaultToolStyles();
  style.setDefaultToolStyles({ ...usual, global: { ...usual.global, ...STYLE } });
}
