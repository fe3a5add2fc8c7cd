import { describe, expect, it, vi } from 'vitest';
import { Unshown } from '../pixels/failure';
import type { FramesAnswer, Manifest } from '../source';
import { fill, makeRoom, type Progress } from './load';

const sent = vi.hoisted(() => ({ frames: [] as unknown[] }));
vi.mock('../source', async (original) => ({
  ...(await original<typeof import('../source')>()),
  framesOf: async function* () {
    yield* sent.frames;
  },
}));

/** Three places of 2 by 2 pixels, of which the middle one is missing. */
const manifest = {
  sentence: 'incomplete: 1 of 3 missing',
  missing: 1,
  affine: [
    [0.5, 0, 0, 0],
    [0, 0.5, 0, 0],
    [0, 0, 2, 10],
    [0, 0, 0, 1],
  ],
  slices: [
    { sopInstanceUid: '1.1', frame: 1, place: 0, url: '' },
    { sopInstanceUid: '1.2', frame: 1, place: 2, url: '' },
  ],
  pixels: {
    rows: 2,
    columns: 2,
    bitsAllocated: 16,
    bitsStored: 12,
    signed: true,
    samples: 1,
    photometric: 'MONOCHROME2',
  },
} as unknown as Manifest;

const frame = (instance: string, samples: number[] | null, reason = '') => ({
  instance,
  number: 1,
  samples: samples && Promise.resolve(Int16Array.from(samples)),
  reason,
});

async function filled(
  ...frames: unknown[]
): Promise<{ values: number[]; progress: Progress; slices: number[] }> {
  sent.frames = frames;
  const room = makeRoom(manifest);
  const slices: number[] = [];
  const progress = await fill({} as FramesAnswer, room, (more) => slices.push(...more));
  return { values: [...room.voxels.data], progress, slices };
}

describe('a volume', () => {
  it('has room for what is missing, and 16 bits stay 16 bits', () => {
    const { voxels } = makeRoom(manifest);
    expect(voxels.data).toBeInstanceOf(Int16Array);
    expect(voxels.data).toHaveLength(12);
    expect(voxels.grid).toMatchObject({ dimensions: [2, 2, 3], spacing: [0.5, 0.5, 2], origin: [0, 0, 10] });
  });

  it('puts slices into their places whatever order they come in', async () => {
    const { values, progress, slices } = await filled(
      frame('1.2', [5, 6, 7, 8]),
      frame('1.1', [1, 2, 3, -4]),
    );
    expect(values).toEqual([1, 2, 3, -4, 0, 0, 0, 0, 5, 6, 7, 8]);
    expect(slices.sort()).toEqual([0, 2]);
    expect(progress).toMatchObject({ done: 2, whole: 2, unshown: 0 });
  });

  it('leaves out what does not belong to it', async () => {
    const { progress } = await filled(frame('9.9', [9, 9, 9, 9]), frame('1.1', [1, 2, 3, 4]));
    expect(progress.done).toBe(1);
  });

  it('counts slices without pixels, with the first reason', async () => {
    const { progress } = await filled(frame('1.1', [1, 2, 3, 4]), frame('1.2', null, 'cut off'));
    expect(progress).toMatchObject({ done: 1, unshown: 1, why: 'cut off' });
  });

  it('of which nothing can be shown is a failure', async () => {
    await expect(filled(frame('1.1', null, 'cut off'), frame('1.2', null, 'x'))).rejects.toThrow('cut off');
  });

  it.each([
    ['has no pixels', { pixels: null }],
    ['has no places', { affine: null }],
    ['is in colour', { pixels: { ...manifest.pixels, samples: 3, photometric: 'RGB' } }],
  ])('that %s is a failure', (_, more) =>
    expect(() => makeRoom({ ...manifest, ...more } as Manifest)).toThrow(Unshown),
  );
});
