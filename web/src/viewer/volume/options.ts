/** What a person has chosen about a volume. */

import type { RenderingName } from '../grey/opacity';
import type { WindowName } from '../grey/windows';
import type { Blend } from '../stage/volume';

export type Fourth = 'solid' | 'panoramic' | 'ceph';

export const FOURTHS: readonly Fourth[] = ['solid', 'panoramic', 'ceph'];
export const RENDERINGS: readonly RenderingName[] = ['bone', 'soft', 'teeth'];
export const WINDOWS = ['auto', 'soft', 'bone', 'teeth', 'whole'] as const satisfies readonly WindowName[];
export const BLENDS: readonly Blend[] = ['thin', 'max', 'mean'];
export const THICKNESSES = ['1', '2', '5', '10', '20'] as const;

export const RAYS = ['source', 'parallel'] as const;

export interface Options {
  readonly fourth: Fourth;
  readonly rendering: RenderingName;
  readonly blend: Blend;
  readonly thickness: (typeof THICKNESSES)[number];
  /** Mm across the panoramic curve, and what is taken of them. */
  readonly across: (typeof THICKNESSES)[number];
  readonly acrossBlend: 'mean' | 'max';
  readonly rays: (typeof RAYS)[number];
}

export const FIRST: Options = {
  fourth: 'solid',
  rendering: 'bone',
  blend: 'thin',
  thickness: '5',
  across: '10',
  acrossBlend: 'mean',
  rays: 'source',
};

/** The blend after this one, for a key that goes round. */
export function nextBlend(blend: Blend): Blend {
  return BLENDS[(BLENDS.indexOf(blend) + 1) % BLENDS.length] ?? 'thin';
}
